"""From one place to another on a *surat jalan*: sent, on the way, and come to its end in parts.

What is on the way stands in the organisation's transit place, so nothing vanishes between two
shelves. Each arrival says of each lot how much came, how much is lost and how much goes back; what
is not said is still on the way.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from cooperatives import levels, movements, places
from cooperatives.goods import PlaceClosed, SamePlace
from cooperatives.holds import Doc
from cooperatives.lot_codes import code_of
from cooperatives.models import Level, Lot, Movement, Place, Shipment
from cooperatives.movements import Cause, Move
from cooperatives.receiving.asked import WrongBoxes, number
from cooperatives.rights import KEEP
from cooperatives.settings import CooperativeSettings
from core import acts, audit, clock, tasks
from core.actors import Actor
from core.config import settings
from core.db import Reader
from core.errors import Busy, NotFound
from core.orgs import Organisation
from sellers.models import Listing, Seller, Variant

SEND, RECEIVE, DOC = "shipment.send", "shipment.receive", "shipment"
LOST = "lost"
PART = 1_000  # Lines of the first arrival begin here, of the second at twice that.
BACK = 500
LIST_MAX = 30
OPENED = ("kiosk", "bazaar")
COMING = tasks.declare(
    "shipment.coming",
    _l("Kiriman %(number)s dari %(place)s sedang di jalan."),
    deed=_l("Terima kiriman"),
    urgency=35,
)
_BOX = re.compile("(jumlah|datang|hilang|kembali)-([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Line:
    """One lot of a shipment: sent, and what became of it."""

    lot_id: int
    name: str
    unit: str
    owner: str
    batch: str
    best_before: date | None
    sent: int
    came: int
    lost: int
    back: int

    @property
    def code(self) -> str:
        """What its label says."""
        return code_of(self.lot_id)

    @property
    def on_the_way(self) -> int:
        """What is still in transit."""
        return self.sent - self.came - self.lost - self.back


def _boxes(content: Mapping[str, Any]) -> dict[int, dict[str, int]]:
    """Numbers by lot and box. Raises WrongBoxes."""
    read: dict[int, dict[str, int]] = {}
    wrong: dict[str, str] = {}
    most = settings(CooperativeSettings).units_max
    for name, value in content.items():
        if not (found := _BOX.fullmatch(name)) or not isinstance(value, str) or not value.strip():
            continue
        if not re.fullmatch("[0-9]{1,9}", value.strip()) or int(value) > most:
            wrong[name] = _("Tulis angka bulat dari 0 sampai %(most)s.", most=most)
        elif int(value):
            read.setdefault(int(found[2]), {})[found[1]] = int(value)
    if not read and not wrong:
        wrong["jumlah"] = _("Tulis dulu berapa banyaknya.")
    if len(read) > settings(CooperativeSettings).goods_lines_max:
        wrong["jumlah"] = _("Terlalu banyak barang. Buat dua kiriman.")
    if wrong:
        raise WrongBoxes(wrong)
    return dict(sorted(read.items()))


@acts.handles(SEND, label=_l("Kirim ke tempat lain"))
def send(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Goods leave `place` for `to`: `jumlah-<lot>` of each. What is promised to buyers stays.

    Raises WrongBoxes, SamePlace, PlaceClosed, NotFound.
    """
    source = places.tended(db, actor, number(content, "place"))
    target = places.get_place(db, number(content, "to"))
    if target.id == source.id:
        raise SamePlace
    if target.kind not in OPENED or target.closed_at is not None:
        raise PlaceClosed
    wanted = _boxes(content)
    _refuse_promised(db, source, wanted)
    made = Shipment(
        id=act_id,
        organisation_id=source.organisation_id,
        serial=_next_serial(db, source.organisation_id),
        from_place_id=source.id,
        to_place_id=target.id,
        sent_by=actor.person_id,
        sent_at=at,
    )
    db.add(made)
    db.flush()
    transit = places.transit_of(db, source.organisation_id)
    moves = [
        Move("transfer", lot_id, source.id, transit.id, boxes.get("jumlah", 0), line)
        for line, (lot_id, boxes) in enumerate(wanted.items())
        if boxes.get("jumlah")
    ]
    movements.post(db, Cause.of(actor, Doc(DOC, str(act_id)), at), moves)
    audit.record(db, actor, "shipment.send", DOC, act_id, to=target.id)
    facts = {"number": made.number, "place": source.name}
    link = f"/kios-kerja/kiriman/{act_id}"
    tasks.write(db, COMING, doc=(DOC, act_id), link=link, holders=(KEEP, target.id), facts=facts)
    return {"sentence": _("Kiriman %(number)s dicatat.", number=made.number), "link": link}


