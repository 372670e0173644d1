"""What goes together in a list goes in its file alone: nobody is sent the same money twice."""

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives import pay_ways
from cooperatives.models.books import Account, Payout
from cooperatives.models.settling import PayoutBatch
from core.errors import DomainError


class WithItsList(DomainError):
    """It stands in the bank's file of its list; sent alone as well, she would be paid twice."""

    status = 409
    sentence = _("Pencairan ini dikirim bersama daftarnya.")


def refuse_alone(db: Session, payout: Payout, account: Account) -> None:
    """A transfer of a list waits until the bank has taken the list's file."""
    batch = db.get(PayoutBatch, payout.batch_id) if payout.batch_id else None
    way = pay_ways.in_force(db, account.payee_id)
    if batch is not None and batch.sent_at is None and way is not None and way.is_in_a_bank:
        raise WithItsList
