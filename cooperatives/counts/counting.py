"""Opening a count and writing numbers down; also from phones without signal.

The frozen point is taken under the lock of the levels, so that no sale stands between what was on
record and the last movement that it had seen.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives import levels, places
from cooperatives.goods import PlaceClosed
from cooperatives.lot_codes import lot_of
from cooperatives.models import Level, Lot, Movement, Place, StockCount, StockCountLine
from cooperatives.models.counting import StockCountNumber
from cooperatives.receiving.asked import WrongBoxes, uuid
from cooperatives.settings import CooperativeSettings
from core import acts, audit, clock
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError, NotFound
from sellers.models import Listing, Variant

ACT = "count.line"
DOC = "stock_count"
COUNTED_AT = ("kiosk", "bazaar")
CUTS = ("all", "owner", "category", "expiry")
_BOX = re.compile("angka-([0-9]{1,15})")


class NothingThere(DomainError):
    """The shelf that was chosen holds nothing to count."""

    sentence = _l("Rak ini kosong menurut catatan. Pilih rak lain.")


class TooMuch(DomainError):
    """One count has so many lots at most."""

    sentence = _l("Rak ini terlalu besar. Hitung per pemilik atau per jenis.")


@in_transaction(retries=3)
def open_count(
    db: Session,
    *,
    actor: Actor,
    count_id: UUID,
    place_id: int,
    cut_by: str = "all",
    shelf: int = 0,
    is_blind: bool = False,
) -> StockCount:
    """Freeze what the record says of a shelf; the same id is one count.

    `shelf` is the owner, the category, or the days within which goods end.
    Raises NothingThere, TooMuch, PlaceClosed, NotFound.
    """
    assert actor.person_id is not None, "a count is begun by a person"
    place = _counted_place(db, actor, place_id)
    if (before := db.get(StockCount, count_id)) is not None:
        return before if before.place_id == place.id else _not_found()
    lot_ids = list(db.scalars(_lots_on(place, cut_by, shelf)))
    if not lot_ids:
        raise NothingThere
    if len(lot_ids) > settings(CooperativeSettings).count_lots_max:
        raise TooMuch
    count = StockCount(
        id=count_id,
        place_id=place.id,
        cut_by=cut_by,
        shelf=shelf,
        is_blind=is_blind,
        opened_by=actor.person_id,
    )
    db.add(count)
    db.flush()
    freeze(db, count, lot_ids)
    audit.record(db, actor, "count.open", DOC, count.id, place=place.id, lots=len(lot_ids))
    return count


def _not_found() -> StockCount:
    raise NotFound


def _counted_place(db: Session, actor: Actor, place_id: int) -> Place:
    place = places.tended(db, actor, place_id)
    if place.kind not in COUNTED_AT:
        raise NotFound
    if place.closed_at is not None:
        raise PlaceClosed
    return place


def _lots_on(place: Place, cut_by: str, shelf: int) -> Any:
    """What of a place stands on the shelf that was chosen, by the record."""
    asked: dict[str, ColumnElement[bool]] = {
        "owner": Lot.owner_id == shelf,
        "category": Listing.category_id == shelf,
        "expiry": Lot.best_before <= clock.today() + timedelta(days=min(shelf, 3650)),
    }
    if cut_by not in CUTS:
        raise NotFound
    return (
        select(Level.lot_id)
        .join(Lot, Lot.id == Level.lot_id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(Level.place_id == place.id, Level.on_hand > 0)
        .where(*([asked[cut_by]] if cut_by in asked else []))
        .order_by(Level.lot_id)
    )


def freeze(db: Session, count: StockCount, lot_ids: Sequence[int]) -> None:
    """Write down what stands there by the record and which movement it saw last."""
    levels.stand(db, count.place_id, lot_ids)
    standings = levels.lock(db, Level.place_id == count.place_id, Level.lot_id.in_(lot_ids))
    seen = _last_movements(db, count.place_id, lot_ids)
    now = clock.now()
    db.add_all(
        StockCountLine(
            count_id=count.id,
            lot_id=standing.lot_id,
            on_record=standing.on_hand,
            seen_id=seen.get(standing.lot_id, 0),
            frozen_at=now,
        )
        for standing in standings
    )
    db.flush()


def _last_movements(db: Session, place_id: int, lot_ids: Sequence[int]) -> dict[int, int]:
    """Movements of a level follow each other under its lock, so the newest id is a clean cut."""
    touched = or_(Movement.from_place_id == place_id, Movement.to_place_id == place_id)
    query = select(Movement.lot_id, func.max(Movement.id).label("newest")).where(
        Movement.lot_id.in_(lot_ids), touched
    )
    found = db.execute(query.group_by(Movement.lot_id))
    return {row.lot_id: row.newest for row in found}


@acts.handles(ACT, label=_l("Hitung stok"), mend="/kios-kerja/hitung")
def handle(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Numbers of one count: boxes `angka-<lot>`, or `kode` and `jumlah` of a label.

    Raises WrongBoxes, NotFound.
    """
    count_id = uuid(content.get("count"))
    if count_id is None:
        raise NotFound
    count = lock(db, actor, count_id)
    found = numbers(content)
    is_late = count.state != "open"
    _take_in_strangers(db, count, list(found), is_late)
    for lot_id, quantity in found.items():
        _write(db, actor, count, (lot_id, quantity), (at, act_id, is_late))
    if is_late:
        return {"sentence": _("Hitungan ini sudah ditutup. Angkanya tersimpan sebagai terlambat.")}
    return {"sentence": _("Tersimpan.")}


