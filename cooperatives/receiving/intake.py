"""A keeper takes in what a maker brings: lots, a *nota titip*, what was refused, and word to her.

It is an act, also from a phone without signal: sent ten times, it is one note. A quantity that was
written down wrongly is mended by the mirror image, as long as all of it still stands there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import consignment, goods, movements, places
from cooperatives.big_orders import keeping
from cooperatives.holds import Doc
from cooperatives.lots import Goods
from cooperatives.models import ConsignNote, ConsignNoteLine, Movement, Place, Terms
from cooperatives.movements import Cause, Move, NotSoMany
from cooperatives.receiving import asked, note_news, note_photos, offers
from cooperatives.receiving.asked import Line, WrongBoxes
from cooperatives.settings import CooperativeSettings
from core import acts, audit
from core.actors import Actor
from core.clock import WIB
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError, NotFound
from sellers.models import Listing, Seller, Variant

ACT = "goods.receive"
DOC = "consign_note"
SOLD_AS = {"kiosk": ("counter", "kiosk"), "bazaar": ("bazaar", "bazaar")}
AGAIN = 1_000  # Lines of a corrected quantity stand behind those of the note itself.


class NotWhole(DomainError):
    """Something of the line was sold, promised or carried away: a count mends that, not this."""

    status = 409
    sentence = _l("Sudah ada yang laku, dipesan, atau dipindah. Betulkan lewat hitung stok.")


@acts.handles(ACT, label=_l("Barang titipan masuk"), mend="/kios-kerja/terima")
def handle(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """One note, as its form says it: `place`, `owner`, perhaps `offer` and `photos`, and the boxes
    of `asked`. Raises WrongBoxes, NotFound, PlaceClosed, NoTerms, NotSoldHere, NotHers.
    """
    note = take_in(
        db,
        actor=actor,
        note_id=act_id,
        place_id=asked.number(content, "place"),
        owner_id=asked.number(content, "owner"),
        brought=asked.lines(content),
        offer_id=asked.uuid(content.get("offer")),
        at=at,
    )
    for photo_id in asked.photos(content):
        note_photos.expect(db, actor=actor, note_id=note.id, photo_id=photo_id)
    said = _("Nota %(number)s tersimpan.", number=note.number)
    return {"note": str(note.id), "sentence": said, "link": f"/kios-kerja/terima/nota/{note.id}"}


def take_in(
    db: Session,
    *,
    actor: Actor,
    note_id: UUID,
    place_id: int,
    owner_id: int,
    brought: Sequence[Line],
    at: datetime,
    offer_id: UUID | None = None,
) -> ConsignNote:
    """Write the note, bring in the goods under the terms of that day, and tell their owner."""
    place, owner = _place(db, actor, place_id), _owner(db, owner_id)
    terms = consignment.current_terms(db, owner.organisation_id)
    consignment.rate(terms, *SOLD_AS[place.kind])
    sizes = _sizes(db, owner, brought)
    offered = offers.taken(db, actor=actor, offer_id=offer_id, seller=owner, place=place)
    note = ConsignNote(
        id=note_id,
        place_id=place.id,
        serial=_next_serial(db, place),
        owner_id=owner.id,
        terms_id=terms.id,
        offer_id=offer_id if offered is not None else None,
        received_by=actor.person_id,
        received_at=at,
    )
    db.add(note)
    db.flush()
    _write_lines(db, actor, note, brought, sizes, offered or {})
    keeping.arrived(db, actor, note)
    audit.record(db, actor, "note.write", DOC, note.id, place=place.id)
    note_news.tell_taken_in(db, note)
    return note


def _place(db: Session, actor: Actor, place_id: int) -> Place:
    place = places.tended(db, actor, place_id)
    if place.kind not in SOLD_AS:
        raise NotFound
    if place.closed_at is not None:
        raise goods.PlaceClosed
    return place


def _owner(db: Session, owner_id: int) -> Seller:
    owner = db.get(Seller, owner_id)
    if owner is None or owner.closed_at is not None:
        raise NotFound
    return owner


def _sizes(db: Session, owner: Seller, brought: Sequence[Line]) -> dict[int, Any]:
    """Price and shelf life of what came; a size that is not hers is none."""
    query = (
        select(Variant.id, Variant.price, Listing.shelf_life_days)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(Listing.seller_id == owner.id)
    )
    found = {row.id: row for row in db.execute(query)}
    if {line.variant_id for line in brought} - found.keys():
        raise NotFound
    return found


def _next_serial(db: Session, place: Place) -> int:
    """Notes of one place wait for each other here; sales do not."""
    db.execute(select(Place.id).where(Place.id == place.id).with_for_update(key_share=True))
    newest = select(func.max(ConsignNote.serial)).where(ConsignNote.place_id == place.id)
    return (db.scalar(newest) or 0) + 1


def _write_lines(
    db: Session,
    actor: Actor,
    note: ConsignNote,
    brought: Sequence[Line],
    sizes: Mapping[int, Any],
    offered: Mapping[int, int],
) -> None:
    day = note.received_at.astimezone(WIB).date()
    came = [_dated(line, sizes[line.variant_id], day) for line in brought if line.quantity]
    made = _receive(db, actor, note, came) if came else []
    lots = {movement.line: movement.lot_id for movement in made}
    for number, line in enumerate(brought):  # What came stands first, so lines and movements agree.
        db.add(
            ConsignNoteLine(
                note_id=note.id,
                line=number,
                variant_id=line.variant_id,
                lot_id=lots.get(number) if line.quantity else None,
                price=sizes[line.variant_id].price,
                offered=offered.get(line.variant_id),
                refused=line.refused,
                reason=line.reason,
            )
        )
    db.flush()


def _dated(line: Line, size: Any, day: date) -> Line:
    if line.best_before or not size.shelf_life_days:
        return line
    return replace(line, best_before=day + timedelta(days=size.shelf_life_days))


def _receive(db: Session, actor: Actor, note: ConsignNote, came: Sequence[Line]) -> list[Movement]:
    """The goods themselves; a day that has passed is told beside its box."""
    today = note.received_at.astimezone(WIB).date()
    past = [one.variant_id for one in came if one.best_before and one.best_before < today]
    if past:
        sentence = str(goods.PastItsDate.sentence)
        raise WrongBoxes({f"sampai-{variant_id}": sentence for variant_id in past})
    return goods.receive_goods.within(
        db,
        actor=actor,
        doc=Doc(DOC, str(note.id)),
        owner_id=note.owner_id,
        place_id=note.place_id,
        goods=[Goods(one.variant_id, one.quantity, one.best_before, one.batch) for one in came],
        device_at=note.received_at,
    )


@in_transaction(retries=3)
def correct(db: Session, *, actor: Actor, note_id: UUID, line: int, quantity: int) -> ConsignNote:
    """It was written down wrongly: so many came. Raises NotWhole, NotFound, BadGoods.

    The owner hears of it, and agrees or not to the new number.
    """
    note = lock(db, actor, note_id)
    row = db.get(ConsignNoteLine, (note.id, line))
    if row is None or row.lot_id is None:
        raise NotFound
    if not 0 <= quantity <= settings(CooperativeSettings).units_max:
        raise goods.BadGoods
    received = movements.posted(db, Doc(DOC, str(note.id)), "receive")
    written = [one for one in received if one.lot_id == row.lot_id]
    if written[-1].quantity != quantity or _is_reversed(db, written[-1].id):
        keeping.let_go_lot(db, row.lot_id)
        _take_back(db, actor, written[-1].id)
        _bring_again(db, actor, note, row, quantity, AGAIN * len(written) + line)
        keeping.arrived(db, actor, note)
        note.agreed_how, note.agreed_at = "", None
        audit.record(db, actor, "note.correct", DOC, note.id, line=line)
        note_news.tell_corrected(db, note, len(received))
    return note


def lock(db: Session, actor: Actor, note_id: UUID) -> ConsignNote:
    """A note of a place the actor tends, locked; raises NotFound."""
    note = db.get(ConsignNote, note_id, with_for_update=True, populate_existing=True)
    if note is None:
        raise NotFound
    places.tended(db, actor, note.place_id)
    return note


def _is_reversed(db: Session, movement_id: int) -> bool:
    twin = select(Movement.id).where(Movement.reverses_id == movement_id)
    return db.scalar(twin) is not None


def _take_back(db: Session, actor: Actor, movement_id: int) -> None:
    if _is_reversed(db, movement_id):
        return
    try:
        movements.reverse.within(db, actor=actor, movement_id=movement_id, reason="wrong number")
    except NotSoMany:
        raise NotWhole from None


def _bring_again(
    db: Session, actor: Actor, note: ConsignNote, row: ConsignNoteLine, quantity: int, line: int
) -> None:
    if not quantity:
        return
    assert row.lot_id is not None
    source = places.virtual(db, "consignor")
    move = Move("receive", row.lot_id, source, note.place_id, quantity, line)
    movements.post(db, Cause.of(actor, Doc(DOC, str(note.id))), [move])


def terms_of(db: Session, note: ConsignNote) -> consignment.Sheet:
    """The terms that its lots are under."""
    return consignment.sheets(db, [db.get_one(Terms, note.terms_id).id])[note.terms_id]
