"""Cash on its way from a drawer to the bank: who carries it owes it until another has seen it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cooperatives import places, postings
from cooperatives.accounts import Page
from cooperatives.days import drawers
from cooperatives.days.posting import books_of
from cooperatives.ledger import post
from cooperatives.models.days import Bag
from cooperatives.models.stock import Place
from cooperatives.rights import TREASURE
from core import access, acts, audit, clock, files, orgs, tasks, words
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, Forbidden, NotFound
from core.files import Attachment, Stored
from core.people import Person

LIST_MAX = 100
SEE_BAG = tasks.declare(
    "kiosk.see_bag",
    _("Cek setoran %(amount)s dari %(place)s di bank"),
    deed=_("Cek setoran"),
    many=_("%(count)s setoran menunggu dicek"),
    urgency=30,
)


class NotInDrawer(DomainError):
    """More cannot be taken out of a drawer than the books say is in it."""

    sentence = _("Isi laci tidak sebanyak itu. Hitung lagi uangnya.")


class SameHands(DomainError):
    """Whoever carried a bag cannot say that it arrived."""

    sentence = _("Setoran harus dicek orang lain, bukan yang membawanya.")


@in_transaction(retries=3)
def pack(db: Session, *, actor: Actor, act_id: UUID, place_id: int, amount: int) -> UUID:
    """Take cash out of the drawer to bring it to the bank; answers with the bag's id.

    Raises NotInDrawer, Conflict, NotFound.
    """

    def do() -> dict[str, Any]:
        place = places.tended(db, actor, place_id)
        day = books_of(db, place.id, clock.now())
        desk = drawers.desk(db, place)
        drawers.hold(db, desk)
        if not 0 < amount <= drawers.holds_now(db, place):
            raise NotInDrawer
        take_out(db, actor=actor, bag_id=act_id, place=place, day_id=day.day_id, amount=amount)
        return {"bag": str(act_id)}

    content = {"place": place_id, "amount": amount}
    told = acts.once(db, act_id=act_id, actor=actor, kind="bag.pack", content=content, do=do)
    return UUID(told["bag"])


def take_out(
    db: Session, *, actor: Actor, bag_id: UUID, place: Place, day_id: int, amount: int
) -> Bag:
    """The same within a close, which knows what is in the drawer."""
    if actor.person_id is None:
        raise Forbidden
    bag = Bag(
        id=bag_id, place_id=place.id, day_id=day_id, amount=amount, carried_by=actor.person_id
    )
    db.add(bag)
    db.flush()
    postings.moved(
        db,
        actor=actor,
        doc=("bag", bag.id),
        giving=drawers.drawer(place.organisation_id, place.slug),
        taking=drawers.carried(place, actor.person_id),
        amount=amount,
    )
    tasks.write(
        db,
        SEE_BAG,
        doc=("bag", bag.id),
        holders=(TREASURE, place.organisation_id),
        facts={"amount": words.rupiah(amount), "place": place.name},
        link="/kas/setoran",
    )
    audit.record(db, actor, "bag.pack", "bag", bag.id, amount=amount)
    return bag


@in_transaction()
def bring(db: Session, *, actor: Actor, bag_id: UUID, slip: Stored | None = None) -> None:
    """Who carried it says that it is at the bank, with a photo of the slip if she has one.

    Raises NotFound for anybody else.
    """
    bag = db.get(Bag, bag_id, with_for_update=True, populate_existing=True)
    if bag is None or bag.carried_by != actor.person_id:
        raise NotFound
    bag.brought_at = bag.brought_at or clock.now()
    if slip is not None:
        files.attach.within(db, actor=actor, stored=slip, doc=("bag", bag.id))
    audit.record(db, actor, "bag.bring", "bag", bag.id)


@in_transaction(retries=3)
def confirm(
    db: Session, *, actor: Actor, bag_id: UUID, received: int, bank: Page | None = None
) -> Bag:
    """A treasurer has seen it at the bank; what is missing is booked as that. Once.

    The bank is that of who answers for the place, unless its statement says another one.
    Raises SameHands, NotFound.
    """
    bag = db.get(Bag, bag_id, with_for_update=True, populate_existing=True)
    place = refuse_strangers(db, actor, bag_id)
    assert bag is not None
    if actor.person_id == bag.carried_by:
        raise SameHands
    if bag.confirmed_at is not None:
        return bag
    _book(db, actor, bag, place, received, bank or drawers.bank(place.organisation_id))
    bag.received, bag.confirmed_by, bag.confirmed_at = received, actor.person_id, clock.now()
    tasks.close(db, SEE_BAG, actor=actor, doc=("bag", bag.id), reason="confirmed")
    audit.record(db, actor, "bag.confirm", "bag", bag.id, amount=bag.amount, received=received)
    return bag


def refuse_strangers(db: Session, actor: Actor, bag_id: UUID) -> Place:
    """The place of a bag, for who keeps its books; raises NotFound."""
    bag = db.get(Bag, bag_id)
    if bag is None:
        raise NotFound
    place = places.get_place(db, bag.place_id)
    if place.organisation_id not in access.subjects(db, actor, TREASURE):
        access.require(db, actor, TREASURE, orgs.operator_id(db))
    return place


def place_slug(db: Reader, bag_id: UUID) -> str:
    """From which place a bag comes; raises NotFound."""
    query = select(Place.slug).join(Bag, Bag.place_id == Place.id)
    found = db.scalar(query.where(Bag.id == bag_id))
    if found is None:
        raise NotFound
    return found


def with_slip(db: Reader, bag_ids: Sequence[UUID]) -> set[str]:
    """Those bags that have a photo of the bank's slip."""
    ids = [str(bag_id) for bag_id in bag_ids]
    query = select(Attachment.doc_id).where(
        Attachment.doc_type == "bag", Attachment.doc_id.in_(ids)
    )
    return set(db.scalars(query)) if ids else set()


