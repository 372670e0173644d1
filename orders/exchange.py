"""The table of exchange rates that the operator's treasurers keep, and who may change it how far.

A rate that is far from the last one, or the first of its currency, counts only when a second
treasurer agrees. One that was not renewed for some days is offered to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cooperatives.rights import TREASURE
from core import access, audit, clock, jobs, orgs, tasks
from core.access import SamePerson
from core.actors import Actor
from core.config import settings
from core.db import db as database
from core.db import in_transaction
from core.errors import DomainError
from orders import currencies
from orders.models import ExchangeRate
from orders.settings import OrderSettings
from orders.states import IllegalMove

RUPIAH_MOST = 1_000_000  # No currency is worth more.
SOURCE_MAX = 120
SECOND_PERSON_TIME = timedelta(days=1)
RENEW = tasks.declare("exchange.renew", _("Perbarui kurs %(currency)s"))
AGREE = tasks.declare("exchange.agree", _("Periksa kurs baru %(currency)s"))
SAMPLE_SOURCE = "CONTOH, kurs rekaan"
SAMPLES = {
    "HKD": 2_120, "TWD": 512, "SGD": 12_650, "MYR": 3_910, "USD": 16_500, "AUD": 10_750,
    "JPY": 108, "KRW": 12, "SAR": 4_400, "AED": 4_490, "KWD": 53_700, "EUR": 19_100, "GBP": 21_700,
}  # fmt: skip


class OddRate(DomainError):
    """No currency is worth that."""

    sentence = _("Tulis kurs dalam rupiah untuk satu unit, contoh 16500 atau 11,85.")


@dataclass(frozen=True, slots=True)
class Rate:
    """What one whole unit of a currency costs her, our margin included."""

    currency: str
    rate_micros: int


class Rates(Protocol):
    """Where rates come from."""

    def now(self, db: Session) -> Mapping[str, Rate]:
        """The rates that may be offered now, by currency."""


class TreasurersTable:
    """What the treasurers have set, as long as it is fresh, less the margin."""

    def now(self, db: Session) -> Mapping[str, Rate]:
        """A lower rate is more of her money: the margin pays Stripe and a rate that moves."""
        less = 10_000 - settings(OrderSettings).card_margin_points
        return {
            row.currency: Rate(row.currency, row.rate_micros * less // 10_000)
            for row in in_force(db).values()
            if not is_stale(row)
        }


RATES: Rates = TreasurersTable()


def in_force(db: Session) -> dict[str, ExchangeRate]:
    """The newest rate of each currency that nobody has to agree to any more."""
    return _last_of_each(db, select(func.max(ExchangeRate.id)).where(~ExchangeRate.needs_second))


def newest(db: Session) -> dict[str, ExchangeRate]:
    """The newest row of each currency, be it a proposal."""
    return _last_of_each(db, select(func.max(ExchangeRate.id)))


def _last_of_each(db: Session, ids: Select[int]) -> dict[str, ExchangeRate]:
    wanted = ExchangeRate.id.in_(ids.group_by(ExchangeRate.currency))
    return {row.currency: row for row in db.scalars(select(ExchangeRate).where(wanted))}


def is_stale(row: ExchangeRate) -> bool:
    """Whether it was not renewed for too long."""
    days = settings(OrderSettings).rate_days
    return row.valid_from < clock.now() - timedelta(days=days)


def require(db: Session, actor: Actor) -> None:
    """Only the operator's treasurers; raises NotFound."""
    access.require(db, actor, TREASURE, orgs.operator_id(db))


@in_transaction(retries=3)
def set_rate(
    db: Session, *, actor: Actor, currency: str, rate_micros: int, source: str = ""
) -> bool:
    """Set a rate from now on; says whether it is in force at once. Raises OddRate, NotFound."""
    require(db, actor)
    _one_at_a_time(db)
    if currency not in currencies.OFFERED:
        raise OddRate
    if not 0 < rate_micros <= RUPIAH_MOST * currencies.RATE_MICROS:
        raise OddRate
    last = in_force(db).get(currency)
    row = ExchangeRate(
        currency=currency,
        rate_micros=rate_micros,
        source=" ".join(source.split())[:SOURCE_MAX],
        needs_second=last is None or _is_far(last.rate_micros, rate_micros),
        set_by=actor.person_id,
    )
    _write(db, actor, row)
    if row.needs_second:
        tasks.write(
            db,
            AGREE,
            doc=("currency", currency),
            link="/kas/kurs",
            holders=(TREASURE, orgs.operator_id(db)),
            due_at=clock.now() + SECOND_PERSON_TIME,
            facts={"currency": currency},
        )
    return not row.needs_second


@in_transaction(retries=3)
def agree(db: Session, *, actor: Actor, rate_id: int) -> None:
    """A second treasurer agrees to the newest proposal. Raises SamePerson, IllegalMove."""
    require(db, actor)
    _one_at_a_time(db)
    asked = db.get(ExchangeRate, rate_id)
    if asked is None or not asked.needs_second or newest(db)[asked.currency].id != rate_id:
        raise IllegalMove
    if asked.set_by == actor.person_id:
        raise SamePerson
    _write(
        db,
        actor,
        ExchangeRate(
            currency=asked.currency,
            rate_micros=asked.rate_micros,
            source=asked.source,
            set_by=actor.person_id,
            first_by=asked.set_by,
        ),
    )


def _is_far(last: int, new: int) -> bool:
    return abs(new - last) * 100 > last * settings(OrderSettings).rate_step_percent


def _one_at_a_time(db: Session) -> None:
    db.execute(select(func.pg_advisory_xact_lock(func.hashtext("exchange_rate"))))


def _write(db: Session, actor: Actor, row: ExchangeRate) -> None:
    db.add(row)
    db.flush()
    audit.record(db, actor, "exchange.set", "exchange_rate", row.id, currency=row.currency)
    if not row.needs_second:
        for kind in (RENEW, AGREE):
            tasks.close(db, kind, actor=actor, doc=("currency", row.currency), reason="set")


@jobs.job("orders.ask_for_rates", key=None, cron="15 0 * * *")
def ask_for_rates() -> None:
    """Ask the treasurers to renew what has become stale, once each."""
    stale = [row.currency for row in in_force(database.session()).values() if is_stale(row)]
    if stale:
        _ask_for(wanted=stale)


@in_transaction(retries=3)
def _ask_for(db: Session, *, wanted: list[str]) -> None:
    for currency in wanted:
        tasks.write(
            db,
            RENEW,
            doc=("currency", currency),
            link="/kas/kurs",
            holders=(TREASURE, orgs.operator_id(db)),
            due_at=clock.now() + SECOND_PERSON_TIME,
            facts={"currency": currency},
        )


@in_transaction()
def load_samples(db: Session, *, actor: Actor) -> None:
    """Invented rates for the demo world, marked as such."""
    for currency, rupiah in SAMPLES.items():
        micros = rupiah * currencies.RATE_MICROS
        row = ExchangeRate(currency=currency, rate_micros=micros, source=SAMPLE_SOURCE)
        _write(db, actor, row)
