"""Cash in her hands: counted out before her eyes, signed for, and booked in one step.

There is no other way to pay in cash. The photo of her signature or thumb print goes with the
payout, so nobody can say "paid" of money that she never saw. What lies in the drawer of a place is
counted out by who keeps the place (`cooperatives.days.paying`).
"""

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import cash_takers, pay_ways, payouts, places
from cooperatives.days import drawers
from cooperatives.models.books import Account, Kind, Payout, Settlement
from cooperatives.models.stock import Place
from cooperatives.payout_states import Event, PayoutState
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, files, notify, pause, words
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.files import Attachment, Stored
from core.people import get_person


class NotInCash(DomainError):
    """She has asked to be paid into a bank or wallet."""

    status = 409
    sentence = _("Penerima minta uangnya dikirim ke rekening. Tanyakan kepada bendahara.")


class AtTheCounter(DomainError):
    """It lies in the drawer of a place, which its keeper counts."""

    status = 409
    sentence = _("Uang ini ada di laci kios. Penjaga kios yang membayarnya.")


def receipt_no(payout_id: int) -> str:
    """The number on the paper that she signs."""
    return f"KW-{payout_id}"


@in_transaction(retries=3)
def hand_over(
    db: Session, *, actor: Actor, payout_id: int, signed: Stored, taken_by: int | None = None
) -> bool:
    """A treasurer counts it out of the cooperative's own cash; answers False if done before.

    Raises AtTheCounter, NotInCash, NotAllowed, HeldBack, NotNow, and NotFound for a transfer.
    """
    payout, account = payouts.found(db, payout_id)
    access.require(db, actor, TREASURE, account.organisation_id)
    if db.get_one(Account, payout.source_id).kind != Kind.CASH:
        raise NotFound
    if place_of(db, payout.source_id) is not None:
        raise AtTheCounter
    return count_out(db, actor, payout, signed, taken_by)


def count_out(
    db: Session, actor: Actor, payout: Payout, signed: Stored, taken_by: int | None
) -> bool:
    """Sent and received in one step, with what she or her taker signed; False if paid before.

    The caller has asked whether the actor may. Raises NotInCash, NotAllowed, HeldBack, NotNow.
    """
    if payout.state == PayoutState.PAID:
        return False
    pause.refuse(db)
    account = _refuse_bank(db, payout)
    payouts.fix_way(db, payout, account)
    if taken_by is not None:
        _tell_her(db, payout, cash_takers.require(db, account.payee_id, taken_by), taken_by)
    payouts.step(db, actor, payout, Event.SEND)
    payout.reference_no = receipt_no(payout.id)
    payouts.step(db, actor, payout, Event.CONFIRM)
    payouts.book(db, actor, payout, account)
    files.attach.within(db, actor=actor, stored=signed, doc=("payout", payout.id))
    audit.record(db, actor, "payout.count_out", "payout", payout.id)
    return True


def _tell_her(db: Session, payout: Payout, owner_id: int, taken_by: int) -> None:
    """Somebody else has her money in hand: she hears it now, and from the house."""
    payout.taken_by = taken_by
    owed = db.get_one(Settlement, payout.settlement_id)
    amount, name = words.rupiah(owed.total), get_person(db, taken_by).call_me
    notify.tell(
        db,
        event_key=f"payout_taken:{payout.id}",
        people=[owner_id],
        title=_("%(amount)s dititipkan kepada %(name)s", amount=amount, name=name),
        text=_("Uang tunai Ibu sudah diambilkan. Tanyakan kalau belum Ibu terima."),
        link=f"/ibu/uang/hitungan/{owed.id}",
    )


def _refuse_bank(db: Session, payout: Payout) -> Account:
    """The page it is owed on, unless what is owed there goes to a bank; raises NotInCash."""
    owed = db.get_one(Settlement, payout.settlement_id)
    account = db.get_one(Account, owed.account_id)
    way = pay_ways.in_force(db, account.payee_id)
    if way is not None and way.kind != "cash":
        raise NotInCash
    return account


def place_of(db: Reader, source_id: int) -> Place | None:
    """The place whose drawer this page is; None for a bank, or cash that stands in no place."""
    query = select(Place).join(Account, drawers.is_drawer()).where(Account.id == source_id)
    return db.scalar(query)


def is_signed(db: Session, payout_id: int) -> bool:
    """Whether what she signed is kept with a payout; the caller has asked who looks."""
    return bool(files.list_of(db, ("payout", payout_id)))


def signature_of(db: Session, actor: Actor, payout_id: int) -> Attachment:
    """What she signed, for the boards of her house or of the drawer's, and who tends the place.

    Raises NotFound.
    """
    payout = db.get(Payout, payout_id)
    if payout is None:
        raise NotFound
    place = place_of(db, payout.source_id)
    owed = db.get_one(Settlement, payout.settlement_id)
    houses = {db.get_one(Account, owed.account_id).organisation_id}
    houses |= {place.organisation_id} if place else set()
    if not houses & set(access.subjects(db, actor, TREASURE, COORDINATE)):
        if place is None:
            raise NotFound
        places.tended(db, actor, place.id)
    signed = files.list_of(db, ("payout", payout_id))
    if not signed:
        raise NotFound
    return signed[-1]
