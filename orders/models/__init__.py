"""Tables of the orders' floor: the sale, its payment, its claims, and what delivery costs."""

from orders.models.bank import BankFile, BankLine
from orders.models.claims import Claim, ClaimLine, RefundAccount
from orders.models.delivery import DeliveryRate, DeliveryService, DeliveryZone
from orders.models.exchange import ExchangeRate
from orders.models.payment import Attempt, GatewayNotice, Refund
from orders.models.report import GatewayReport, ReportLine
from orders.models.sale import Contact, Event, Line, Order, Parcel
from orders.models.talk import ParcelMessage
from orders.models.till import CounterLine, CounterSale, PlaceQris, Till

__all__ = [
    "Attempt",
    "BankFile",
    "BankLine",
    "Claim",
    "ClaimLine",
    "Contact",
    "CounterLine",
    "CounterSale",
    "DeliveryRate",
    "DeliveryService",
    "DeliveryZone",
    "Event",
    "ExchangeRate",
    "GatewayNotice",
    "GatewayReport",
    "Line",
    "Order",
    "Parcel",
    "ParcelMessage",
    "PlaceQris",
    "Refund",
    "RefundAccount",
    "ReportLine",
    "Till",
]
