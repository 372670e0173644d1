"""Handing withheld PPh 22 over to the state: a voucher with proof, agreed to by a second person."""

from datetime import date
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives import ledger
from cooperatives.accounts import own
from cooperatives.membership import vouchers
from cooperatives.membership.vouchers import DOC, Wish
from cooperatives.models import Voucher
from cooperatives.models.books import Kind
from cooperatives.models.vouchers import VoucherKind
from cooperatives.rights import TREASURE
from core import access, files, orgs
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError
from core.files import Stored


class ProofNeeded(DomainError):
    """Whoever agrees wants to see that the state has the money."""

    sentence = _("Sertakan foto atau PDF bukti setornya.")


@in_transaction(retries=3)
def hand_over(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,
    amount: int,
    money: str,
    happened_on: date,
    words: str,
    proof: Stored | None,
) -> Voucher:
    """Note that tax was paid to the state; it is booked once a second person agrees.

    Needs the operator's treasurer. Raises ProofNeeded, TooMuch and as a voucher does.
    """
    house = orgs.operator_id(db)
    access.require(db, actor, TREASURE, house)
    if proof is None:
        raise ProofNeeded
    is_new = db.get(Voucher, act_id) is None
    wish = Wish(
        id=act_id,
        organisation_id=house,
        kind=VoucherKind.TAX_PAID,
        amount=amount,
        money=money,
        happened_on=happened_on,
        words=words,
    )
    voucher = vouchers.put(db, actor=actor, wish=wish)
    if is_new:
        files.attach.within(db, actor=actor, stored=proof, doc=(DOC, voucher.id))
    return voucher


def to_hand_over(db: Reader) -> int:
    """What was withheld and the state has not got yet."""
    return -ledger.balance(db, own(Kind.TAX, orgs.operator_id(db)))