def numbers(content: Mapping[str, Any]) -> dict[int, int]:
    """The numbers that boxes say, by lot; an empty box says nothing. Raises WrongBoxes."""
    said = {
        int(found[1]): (name, str(value).strip())
        for name, value in content.items()
        if (found := _BOX.fullmatch(name)) and str(value).strip()
    }
    wrong: dict[str, str] = {}
    if str(content.get("kode") or "").strip():
        lot_id = lot_of(str(content["kode"]))
        if lot_id is None:
            wrong["kode"] = _("Kode labelnya belum benar. Contoh: L114RS.")
        else:
            said[lot_id] = ("jumlah", str(content.get("jumlah") or "").strip())
    most = settings(CooperativeSettings).units_max
    for name, text in said.values():
        if not re.fullmatch("[0-9]{1,9}", text) or int(text) > most:
            wrong[name] = _("Tulis angka bulat dari 0 sampai %(most)s.", most=most)
    if not said and not wrong:
        wrong["angka"] = _("Tulis dulu angkanya.")
    if wrong:
        raise WrongBoxes(wrong)
    return {lot_id: int(text) for lot_id, (_name, text) in said.items()}


def lock(db: Session, actor: Actor, count_id: UUID) -> StockCount:
    """A count of a place that the actor tends, locked; raises NotFound."""
    count = db.get(StockCount, count_id, with_for_update=True, populate_existing=True)
    if count is None:
        raise NotFound
    places.tended(db, actor, count.place_id)
    return count


def _take_in_strangers(
    db: Session, count: StockCount, lot_ids: Sequence[int], is_late: bool
) -> None:
    """Goods found on the shelf that the record did not expect there: their own frozen point."""
    known = select(StockCountLine.lot_id).where(StockCountLine.count_id == count.id)
    strange = sorted(set(lot_ids) - set(db.scalars(known)))
    if not strange:
        return
    there = set(db.scalars(select(Lot.id).where(Lot.id.in_(strange))))
    if is_late or there != set(strange):
        raise NotFound
    freeze(db, count, strange)


def _write(
    db: Session,
    actor: Actor,
    count: StockCount,
    said: tuple[int, int],
    source: tuple[datetime, UUID, bool],
) -> None:
    """The last word of each person stands, by her phone's time, in whatever order they arrive."""
    (lot_id, quantity), (at, act_id, is_late) = said, source
    row = {
        "count_id": count.id,
        "lot_id": lot_id,
        "person_id": actor.person_id,
        "is_late": is_late,
        "quantity": quantity,
        "counted_at": at,
        "act_id": act_id,
    }
    statement = insert(StockCountNumber).values(row)
    newer = {name: statement.excluded[name] for name in ("quantity", "counted_at", "act_id")}
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["count_id", "lot_id", "person_id", "is_late"],
            set_=newer,
            where=StockCountNumber.counted_at <= statement.excluded.counted_at,
        )
    )


@in_transaction()
def show_record(db: Session, *, actor: Actor, count_id: UUID) -> None:
    """Counting is over, so a blind count shows its record now. Raises NotFound."""
    count = lock(db, actor, count_id)
    if count.state == "open" and count.shown_at is None:
        count.shown_at = clock.now()
        audit.record(db, actor, "count.show", DOC, count.id)


@in_transaction()
def drop(db: Session, *, actor: Actor, count_id: UUID) -> None:
    """Nothing comes of this count. Raises NotFound."""
    count = lock(db, actor, count_id)
    if count.state == "open":
        count.state, count.ended_by, count.ended_at = "dropped", actor.person_id, clock.now()
        audit.record(db, actor, "count.drop", DOC, count.id)
