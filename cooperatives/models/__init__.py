"""Tables of the cooperatives' floor, by noun: members and terms, stock, books."""

from cooperatives.models.beginnings import Beginning
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
from cooperatives.models.days import Bag, DrawerCount, TradingDay
from cooperatives.models.her_money import CashNote, JarNote, JarPlan
from cooperatives.models.members import Cooperative, Membership, Terms, TermsRate
from cooperatives.models.pay_ways import PayWay
from cooperatives.models.receiving import (
    BringOffer,
    BringOfferLine,
    ConsignNote,
    ConsignNoteLine,
    ConsignPhoto,
)
from cooperatives.models.settling import SettlementRound
from cooperatives.models.stock import (
    CounterLease,
    Hold,
    Level,
    Lot,
    Movement,
    Place,
    Shortfall,
)
from cooperatives.models.translating import Translation

__all__ = [
    "Account",
    "Bag",
    "Beginning",
    "BringOffer",
    "BringOfferLine",
    "CashNote",
    "ConsignNote",
    "ConsignNoteLine",
    "ConsignPhoto",
    "Cooperative",
    "CounterLease",
    "Cut",
    "DrawerCount",
    "Entry",
    "Hold",
    "JarNote",
    "JarPlan",
    "Journal",
    "Level",
    "Lot",
    "Membership",
    "Movement",
    "PayWay",
    "Payee",
    "Payout",
    "Place",
    "Settlement",
    "SettlementEntry",
    "SettlementRound",
    "Shortfall",
    "Terms",
    "TermsRate",
    "TradingDay",
    "Translation",
]
