"""Money that waits too long: counted and not paid, earned and not counted, cash on its way."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Text, and_, cast, func, select, text
from sqlalchemy.orm import Session

from cooperatives.half_hour import lines, notes
from cooperatives.half_hour.lines import Asked, Line, Told, Topic
from cooperatives.half_hour.settings import HalfHourSettings
from cooperatives.models import Account, Bag, Payee, Place, Settlement
from cooperatives.models.books import Kind
from cooperatives.rights import TREASURE
from core import access, clock
from core.config import settings
from core.people import Person
from core.words import rupiah, tanggal

UNPAID, UNCOUNTED, BAG = "unpaid", "uncounted", "bag"
A_WEEK = timedelta(days=7)
FACTS_MAX = 100

_UNCOUNTED = text(
    "select o.id, (select max(begun_at) from settlement_round where organisation_id = o.id) last_at"
    " from organisation o where o.id = any(:boards) and (:thing = '' or o.id::text = :thing)"
    " and not exists (select from settlement_round r where r.organisation_id = o.id"
    "  and r.begun_at > :before)"
    " and not exists (select from half_hour_note n where n.organisation_id = o.id"
    "  and n.topic = 'uncounted' and n.thing = o.id::text and n.quiet_until >= :today)"
    " and exists (select from account a left join carried_page c on c.account_id = a.id"
    "  where a.organisation_id = o.id and a.kind = 'maker'"
    "  and (select coalesce(sum(e.amount), 0) from entry e join journal j on j.id = e.journal_id"
    "   left join settlement_entry t on t.entry_id = e.id where e.account_id = a.id"
    "   and e.id >= coalesce(c.open_from, 0) and t.entry_id is null and j.posted_at <= :before)"
    "  < 0)"
    " order by 2 nulls first, o.id limit :most"
)
"""Sums are looked for only where nothing was counted for so long."""


def _days() -> int:
    return settings(HalfHourSettings).money_wait_days


def _next() -> date:
    return clock.today() + A_WEEK


def unpaid(db: Session, asked: Asked) -> list[Line]:
    """One line for each organisation whose members wait for money that was counted for them."""
    query = (
        select(Account.organisation_id, func.count().label("members"),
               func.sum(Settlement.total).label("total"),
               func.min(Settlement.closed_on).label("on"))
        .join(Account, Account.id == Settlement.account_id)
        .where(_is_late(), Account.organisation_id.in_(asked.boards))
        .where(notes.unnoted(UNPAID, Account.organisation_id, Account.organisation_id))
        .group_by(Account.organisation_id)
        .order_by("on")
        .limit(asked.most)
    )  # fmt: skip
    if asked.thing:
        query = query.where(cast(Account.organisation_id, Text) == asked.thing)
    return [
        Line(
            row.organisation_id,
            str(row.organisation_id),
            _("Uang %(n)s hitungan belum dibayar: %(amount)s", n=row.members,
              amount=rupiah(int(row.total))),
            _("Yang paling lama sejak %(day)s", day=tanggal(row.on)),
            is_late=True,
            quiet_until=_next(),
        )
        for row in db.execute(query)
    ]  # fmt: skip


def _is_late() -> ColumnElement[bool]:
    before = clock.today() - timedelta(days=_days())
    is_maker = Account.kind == Kind.MAKER
    return and_(Settlement.state == "closed", Settlement.closed_on <= before, is_maker)


def _tell_unpaid(db: Session, line: Line) -> Told:
    query = (
        select(Settlement.closed_on, Settlement.total, Person.name)
        .join(Account, Account.id == Settlement.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .outerjoin(Person, Person.id == Payee.person_id)
        .where(_is_late(), Account.organisation_id == line.organisation_id)
        .order_by(Settlement.closed_on, Settlement.id)
        .limit(FACTS_MAX)
    )
    facts = [
        (row.name or "", _("%(amount)s sejak %(day)s", amount=rupiah(row.total),
         day=tanggal(row.closed_on)))
        for row in db.execute(query)
    ]  # fmt: skip
    return Told(facts, _treasurers(db, line))


def _treasurers(db: Session, line: Line) -> list[Person]:
    return lines.people(db, access.people_who(db, TREASURE, line.organisation_id))


def uncounted(db: Session, asked: Asked) -> list[Line]:
    """Organisations that have not counted for long what their members earned."""
    today = clock.today()
    values = {
        "boards": sorted(asked.boards),
        "thing": asked.thing,
        "today": today,
        "before": clock.now() - timedelta(days=_days()),
        "most": asked.most,
    }
    return [
        Line(
            row.id,
            str(row.id),
            str(_("Uang anggota belum dihitung bendahara")),
            _last(row.last_at),
            is_late=True,
            quiet_until=_next(),
        )
        for row in db.execute(_UNCOUNTED, values)
    ]


def _last(last_at: datetime | None) -> str:
    if last_at is None:
        return str(_("Belum pernah dihitung, sudah lebih dari %(n)s hari", n=_days()))
    day = tanggal(last_at.astimezone(clock.WIB).date())
    return str(_("Terakhir dihitung %(day)s", day=day))


def _tell_uncounted(db: Session, line: Line) -> Told:
    return Told((), _treasurers(db, line))


def bags(db: Session, asked: Asked) -> list[Line]:
    """Cash that somebody carries to the bank and nobody has seen there, the oldest first."""
    long_ago = clock.now() - timedelta(days=settings(HalfHourSettings).bag_wait_days)
    query = (
        select(Bag, Place.organisation_id, Place.name, Person.call_me)
        .join(Place, Place.id == Bag.place_id)
        .join(Person, Person.id == Bag.carried_by)
        .where(Place.organisation_id.in_(asked.boards))
        .where(Bag.confirmed_at.is_(None), Bag.packed_at <= long_ago)
        .where(notes.unnoted(BAG, Place.organisation_id, Bag.id))
        .order_by(Bag.packed_at, Bag.id)
        .limit(asked.most)
    )
    if asked.thing:
        query = query.where(cast(Bag.id, Text) == asked.thing)
    return [
        Line(
            organisation_id,
            str(bag.id),
            _("Setoran %(amount)s dari %(place)s belum sampai di bank",
              amount=rupiah(bag.amount), place=place),
            _("Dibawa %(who)s sejak %(day)s", who=who,
              day=tanggal(bag.packed_at.astimezone(clock.WIB).date())),
            is_late=True,
            quiet_until=clock.today() + timedelta(days=2),
        )
        for bag, organisation_id, place, who in db.execute(query)
    ]  # fmt: skip


def _tell_bag(db: Session, line: Line) -> Told:
    carrier = db.scalar(select(Bag.carried_by).where(cast(Bag.id, Text) == line.thing))
    return Told((), [*lines.people(db, [carrier or 0]), *_treasurers(db, line)])


lines.add(Topic(UNPAID, _l("Uang belum dibayar"), _l("Lihat rinciannya"), 18, "cash",
                unpaid, _tell_unpaid, _l("Bendahara sudah dihubungi")))  # fmt: skip
lines.add(Topic(UNCOUNTED, _l("Uang belum dihitung"), _l("Hubungi bendahara"), 19, "book",
                uncounted, _tell_uncounted, _l("Bendahara sudah dihubungi")))  # fmt: skip
lines.add(Topic(BAG, _l("Setoran di jalan"), _l("Hubungi"), 21, "cash",
                bags, _tell_bag, _l("Sudah saya urus")))  # fmt: skip
