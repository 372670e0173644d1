"""Consignment terms: who takes how much of a sale, by channel and by kind of place.

Terms are written in versions and never edited. A lot keeps the version it came in under, so a new
one only counts for goods taken in from its day on. Fees may fall at once; a rise, or the end of
selling somewhere, is announced ahead, so that a maker can take her goods elsewhere.
"""

from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from cooperatives import fair_terms
from cooperatives.fair_terms import OddShares, Rates
from cooperatives.models.members import MISSING_BEARERS, Terms, TermsRate
from cooperatives.rights import require_board
from cooperatives.sharing import Rate
from core import audit, clock
from core.actors import Actor
from core.config import setting, settings
from core.db import Reader, Ready, in_transaction
from core.errors import DomainError, NotFound
from core.orgs import Organisation

MISSING = "kiosk"
"""Who answers for missing goods where nothing else was agreed: whoever minds them."""

DEFAULT_RATES: Rates = MappingProxyType(
    {
        ("web", "home"): Rate(cooperative_bp=500, operator_bp=200),
        ("web", "kiosk"): Rate(cooperative_bp=500, operator_bp=200),
        ("counter", "kiosk"): Rate(cooperative_bp=500, kiosk_bp=1000),
        ("bazaar", "bazaar"): Rate(cooperative_bp=500),
    }
)


@dataclass(frozen=True)
class TermsSettings:
    """What consignment reads from the environment."""

    fee_notice_days: int = setting(
        "LUMBUNG_FEE_NOTICE_DAYS",
        "Days between announcing a higher fee and its first day",
        30,
        law=_l("Potongan yang naik diumumkan sekian hari sebelumnya"),
    )


class NoTerms(NotFound):
    """The cooperative had no terms on that day, so it can take nothing in."""

    sentence = _l("Koperasi ini belum punya aturan titip jual.")


class NotSoldHere(DomainError):
    """The terms name no share for this channel and kind of place."""

    sentence = _l("Aturan titip jual belum mengatur penjualan di sini.")


