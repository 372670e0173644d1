"""Every night what should agree is compared; what does not asks somebody, until it agrees again.

Each floor registers what it can compare. A comparison looks and never mends: who is asked opens
the page and puts it right by a movement or a journal, and the next night the task closes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settings import CooperativeSettings
from core import tasks
from core.access import Right
from core.actors import SYSTEM, Actor
from core.config import settings
from core.db import Reader, be_patient, in_transaction
from core.jobs import job
from core.tasks import Task, TaskKind


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not agree: of which organisation, and where to look at it."""

    doc: tuple[str, object]
    organisation_id: int
    link: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, whom a difference asks, and the question to the database."""

    kind: TaskKind
    right: Right
    find: Callable[[Reader], Sequence[Difference]]


COMPARISONS: list[Comparison] = []


def add(kind: TaskKind, right: Right, find: Callable[[Reader], Sequence[Difference]]) -> None:
    """Add a comparison to those of the night; once, when it is imported."""
    COMPARISONS.append(Comparison(kind, right, find))


STOCK = tasks.declare(
    "compare.stock",
    _("Stok %(place)s berbeda dari catatannya"),
    deed=_("Lihat"),
    many=_("Stok %(count)s tempat berbeda dari catatannya"),
    urgency=20,
)
TRANSIT = tasks.declare(
    "compare.transit",
    _("%(units)s barang di jalan sudah %(days)s hari lebih"),
    deed=_("Lihat"),
    urgency=22,
)
DRAWER = tasks.declare(
    "compare.drawer",
    _("Laci %(drawer)s di buku kurang dari nol"),
    deed=_("Lihat"),
    many=_("%(count)s laci di buku kurang dari nol"),
    urgency=20,
)
SETTLED = tasks.declare(
    "compare.settled",
    _("Hitungan nomor %(number)s berbeda dari yang dibayarkan"),
    deed=_("Lihat"),
    many=_("%(count)s hitungan berbeda dari yang dibayarkan"),
    urgency=20,
)

_STOCK = text(
    "select p.id, p.organisation_id, p.name from place p join ("
    " select l.place_id from level l left join ("
    "  select lot_id, place_id, sum(units) units from ("
    "   select lot_id, to_place_id place_id, quantity units from movement"
    "   union all select lot_id, from_place_id, -quantity from movement) e group by 1, 2"
    " ) m using (lot_id, place_id) where l.on_hand <> coalesce(m.units, 0) group by 1"
    ") wrong on wrong.place_id = p.id order by p.id"
)
_TRANSIT = text(
    "select p.id, p.organisation_id, sum(l.on_hand)::int units from level l"
    " join place p on p.id = l.place_id and p.kind = 'transit'"
    " where l.on_hand > 0 and (select max(m.posted_at) from movement m"
    "  where m.lot_id = l.lot_id and m.to_place_id = l.place_id)"
    "  < now() - make_interval(days => :days) group by p.id order by p.id"
)
_DRAWER = text(
    "select a.id, a.organisation_id, a.label from account a join entry e on e.account_id = a.id"
    " where a.kind = 'cash' group by a.id having sum(e.amount) < 0 order by a.id"
)
_SETTLED = text(
    "select s.id, a.organisation_id from settlement s join account a on a.id = s.account_id"
    " left join settlement_entry t on t.settlement_id = s.id"
    " left join entry e on e.id = t.entry_id group by s.id, a.organisation_id"
    " having coalesce(sum(e.amount), 0) <> case s.state when 'paid' then 0 else -s.total end"
    " order by s.id"
)


def _stock(db: Reader) -> list[Difference]:
    return [
        Difference(("place", row.id), row.organisation_id, f"/koord/cocok?tempat={row.id}",
                   {"place": row.name})
        for row in db.execute(_STOCK)
    ]  # fmt: skip


def _transit(db: Reader) -> list[Difference]:
    days = settings(CooperativeSettings).transit_days
    return [
        Difference(("place", row.id), row.organisation_id, f"/koord/cocok?tempat={row.id}",
                   {"units": row.units, "days": days})
        for row in db.execute(_TRANSIT, {"days": days})
    ]  # fmt: skip


def _drawer(db: Reader) -> list[Difference]:
    return [
        Difference(("account", row.id), row.organisation_id, f"/kas/akun/{row.id}",
                   {"drawer": row.label})
        for row in db.execute(_DRAWER)
    ]  # fmt: skip


def _settled(db: Reader) -> list[Difference]:
    return [
        Difference(("settlement", row.id), row.organisation_id, f"/kas/bayar/hitungan/{row.id}",
                   {"number": row.id})
        for row in db.execute(_SETTLED)
    ]  # fmt: skip


add(STOCK, COORDINATE, _stock)
add(TRANSIT, COORDINATE, _transit)
add(DRAWER, TREASURE, _drawer)
add(SETTLED, TREASURE, _settled)


@in_transaction(retries=3)
def compare(db: Session, *, actor: Actor, comparison: Comparison) -> int:
    """Ask about each difference, once, and close what agrees again; how many differ."""
    be_patient(db)
    found = comparison.find(db)
    for one in found:
        tasks.write(
            db,
            comparison.kind,
            doc=one.doc,
            link=one.link,
            holders=(comparison.right, one.organisation_id),
            facts=one.facts,
        )
    differ = {(one.doc[0], str(one.doc[1])) for one in found}
    asked = select(Task.doc_type, Task.doc_id).where(
        Task.kind == comparison.kind.name, Task.closed_at.is_(None)
    )
    for doc in [(row[0], row[1]) for row in db.execute(asked)]:
        if doc not in differ:
            tasks.close(db, comparison.kind, actor=actor, doc=doc, reason="agrees")
    return len(found)


@job("cooperatives.compare", key=None, cron="10 18 * * *")  # 01.10 in Wonosobo.
def compare_all() -> None:
    """Each comparison in a transaction of its own, so that one long look holds up no other."""
    for comparison in COMPARISONS:
        compare(actor=SYSTEM, comparison=comparison)
