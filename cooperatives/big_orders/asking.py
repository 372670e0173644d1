"""Makers are asked, answer within a deadline, and what they agree to becomes a binding plan."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.big_orders import hands, keeping, planning, states
from cooperatives.big_orders.planning import DOC, MoreThanWanted, TooMuch, locked
from cooperatives.big_orders.states import Event, NotNow, Share, State
from cooperatives.models import BigOrder, BigShare
from cooperatives.rights import COORDINATE
from core import access, audit, clock, notify, tasks, words
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from sellers.models import Listing, Seller
from sellers.rights import SELL

HOURS_MAX = 14 * 24
DESK, HERS = "/koord/bagi", "/ibu/bagian"
ASKED = tasks.declare(
    "big_order.asked",
    _("Jawab: sanggup membuat %(units)s %(what)s?"),
    deed=_("Jawab"),
    many=_("%(count)s pesanan besar menunggu jawaban Ibu."),
    urgency=20,
)
NEXT = tasks.declare(
    "big_order.next",
    _("Pesanan besar %(what)s: lihat jawaban ibu-ibu."),
    deed=_("Lihat jawaban"),
    urgency=25,
)


class NobodyAsked(DomainError):
    """All proposed shares are empty."""

    sentence = _("Belum ada bagian yang bisa ditanyakan. Hitung usulan dulu.")


class TooLate(DomainError):
    """The time to answer is over; the pieces may have gone to others."""

    status = 409
    sentence = _("Waktu menjawab sudah lewat. Hubungi koordinator.")


class BadAnswer(DomainError):
    """A share is taken whole, in part, or not."""

    def __init__(self, most: int) -> None:
        super().__init__(_("Tulis angka dari 0 sampai %(most)s.", most=most))


class NotAllAnswered(DomainError):
    """Somebody may still say yes."""

    sentence = _("Masih ada yang belum menjawab. Tunggu, atau catat jawabannya lewat telepon.")


class GapNotTold(DomainError):
    """A plan with a gap is binding only once whoever ordered knows of it."""

    sentence = _("Centang dulu: pemesan sudah diberi tahu kekurangannya.")


class NothingAgreed(DomainError):
    """There is nothing to bind anybody to."""

    sentence = _("Belum ada yang sanggup. Tanya ibu lain dulu.")


@in_transaction(retries=3)
def ask(db: Session, *, actor: Actor, order_id: int, hours: int) -> BigOrder:
    """Ask every maker who has a proposed share; she answers within so many hours.

    Her goods are locked first, so that two coordinators never ask her for more than she can make.
    Raises NobodyAsked, TooMuch, MoreThanWanted, NotNow, NotFound.
    """
    order = locked(db, actor, order_id)
    shares = planning.proposed(db, order)
    if not any(share.units for share in shares):
        raise NobodyAsked
    order.state = states.after(order.state, Event.ASK)
    _refuse_above_strength(db, order, [share for share in shares if share.units])
    over = sum(share.units for share in shares) + hands.agreed(db, order.id) - order.wanted
    over += sum(share.units for share in _of(db, order, Share.ASKED))
    if over > 0:
        raise MoreThanWanted(over)
    now = clock.now()
    order.round += 1
    order.answer_by = now + timedelta(hours=min(max(1, hours), HOURS_MAX))
    for share in shares:
        share.state = states.becomes(share.state, Share.ASKED if share.units else Share.PASSED)
        share.asked_at = now if share.units else None
        if share.units:
            _ask_one(db, order, share, order.answer_by)
    tasks.close(db, NEXT, actor=actor, doc=(DOC, order.id), reason="asked again")
    tasks.write(
        db, NEXT, doc=(DOC, order.id), link=f"{DESK}/{order.id}", due_at=order.answer_by,
        holders=(COORDINATE, order.organisation_id), facts={"what": order.what},
    )  # fmt: skip
    audit.record(db, actor, "big_order.ask", DOC, order.id, round=order.round)
    return order


def _refuse_above_strength(db: Session, order: BigOrder, shares: Sequence[BigShare]) -> None:
    """Read again what others have asked of these goods meanwhile, with the goods locked."""
    listing_ids = sorted(share.listing_id for share in shares)
    lock = select(Listing.id).where(Listing.id.in_(listing_ids)).order_by(Listing.id)
    db.execute(lock.with_for_update(key_share=True))
    used = hands.taken(db, order, listing_ids)
    for share in shares:
        room = max(0, share.strength - used.get(share.listing_id, 0))
        if share.units > room:
            raise TooMuch(db.get_one(Seller, share.seller_id).store_name, room)
        share.taken = used.get(share.listing_id, 0)


def _ask_one(db: Session, order: BigOrder, share: BigShare, until: datetime) -> None:
    facts = {"units": share.units, "what": order.what}
    tasks.write(
        db, ASKED, doc=("big_share", share.id), link=f"{HERS}/{order.id}",
        holders=(SELL, share.seller_id), due_at=until, facts=facts,
    )  # fmt: skip
    notify.tell(
        db,
        event_key=f"big_share:{share.id}:asked",
        people=access.people_who(db, SELL, share.seller_id),
        title=_("Ada pesanan besar untuk Ibu"),
        text=_("%(units)s %(what)s, jadi tanggal %(day)s. Jawab sebelum %(until)s.",
               **facts, day=words.tanggal(order.due_on), until=words.tanggal_jam(until)),
        link=f"{HERS}/{order.id}",
    )  # fmt: skip


def _of(db: Session, order: BigOrder, *which: Share) -> list[BigShare]:
    query = select(BigShare).where(BigShare.big_order_id == order.id, BigShare.state.in_(which))
    return list(db.scalars(query.order_by(BigShare.id).with_for_update()))


@in_transaction(retries=3)
def answer(db: Session, *, actor: Actor, share_id: int, units: int) -> BigShare:
    """She takes her share, a part of it, or none; her coordinator writes it down where she told it.

    Raises TooLate, BadAnswer, NotNow, NotFound.
    """
    share, order = _share(db, actor, share_id)
    if share.state != Share.ASKED or order.state != State.ASKING:
        raise NotNow
    if order.answer_by is None or clock.now() > order.answer_by:
        raise TooLate
    if not 0 <= units <= share.units:
        raise BadAnswer(share.units)
    share.state = states.becomes(share.state, Share.YES if units else Share.NO)
    share.agreed = units or None
    _answered(db, actor, share)
    audit.record(db, actor, "big_order.answer", "big_share", share.id, units=units)
    return share


def _share(db: Session, actor: Actor, share_id: int) -> tuple[BigShare, BigOrder]:
    """A share for its maker or her coordinator, locked after its order; raises NotFound."""
    found = db.get(BigShare, share_id)
    if found is None or found.state in (Share.PROPOSED, Share.PASSED):
        raise NotFound
    order = db.get_one(BigOrder, found.big_order_id, with_for_update=True, populate_existing=True)
    if found.seller_id not in access.subjects(db, actor, SELL):
        access.require(db, actor, COORDINATE, order.organisation_id)
    db.refresh(found, with_for_update=True)
    return found, order


def _answered(db: Session, actor: Actor, share: BigShare) -> None:
    share.answered_at, share.answered_by = clock.now(), actor.person_id
    tasks.close(db, ASKED, actor=actor, doc=("big_share", share.id), reason=share.state)


@in_transaction(retries=3)
def go_round(db: Session, *, actor: Actor, order_id: int) -> BigOrder:
    """The deadline has passed: who said nothing is not counted on, and her pieces are free again.

    Raises NotAllAnswered, NotNow, NotFound.
    """
    order = locked(db, actor, order_id)
    if order.state != State.ASKING:
        raise NotNow
    _end_waiting(db, actor, order)
    return order


def _end_waiting(db: Session, actor: Actor, order: BigOrder) -> None:
    waiting = _of(db, order, Share.ASKED)
    if waiting and (order.answer_by is None or clock.now() <= order.answer_by):
        raise NotAllAnswered
    for share in waiting:
        share.state = states.becomes(share.state, Share.LATE)
        tasks.close(db, ASKED, actor=actor, doc=("big_share", share.id), reason="late")


@in_transaction(retries=3)
def seal(db: Session, *, actor: Actor, order_id: int, gap_is_told: bool = False) -> BigOrder:
    """What was agreed becomes binding; the kiosk expects it, and each maker has her page.

    Raises NotAllAnswered, NothingAgreed, GapNotTold, NotNow, NotFound.
    """
    order = locked(db, actor, order_id)
    state = states.after(order.state, Event.SEAL)
    _end_waiting(db, actor, order)
    for share in planning.proposed(db, order):
        db.delete(share)
    agreed = _of(db, order, Share.YES)
    if not agreed:
        raise NothingAgreed
    order.gap = order.wanted - sum(share.agreed or 0 for share in agreed)
    if order.gap and not gap_is_told:
        raise GapNotTold
    order.state, order.sealed_at = state, clock.now()
    for share in agreed:
        keeping.expect(db, actor, order, share)
        _tell_bound(db, order, share)
    tasks.close(db, NEXT, actor=actor, doc=(DOC, order.id), reason="agreed")
    audit.record(db, actor, "big_order.seal", DOC, order.id, gap=order.gap)
    return order


def _tell_bound(db: Session, order: BigOrder, share: BigShare) -> None:
    notify.tell(
        db,
        event_key=f"big_share:{share.id}:bound:{share.agreed}",
        people=access.people_who(db, SELL, share.seller_id),
        title=_("Pesanan besar jadi dibuat"),
        text=_("Bagian Ibu %(units)s %(what)s. Bawa ke kios sebelum %(day)s.",
               units=share.agreed, what=order.what, day=words.tanggal(order.due_on)),
        link=f"{HERS}/{order.id}",
    )  # fmt: skip


def open_share(db: Session, actor: Actor, share_id: int) -> tuple[BigShare, BigOrder]:
    """A share of a binding plan for its maker or coordinator, locked. Raises NotNow, NotFound."""
    share, order = _share(db, actor, share_id)
    if share.state != Share.YES or order.state != State.AGREED:
        raise NotNow
    return share, order
