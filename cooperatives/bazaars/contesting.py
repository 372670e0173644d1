"""A member contests what a closed bazaar says of her goods; who coordinates the host decides.

Nothing of the closing changes: units that turn out to be hers to be paid are paid out of the host's
risk fund, at what a sale would have brought her, or the line stays, and both read the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import ledger
from cooperatives.accounts import own
from cooperatives.bazaars import bazaar_news, closing, coming_back, sight
from cooperatives.models import Bazaar, BazaarLine, Lot, Movement
from cooperatives.models.books import Kind
from cooperatives.settings import CooperativeSettings
from core import audit, clock
from core.actors import Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from sellers.models import Listing, Variant
from sellers.owning import own_shop

WORDS_MAX = 200
OUTCOMES = {"paid": _l("Dibayar"), "kept": _l("Hasil bazar tetap")}


class SaysNothing(DomainError):
    """What is wrong, or why it stays, is said in words."""

    sentence = _l("Tulis dulu alasannya.")


class TooLate(DomainError):
    """The days in which it can be contested are over, or it was decided."""

    status = 409
    sentence = _l("Waktunya sudah lewat, atau sudah diputuskan.")


class NotHersToDecide(DomainError):
    """Who counted goods, or owns them, does not decide whether they were counted well."""

    status = 409
    sentence = _l("Ibu ikut menghitung barang ini. Minta orang lain memutuskan.")


class TooManyUnits(DomainError):
    """More would be paid than was brought and not paid yet."""

    def __init__(self, most: int) -> None:
        super().__init__(_l("Paling banyak %(most)s yang belum dibayar.", most=most))


@dataclass(frozen=True, slots=True)
class Result:
    """A line of a closed bazaar with the name of its goods, and whether it can be contested."""

    line: BazaarLine
    name: str
    is_open: bool

    @property
    def waits(self) -> bool:
        """Whether it was contested and nobody has decided."""
        return self.line.contested_at is not None and self.line.answered_at is None


def until(bazaar: Bazaar) -> datetime:
    """Until when an owner can contest."""
    assert bazaar.closed_at is not None, "an open bazaar has no lines"
    return bazaar.closed_at + timedelta(days=settings(CooperativeSettings).count_contest_days)


def unpaid(line: BazaarLine, *, host_bears: bool) -> int:
    """Units that were there and that she has not been paid for."""
    made_good = max(0, line.lost - line.found) if host_bears else 0
    return line.brought + line.found - line.sold - made_good


def results_of(db: Reader, bazaar: Bazaar, *conditions: Any) -> Sequence[Result]:
    """Lines of a closed bazaar by name; the caller says whose, and has checked who asks."""
    if bazaar.closed_at is None:
        return []
    query = (
        select(BazaarLine, Listing.name, Variant.name.label("size"))
        .join(Lot, Lot.id == BazaarLine.lot_id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .where(BazaarLine.bazaar_id == bazaar.id, *conditions)
        .order_by(Listing.name, Variant.name, BazaarLine.lot_id)
    )
    in_time = clock.now() <= until(bazaar)
    return [
        Result(line, f"{name} {size}".strip(), in_time and line.contested_at is None)
        for line, name, size in db.execute(query)
    ]


@in_transaction()
def contest(
    db: Session, *, actor: Actor, bazaar_id: int, seller_id: int, lot_id: int, words: str
) -> None:
    """The owner says what is wrong with a line. Raises SaysNothing, TooLate, NotFound."""
    seller = own_shop(db, actor, seller_id)
    bazaar, line = _line(db, bazaar_id, lot_id)
    if line.seller_id != seller.id:
        raise NotFound
    said = words.strip()[:WORDS_MAX]
    if not said:
        raise SaysNothing
    (result,) = results_of(db, bazaar, BazaarLine.lot_id == lot_id)
    if not result.is_open:
        raise TooLate
    line.contest, line.contested_at = said, clock.now()
    bazaar_news.ask_decision(db, bazaar, line, result.name)
    audit.record(db, actor, "bazaar.contest", "bazaar", bazaar.id, lot=lot_id)


@in_transaction(retries=3)
def decide(
    db: Session, *, actor: Actor, bazaar_id: int, lot_id: int, units: int, words: str
) -> None:
    """Pay so many units of a contested line to its owner, or none, with the reason.

    Raises SaysNothing, TooLate, TooManyUnits, NotHersToDecide, NotFound.
    """
    bazaar = sight.as_host(db, actor, bazaar_id)
    bazaar, line = _line(db, bazaar.id, lot_id)
    said = words.strip()[:WORDS_MAX]
    if not said:
        raise SaysNothing
    if line.contested_at is None or line.answered_at is not None:
        raise TooLate
    _refuse_involved(db, actor, bazaar, line)
    most = unpaid(line, host_bears=bazaar.lost_by == "host")
    if not 0 <= units <= most:
        raise TooManyUnits(most)
    line.outcome, line.answer = ("paid" if units else "kept"), said
    line.answered_by, line.answered_at = actor.person_id, clock.now()
    line.paid_units = units
    if units:
        _pay(db, actor, bazaar, line)
    bazaar_news.tell_decided(db, actor, line)
    audit.record(db, actor, "bazaar.answer", "bazaar", bazaar.id, lot=lot_id, units=units)


def _line(db: Session, bazaar_id: int, lot_id: int) -> tuple[Bazaar, BazaarLine]:
    """A frozen line, locked; raises NotFound."""
    key = (bazaar_id, lot_id)
    bazaar = db.get(Bazaar, bazaar_id)
    line = db.get(BazaarLine, key, with_for_update=True, populate_existing=True)
    if bazaar is None or line is None:
        raise NotFound
    return bazaar, line


def _refuse_involved(db: Session, actor: Actor, bazaar: Bazaar, line: BazaarLine) -> None:
    counted = select(Movement.id).where(
        Movement.lot_id == line.lot_id,
        Movement.doc_type == coming_back.DOC,
        Movement.actor_id == actor.person_id,
        (Movement.from_place_id == bazaar.place_id) | (Movement.to_place_id == bazaar.place_id),
    )
    owner = closing.pages_of(db, [line.seller_id])[line.seller_id].owner
    is_hers = actor.person_id is not None and owner.person_id == actor.person_id
    if is_hers or db.scalar(counted.limit(1)) is not None:
        raise NotHersToDecide


def _pay(db: Session, actor: Actor, bazaar: Bazaar, line: BazaarLine) -> None:
    line.paid = closing.worth_to_owner(db, {line.lot_id: line.paid_units})[line.lot_id]
    if line.paid:
        hers = closing.pages_of(db, [line.seller_id])[line.seller_id]
        fund = own(Kind.RISK_FUND, bazaar.organisation_id)
        ledger.post(
            db,
            actor=actor,
            kind="bazaar_lost",
            doc=bazaar_news.doc_of(line),
            lines=[(hers, -line.paid), (fund, line.paid)],
            memo=bazaar.name,
        )