def _refuse_promised(db: Session, source: Place, wanted: Mapping[int, Mapping[str, int]]) -> None:
    """What is not there, or promised to buyers, is told beside its box."""
    shelf = levels.lock(db, Level.lot_id.in_(list(wanted)), Level.place_id == source.id)
    free = {standing.lot_id: standing.unpromised for standing in shelf}
    wrong = {
        f"jumlah-{lot_id}": _("Yang bisa dikirim tinggal %(left)s.", left=free.get(lot_id, 0))
        for lot_id, boxes in wanted.items()
        if boxes.get("jumlah", 0) > free.get(lot_id, 0)
    }
    if wrong:
        raise WrongBoxes(wrong)


def _next_serial(db: Session, organisation_id: int) -> int:
    """Shipments of one organisation wait for each other here."""
    lock = select(Organisation.id).where(Organisation.id == organisation_id)
    db.execute(lock.with_for_update(key_share=True))
    newest = select(func.max(Shipment.serial)).where(Shipment.organisation_id == organisation_id)
    return (db.scalar(newest) or 0) + 1


@acts.handles(RECEIVE, label=_l("Terima kiriman"))
def receive(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Something of a `shipment` came to its end: `datang-<lot>`, `hilang-<lot>`, `kembali-<lot>`.

    Whoever tends the target says what came and what is lost; whoever sent it may only let it come
    back. Raises WrongBoxes for more than is on the way, Busy where it has not been told yet.
    """
    shipment = _locked(db, content)
    keeps_target = _tends(db, actor, shipment.to_place_id)
    if not keeps_target and not _tends(db, actor, shipment.from_place_id):
        raise NotFound
    said, doc = _boxes(content), Doc(DOC, str(shipment.id))
    open_ones = {line.lot_id: line for line in lines_of(db, shipment)}
    _check(said, open_ones, may_arrive=keeps_target)
    shipment.arrivals += 1
    moves = _ends(db, shipment, said)
    movements.post(db, Cause.of(actor, doc, at), moves)
    audit.record(db, actor, "shipment.receive", DOC, shipment.id, act=str(act_id))
    if not any(line.on_the_way for line in lines_of(db, shipment)):
        shipment.closed_at = clock.now()
        tasks.close(db, COMING, actor=actor, doc=(DOC, shipment.id), reason="arrived")
    link = f"/kios-kerja/kiriman/{shipment.id}"
    return {"sentence": _("Kiriman %(number)s dicatat.", number=shipment.number), "link": link}


def _locked(db: Session, content: Mapping[str, Any]) -> Shipment:
    try:
        key = UUID(str(content.get("shipment")))
    except ValueError:
        raise NotFound from None
    found = db.get(Shipment, key, with_for_update=True, populate_existing=True)
    if found is None:
        raise Busy  # Told by another phone, perhaps, which has no signal yet.
    return found


def _tends(db: Session, actor: Actor, place_id: int) -> bool:
    try:
        places.tended(db, actor, place_id)
    except NotFound:
        return False
    return True


def _check(
    said: Mapping[int, Mapping[str, int]], lines: Mapping[int, Line], *, may_arrive: bool
) -> None:
    wrong: dict[str, str] = {}
    for lot_id, boxes in said.items():
        left = lines[lot_id].on_the_way if lot_id in lines else 0
        ends = {box: boxes.get(box, 0) for box in ("datang", "hilang", "kembali")}
        if sum(ends.values()) > left:
            box = next(box for box, units in ends.items() if units)
            wrong[f"{box}-{lot_id}"] = _("Yang di jalan tinggal %(left)s.", left=left)
        elif not may_arrive and (ends["datang"] or ends["hilang"]):
            wrong[f"datang-{lot_id}"] = _("Yang datang dicatat di tempat tujuan.")
    if wrong:
        raise WrongBoxes(wrong)


def _ends(db: Session, shipment: Shipment, said: Mapping[int, Mapping[str, int]]) -> list[Move]:
    transit = places.transit_of(db, shipment.organisation_id).id
    sink, first = places.virtual(db, "shrinkage"), PART * shipment.arrivals
    moves = []
    for line, (lot_id, boxes) in enumerate(said.items(), first):
        if came := boxes.get("datang"):
            moves.append(Move("transfer", lot_id, transit, shipment.to_place_id, came, line))
        if lost := boxes.get("hilang"):
            moves.append(Move("waste", lot_id, transit, sink, lost, line, LOST))
        if back := boxes.get("kembali"):
            home = shipment.from_place_id
            moves.append(Move("transfer", lot_id, transit, home, back, line + BACK))
    return moves


def get_seen(db: Session, actor: Actor, shipment_id: UUID) -> tuple[Shipment, bool, bool]:
    """A shipment from or to a place of hers, and at which ends she is; raises NotFound."""
    shipment = db.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound
    sends = _tends(db, actor, shipment.from_place_id)
    takes = _tends(db, actor, shipment.to_place_id)
    if not sends and not takes:
        raise NotFound
    return shipment, sends, takes


def lines_of(db: Session, shipment: Shipment) -> list[Line]:
    """What was sent, lot by lot, and what became of it."""

    def total(condition: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((condition, Movement.quantity), else_=0)), 0)

    is_sent = Movement.line < PART
    query = (
        select(
            Lot.id, Listing.name, Variant.name.label("size"), Variant.unit, Seller.store_name,
            Lot.batch, Lot.best_before,
            total(is_sent).label("sent"),
            total(~is_sent & (Movement.to_place_id == shipment.to_place_id)).label("came"),
            total(Movement.kind == "waste").label("lost"),
            total(~is_sent & (Movement.to_place_id == shipment.from_place_id)).label("back"),
        )
        .select_from(Movement)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Seller, Seller.id == Lot.owner_id)
        .where(Movement.doc_type == DOC, Movement.doc_id == str(shipment.id))
        .group_by(Lot.id, Listing.id, Variant.id, Seller.id)
        .order_by(Seller.store_name, Listing.name, Lot.id)
    )  # fmt: skip
    return [
        Line(
            row.id, f"{row.name} {row.size}".strip(), row.unit, row.store_name, row.batch,
            row.best_before, int(row.sent), int(row.came), int(row.lost), int(row.back),
        )
        for row in db.execute(query)
    ]  # fmt: skip


def targets(db: Reader, source: Place) -> list[Any]:
    """Open kiosks and bazaar boxes other than this one, those of its organisation first."""
    query = (
        select(Place.id, Place.name)
        .where(Place.kind.in_(OPENED), Place.closed_at.is_(None), Place.id != source.id)
        .order_by((Place.organisation_id == source.organisation_id).desc(), Place.name)
        .limit(100)
    )
    return list(db.execute(query))


def latest(db: Reader, place: Place) -> list[Any]:
    """Shipments from and to a place: those on the way first, then the newest."""
    here = or_(Shipment.from_place_id == place.id, Shipment.to_place_id == place.id)
    query = select(Shipment).where(here)
    ordered = query.order_by(Shipment.closed_at.is_(None).desc(), Shipment.posted_at.desc())
    return list(db.execute(ordered.limit(LIST_MAX)).scalars())
