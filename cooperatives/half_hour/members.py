"""Members nobody has heard of, and permits of theirs that end."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Text, cast, select, text
from sqlalchemy.orm import Session, aliased

from cooperatives import places
from cooperatives.half_hour import lines, notes
from cooperatives.half_hour.lines import Asked, Line, Told, Topic
from cooperatives.half_hour.settings import HalfHourSettings
from core import clock
from core.config import settings
from core.people import Person
from core.words import tanggal
from sellers import permit_numbers
from sellers.helping.mandates import is_alive
from sellers.helping.models import Mandate
from sellers.models import Permit, Seller
from sellers.permits import months_after
from sellers.settings import SellerSettings

SILENT, PERMIT = "silent", "permit"
TWO_WEEKS = timedelta(days=14)

_SILENT = text(
    "with quiet as materialized (select * from ("
    "  select m.cooperative_id, p.id person_id, p.call_me, greatest("
    "   m.joined_on at time zone 'Asia/Jakarta',"
    "   (select max(last_seen_at) from sign_in where person_id = p.id),"
    "   (select max(at) from audit where actor_id = p.id),"
    "   (select max(at) from audit where on_behalf_of = p.id)) heard_at"
    "  from membership m join person p on p.id = m.person_id"
    "  where m.cooperative_id = any(:boards) and m.left_on is null and p.erased_at is null"
    "  and (:thing = '' or p.id::text = :thing) and not exists (select from half_hour_note n"
    "   where n.organisation_id = m.cooperative_id and n.topic = 'silent'"
    "   and n.thing = p.id::text and n.quiet_until >= :today)"
    " ) seen where heard_at < :since),"
    " moved as materialized ("
    "  select s.person_id from movement m join lot l on l.id = m.lot_id"
    "  join seller s on s.id = l.owner_id"
    "  where m.to_place_id = :customer and m.posted_at >= :since union"
    "  select s.person_id from movement m join lot l on l.id = m.lot_id"
    "  join seller s on s.id = l.owner_id"
    "  where m.from_place_id = :consignor and m.posted_at >= :since),"
    " silent as materialized (select * from quiet where person_id not in"
    "  (select person_id from moved where person_id is not null)"
    "  order by heard_at, person_id limit :most)"
    " select silent.*, greatest(heard_at, ("
    "  select max(newest.at) from seller s join lot l on l.owner_id = s.id, lateral ("
    "   select posted_at at from movement where lot_id = l.id order by id desc limit 1) newest"
    "  where s.person_id = silent.person_id)) last_at from silent order by heard_at, person_id"
)
"""Her last sign by indexes, then what was sold and brought lately; the past is read of nobody else
than of those who are told of."""


def silent(db: Session, asked: Asked) -> list[Line]:
    """Members of whom nothing was sold, brought, changed or signed in for some days."""
    today, days = clock.today(), settings(HalfHourSettings).silent_days
    values = {
        "boards": sorted(asked.boards),
        "thing": asked.thing,
        "today": today,
        "since": datetime.combine(today - timedelta(days=days), time(), clock.WIB),
        "most": asked.most,
        "customer": places.virtual(db, "customer"),
        "consignor": places.virtual(db, "consignor"),
    }
    return [
        Line(
            row.cooperative_id,
            str(row.person_id),
            _("Lama tidak ada kabar dari %(call_me)s", call_me=row.call_me),
            _("Sejak %(day)s tidak menjual, mengantar, atau masuk.", day=_day(row.last_at)),
            person_id=row.person_id,
            quiet_until=today + timedelta(days=days),
        )
        for row in db.execute(_SILENT, values)
    ]


def _day(moment: datetime) -> str:
    return tanggal(moment.astimezone(clock.WIB).date())


def _tell_silent(db: Session, line: Line) -> Told:
    assert line.person_id is not None
    helpers = _helpers(db, line.person_id)
    facts = [(_("Yang membantu"), ", ".join(one.call_me for one in helpers))] if helpers else []
    herself = lines.people(db, [line.person_id])
    return Told(facts, [*herself, *helpers], [(_("Data anggota"), "/koord/anggota")])


def _helpers(db: Session, person_id: int) -> list[Person]:
    helper = aliased(Person)
    query = (
        select(helper)
        .join(Mandate, Mandate.helper_id == helper.id)
        .where(Mandate.owner_id == person_id, is_alive(clock.now()))
        .order_by(helper.name)
    )
    return list(db.scalars(query).unique())


def ending(db: Session, asked: Asked) -> list[Line]:
    """Permits that end within the first reminder's months, or have ended; the first to end first.

    Talked about early, a permit is quiet until the second reminder; after that for two weeks.
    """
    rules, today = settings(SellerSettings), clock.today()
    late = months_after(today, rules.permit_late_months)
    query = (
        select(Permit.id, Permit.kind, Permit.number, Permit.is_sample, Permit.valid_until,
               Seller.organisation_id, Seller.store_name, Seller.person_id)
        .join(Seller, Seller.id == Permit.seller_id)
        .where(
            Seller.organisation_id.in_(asked.boards),
            Seller.closed_at.is_(None),
            Permit.number.is_not(None),
            Permit.valid_until <= months_after(today, rules.permit_early_months),
            notes.unnoted(PERMIT, Seller.organisation_id, Permit.id),
        )
        .order_by(Permit.valid_until, Permit.id)
        .limit(asked.most)
    )  # fmt: skip
    if asked.thing:
        query = query.where(cast(Permit.id, Text) == asked.thing)
    return [_ending(row, today, late) for row in db.execute(query)]


def _ending(row: Any, today: date, late: date) -> Line:
    shown = permit_numbers.display(row.kind, row.number, is_sample=row.is_sample)
    has_ended, day = row.valid_until < today, tanggal(row.valid_until)
    detail = _("Berakhir tanggal %(day)s", day=day)
    if has_ended:
        detail = _("Sudah berakhir tanggal %(day)s", day=day)
    second = months_after(row.valid_until, -settings(SellerSettings).permit_late_months)
    return Line(
        row.organisation_id,
        str(row.id),
        _("Izin %(shop)s: %(permit)s", shop=row.store_name, permit=shown),
        detail,
        is_late=row.valid_until <= late,
        person_id=row.person_id,
        quiet_until=second - timedelta(days=1) if row.valid_until > late else today + TWO_WEEKS,
    )


def _tell_permit(db: Session, line: Line) -> Told:
    if line.person_id is None:
        return Told()
    helpers = _helpers(db, line.person_id)
    return Told((), [*lines.people(db, [line.person_id]), *helpers])


lines.add(Topic(SILENT, _l("Lama tanpa kabar"), _l("Hubungi"), 50, "phone",
                silent, _tell_silent, _l("Sudah saya hubungi")))  # fmt: skip
lines.add(Topic(PERMIT, _l("Izin yang berakhir"), _l("Hubungi"), 55, "calendar",
                ending, _tell_permit, _l("Sudah dibicarakan")))  # fmt: skip
