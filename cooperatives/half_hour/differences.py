"""What does not agree: counts left open, boxes that came short, drawers over or short.

What the nightly comparison found, and counts that wait for a second person, are tasks of their own.
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session, aliased

from cooperatives.half_hour import lines, notes
from cooperatives.half_hour.lines import Asked, Line, Told, Topic
from cooperatives.half_hour.settings import HalfHourSettings
from cooperatives.models import DrawerCount, Movement, Place, Shipment, StockCount, TradingDay
from cooperatives.rights import KEEP
from cooperatives.shelf import shipments
from core import access, clock
from core.config import settings
from core.words import rupiah, tanggal

COUNT, SHORT, DRAWER = "count", "short", "drawer"
A_DAY = timedelta(days=1)


def left_open(db: Session, asked: Asked) -> list[Line]:
    """Counts that were begun more than a day ago and wait for nobody else, the oldest first."""
    query = (
        select(StockCount.id, StockCount.opened_at, Place.organisation_id, Place.name)
        .join(Place, Place.id == StockCount.place_id)
        .where(
            Place.organisation_id.in_(asked.boards),
            StockCount.state == "open",
            StockCount.needs_two.is_(False),
            StockCount.opened_at < clock.now() - A_DAY,
        )
        .order_by(StockCount.opened_at, StockCount.id)
        .limit(asked.most)
    )
    return [
        Line(
            row.organisation_id,
            str(row.id),
            _("Hitungan stok di %(place)s belum selesai", place=row.name),
            _("Dimulai %(day)s", day=tanggal(row.opened_at.astimezone(clock.WIB).date())),
            url=f"/kios-kerja/hitung/{row.id}/periksa",
        )
        for row in db.execute(query)
    ]


def came_short(db: Session, asked: Asked) -> list[Line]:
    """Boxes of the last days of which something was lost on the way, the newest first."""
    lost = (
        select(func.sum(Movement.quantity))
        .where(
            Movement.doc_type == shipments.DOC,
            Movement.doc_id == cast(Shipment.id, Text),
            Movement.kind == "waste",
        )
        .correlate(Shipment)
        .scalar_subquery()
    )
    source, target = aliased(Place), aliased(Place)
    query = (
        select(Shipment, source.name, target.name, lost)
        .join(source, source.id == Shipment.from_place_id)
        .join(target, target.id == Shipment.to_place_id)
        .where(Shipment.organisation_id.in_(asked.boards), Shipment.posted_at > _since())
        .where(notes.unnoted(SHORT, Shipment.organisation_id, Shipment.id), lost > 0)
        .order_by(Shipment.posted_at.desc())
        .limit(asked.most)
    )
    if asked.thing:
        query = query.where(cast(Shipment.id, Text) == asked.thing)
    return [
        Line(
            shipment.organisation_id,
            str(shipment.id),
            _("Kiriman %(number)s kurang %(units)s", number=shipment.number,
              units=lines.units(int(units))),
            _("Dari %(source)s ke %(target)s", source=there, target=here),
        )
        for shipment, there, here, units in db.execute(query)
    ]  # fmt: skip


def _since() -> datetime:
    return clock.now() - timedelta(days=settings(HalfHourSettings).differences_days)


def _tell_short(db: Session, line: Line) -> Told:
    (shipment,) = db.scalars(select(Shipment).where(cast(Shipment.id, Text) == line.thing))
    lost = [one for one in shipments.lines_of(db, shipment) if one.lost]
    facts = [
        (f"{one.name}, {one.owner}", _("hilang %(units)s dari %(sent)s",
         units=lines.units(one.lost), sent=one.sent))
        for one in lost
    ]  # fmt: skip
    keepers = {
        person_id
        for place_id in (shipment.from_place_id, shipment.to_place_id)
        for person_id in access.people_who(db, KEEP, place_id)
    }
    ways = [(_("Cocokkan barang"), f"/koord/cocok?tempat={shipment.to_place_id}")]
    return Told(facts, lines.people(db, sorted(keepers)), ways)


def over_or_short(db: Session, asked: Asked) -> list[Line]:
    """Counts of a drawer that found too much or too little in the last days, the newest first."""
    query = (
        select(DrawerCount, Place.organisation_id, Place.name, TradingDay.id)
        .join(TradingDay, TradingDay.id == DrawerCount.day_id)
        .join(Place, Place.id == TradingDay.place_id)
        .where(
            Place.organisation_id.in_(asked.boards),
            DrawerCount.counted != DrawerCount.expected,
            DrawerCount.counted_at > _since(),
            notes.unnoted(DRAWER, Place.organisation_id, DrawerCount.id),
        )
        .order_by(DrawerCount.counted_at.desc())
        .limit(asked.most)
    )
    if asked.thing:
        query = query.where(cast(DrawerCount.id, Text) == asked.thing)
    return [
        Line(
            organisation_id,
            str(found.id),
            _over(found.difference, place)
            if found.difference > 0
            else _short(found.difference, place),
            _("Dihitung %(day)s", day=tanggal(found.counted_at.astimezone(clock.WIB).date())),
        )
        for found, organisation_id, place, _day in db.execute(query)
    ]


def _over(amount: int, place: str) -> str:
    return str(_("Uang di %(place)s lebih %(amount)s", place=place, amount=rupiah(amount)))


def _short(amount: int, place: str) -> str:
    return str(_("Uang di %(place)s kurang %(amount)s", place=place, amount=rupiah(-amount)))


def _tell_drawer(db: Session, line: Line) -> Told:
    query = select(DrawerCount).where(cast(DrawerCount.id, Text) == line.thing)
    (found,) = db.scalars(query)
    ways = {"cash": _("Uang di laci"), "qris": _("Uang QRIS")}
    facts = [
        (_("Yang dihitung"), ways[found.way]),
        (_("Menurut buku"), rupiah(found.expected)),
        (_("Yang ada"), rupiah(found.counted)),
    ]
    if found.words:
        facts.append((_("Kata penjaga"), found.words))
    report = [(_("Laporan hari itu"), f"/kios-kerja/hari/{found.day_id}")]
    return Told(facts, lines.people(db, [found.counted_by]), report)


lines.add(Topic(COUNT, _l("Hitungan belum selesai"), _l("Lihat hitungannya"), 26, "box", left_open))
lines.add(Topic(SHORT, _l("Kiriman kurang"), _l("Lihat kirimannya"), 24, "truck",
                came_short, _tell_short, _l("Sudah saya urus")))  # fmt: skip
lines.add(Topic(DRAWER, _l("Selisih uang"), _l("Lihat selisihnya"), 23, "cash",
                over_or_short, _tell_drawer, _l("Sudah saya urus")))  # fmt: skip
