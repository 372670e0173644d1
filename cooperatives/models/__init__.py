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
from cooperatives.models.her_money import CashNote, JarNote, JarPlan
from cooperatives.models.members import Cooperative, Membership, Terms, TermsRate
from cooperatives.models.pay_ways import PayWay
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
    "Beginning",
    "CashNote",
    "Cooperative",
    "CounterLease",
    "Cut",
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
    "Shortfall",
    "Terms",
    "TermsRate",
    "Translation",
]
