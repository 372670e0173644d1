"""Tables of the cooperatives' floor, by noun: members and terms, stock, books."""

from cooperatives.models.activity import ActivityReport
from cooperatives.models.bazaars import (
    Bazaar,
    BazaarCost,
    BazaarGroup,
    BazaarLine,
    BazaarLoad,
    BazaarLoadLine,
    BazaarNote,
    BazaarSeat,
    BazaarShare,
)
from cooperatives.models.beginnings import Beginning
from cooperatives.models.big_orders import BigOrder, BigShare
from cooperatives.models.books import (
    Account,
    Cut,
    Entry,
    Journal,
    Payee,
    Payout,
    Settlement,
    SettlementEntry,
)
from cooperatives.models.carrying import BookMark, Carried, CarriedPage
from cooperatives.models.counting import StockCount, StockCountLine, StockCountNumber
from cooperatives.models.days import Bag, DrawerCount, TradingDay
from cooperatives.models.drafts import ProductDraft
from cooperatives.models.half_hour import HalfHourNote
from cooperatives.models.her_money import CashNote, JarNote, JarPlan
from cooperatives.models.members import Cooperative, Membership, Terms, TermsRate
from cooperatives.models.openings import BroughtTable
from cooperatives.models.packages import JointPackage, JointPart
from cooperatives.models.pay_ways import CashTaker, PayWay
from cooperatives.models.receiving import (
    BringOffer,
    BringOfferLine,
    ConsignNote,
    ConsignNoteLine,
    ConsignPhoto,
)
from cooperatives.models.settling import PayoutBatch, SettlementRound
from cooperatives.models.shipments import Shipment
from cooperatives.models.stock import (
    CounterLease,
    Hold,
    Level,
    Lot,
    Movement,
    Place,
    Shortfall,
)
from cooperatives.models.surplus import MonthLock, Surplus, SurplusPolicy, SurplusShare
from cooperatives.models.tax import TaxLetter
from cooperatives.models.translating import Translation
from cooperatives.models.vouchers import Advance, SavingsPlan, Unit, UnitMember, Voucher

__all__ = [
    "Account",
    "ActivityReport",
    "Advance",
    "Bag",
    "Bazaar",
    "BazaarCost",
    "BazaarGroup",
    "BazaarLine",
    "BazaarLoad",
    "BazaarLoadLine",
    "BazaarNote",
    "BazaarSeat",
    "BazaarShare",
    "Beginning",
    "BigOrder",
    "BigShare",
    "BookMark",
    "BringOffer",
    "BringOfferLine",
    "BroughtTable",
    "Carried",
    "CarriedPage",
    "CashNote",
    "CashTaker",
    "ConsignNote",
    "ConsignNoteLine",
    "ConsignPhoto",
    "Cooperative",
    "CounterLease",
    "Cut",
    "DrawerCount",
    "Entry",
    "HalfHourNote",
    "Hold",
    "JarNote",
    "JarPlan",
    "JointPackage",
    "JointPart",
    "Journal",
    "Level",
    "Lot",
    "Membership",
    "MonthLock",
    "Movement",
    "PayWay",
    "Payee",
    "Payout",
    "PayoutBatch",
    "Place",
    "ProductDraft",
    "SavingsPlan",
    "Settlement",
    "SettlementEntry",
    "SettlementRound",
    "Shipment",
    "Shortfall",
    "StockCount",
    "StockCountLine",
    "StockCountNumber",
    "Surplus",
    "SurplusPolicy",
    "SurplusShare",
    "TaxLetter",
    "Terms",
    "TermsRate",
    "TradingDay",
    "Translation",
    "Unit",
    "UnitMember",
    "Voucher",
]