def _book(db: Session, actor: Actor, bag: Bag, place: Place, received: int, bank: Page) -> None:
    """From who carried it to the bank; what differs is borne by who answers for the place."""
    carried = drawers.carried(place, bag.carried_by)
    lines = [(bank, received), (drawers.odd(place), bag.amount - received), (carried, -bag.amount)]
    post(db, actor=actor, kind="bag_seen", doc=("bag", bag.id), lines=lines)


CARRIER = Person.call_me.label("carrier")


def _bags() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Bag.id,
            Bag.amount,
            Bag.packed_at,
            Bag.brought_at,
            Bag.confirmed_at,
            Bag.received,
            Bag.carried_by,
            Place.name.label("place"),
            CARRIER,
        )
        .join(Place, Place.id == Bag.place_id)
        .join(Person, Person.id == Bag.carried_by)
    )


def list_of(db: Reader, place_id: int, most: int = 20) -> list[Any]:
    """The bags of a place, those still on their way first; the caller has checked the place."""
    query = _bags().where(Bag.place_id == place_id)
    query = query.order_by(Bag.confirmed_at.is_not(None), Bag.packed_at.desc())
    return list(db.execute(query.limit(most)))


def list_unseen(db: Reader, actor: Actor) -> list[Any]:
    """Bags on their way to the bank, of places whose books the actor keeps, oldest first."""
    mine = access.subjects(db, actor, TREASURE)
    query = _bags().where(Bag.confirmed_at.is_(None))
    if orgs.operator_id(db) not in mine:
        query = query.where(Place.organisation_id.in_(mine))
    return list(db.execute(query.order_by(Bag.packed_at).limit(LIST_MAX)))


def slip_of(db: Session, actor: Actor, bag_id: UUID) -> Attachment:
    """The photo of a bag's slip, for who carried it and who keeps the books; raises NotFound."""
    bag = db.get(Bag, bag_id)
    slips = files.list_of(db, ("bag", bag_id))
    if bag is None or not slips:
        raise NotFound
    if bag.carried_by != actor.person_id:
        refuse_strangers(db, actor, bag_id)
    return slips[-1]