class TooSoon(DomainError):
    """A fee would rise sooner than makers must be told, or terms would reach into the past."""

    sentence = _l("Aturan baru berlaku paling cepat hari ini.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version of a cooperative's terms with all its rates."""

    id: int
    organisation_id: int
    version: int
    valid_from: date
    note: str
    rates: Rates
    missing: str = MISSING


def current_terms(db: Reader, organisation_id: int, on: date | None = None) -> Sheet:
    """The terms in force on a day, today if none is given; raises NoTerms."""
    query = select(Terms.id).where(
        Terms.organisation_id == organisation_id, Terms.valid_from <= (on or clock.today())
    )
    query = query.order_by(Terms.valid_from.desc(), Terms.version.desc()).limit(1)
    newest = db.scalar(query)
    if newest is None:
        raise NoTerms
    return sheets(db, [newest])[newest]


def list_terms(db: Reader, organisation_id: int, most: int = 20) -> list[Sheet]:
    """The newest versions, those announced for later first; anybody may read them."""
    query = select(Terms.id).where(Terms.organisation_id == organisation_id)
    ids = list(db.scalars(query.order_by(Terms.version.desc()).limit(most)))
    found = sheets(db, ids)
    return [found[terms_id] for terms_id in ids]


_TERMS = bindparam("terms", type_=ARRAY(BigInteger))
_SHEETS = Ready(
    select(Terms.__table__, TermsRate.__table__)
    .select_from(Terms)
    .join(TermsRate, isouter=True)
    .where(Terms.id == any_(_TERMS))
)


def sheets(db: Reader, terms_ids: list[int]) -> dict[int, Sheet]:
    """Versions by id, as lots name them; they never change, so nothing here is ever stale."""
    rows = _SHEETS.rows(db, {"terms": terms_ids})
    rates: dict[int, dict[tuple[str, str], Rate]] = {}
    for row in rows:
        known = rates.setdefault(row.id, {})
        if row.channel is not None:
            known[row.channel, row.place_kind] = rate_of(row)
    return {
        row.id: Sheet(
            row.id,
            row.organisation_id,
            row.version,
            row.valid_from,
            row.note,
            rates[row.id],
            row.missing,
        )
        for row in rows
    }


RATES = tuple(getattr(TermsRate, each.name) for each in fields(Rate))
"""The columns of a rate, for queries that read it with other things."""


def rate_of(row: Any) -> Rate:
    """The rate in a row that has the columns `RATES`."""
    return Rate(**{each.name: getattr(row, each.name) for each in fields(Rate)})


def rate(terms: Sheet, channel: str, place_kind: str) -> Rate:
    """What the terms say about selling on a channel from a kind of place; raises NotSoldHere."""
    try:
        return terms.rates[channel, place_kind]
    except KeyError:
        raise NotSoldHere from None


def rate_at_home(db: Reader, organisation_id: int) -> Rate | None:
    """What is taken of goods sold on the web from a maker's home; None where nothing says so."""
    try:
        return rate(current_terms(db, organisation_id), "web", "home")
    except (NoTerms, NotSoldHere):
        return None


@in_transaction(retries=3)
def write_terms(
    db: Session,
    *,
    actor: Actor,
    organisation_id: int,
    valid_from: date,
    rates: Rates,
    note: str = "",
    missing: str = MISSING,
) -> Sheet:
    """Write the next version; the first one of a cooperative may reach back to its founding.

    Raises OddShares for impossible shares, TooSoon for a day in the past or a rise without notice.
    """
    require_board(db, actor, organisation_id)
    return add_version(
        db,
        actor=actor,
        organisation_id=organisation_id,
        valid_from=valid_from,
        rates=rates,
        note=note,
        missing=missing,
    )


def add_version(
    db: Session,
    *,
    actor: Actor,
    organisation_id: int,
    valid_from: date,
    rates: Rates,
    note: str = "",
    missing: str = MISSING,
) -> Sheet:
    """The same for whoever has checked the right already, as at the founding of a cooperative."""
    for place, asked in rates.items():
        fair_terms.check(place, asked)
    if missing not in MISSING_BEARERS:
        raise OddShares
    version = _next_version(db, organisation_id)
    if version > 1:
        _check_notice(db, organisation_id, valid_from, rates, missing)
    terms = Terms(
        organisation_id=organisation_id,
        version=version,
        valid_from=valid_from,
        note=note,
        missing=missing,
        written_by=actor.person_id,
    )
    db.add(terms)
    db.flush()
    db.add_all(_row(terms.id, place, asked) for place, asked in rates.items())
    db.flush()
    audit.record(
        db, actor, "terms.write", "terms", terms.id, organisation=organisation_id, version=version
    )
    return Sheet(terms.id, organisation_id, version, valid_from, note, dict(rates), missing)


def _next_version(db: Session, organisation_id: int) -> int:
    """Versions count without gaps: writers of one cooperative wait for each other here."""
    lock = select(Organisation.id).where(Organisation.id == organisation_id)
    if db.scalar(lock.with_for_update(key_share=True)) is None:
        raise NotFound
    newest = select(func.max(Terms.version)).where(Terms.organisation_id == organisation_id)
    return (db.scalar(newest) or 0) + 1


def _check_notice(
    db: Session, organisation_id: int, valid_from: date, rates: Rates, missing: str
) -> None:
    if valid_from < clock.today():
        raise TooSoon
    before = current_terms(db, organisation_id, valid_from)
    days = settings(TermsSettings).fee_notice_days
    rises = fair_terms.rises(before.rates, rates) or (
        missing == "owner" and before.missing != "owner"
    )
    if rises and valid_from < clock.today() + timedelta(days=days):
        sentence = _l("Potongan yang naik harus diumumkan %(days)d hari sebelumnya.", days=days)
        raise TooSoon(sentence)


def _row(terms_id: int, place: tuple[str, str], asked: Rate) -> TermsRate:
    return TermsRate(
        terms_id=terms_id,
        channel=place[0],
        place_kind=place[1],
        **asdict(asked),
    )
