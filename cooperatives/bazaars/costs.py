"""What a bazaar costs everybody together, and how it is shared: by places or by what was sold.

The rule for the rest: everybody gets her exact part rounded down, then the rupiah that are left go
one each to the largest remainders, the first on the list where two are the same. So the parts are
the sum, always, and each can be checked with a calculator.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cooperatives.bazaars import sight
from cooperatives.bazaars.planning import still_open
from cooperatives.models import Bazaar, BazaarCost, Voucher
from cooperatives.models.vouchers import VoucherKind, VoucherState
from cooperatives.sharing import by_weight
from core import audit, clock
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.money import RUPIAH_MAX

WHAT_MAX = 60
PAID = (VoucherKind.COST.value, "bazaar", VoucherState.BOOKED.value)
"""Kind, purpose and state of a voucher that can be shared."""
VOUCHERS_FROM, VOUCHERS_MOST = timedelta(days=180), 20


class NotACost(DomainError):
    """A cost has a name and an amount."""

    sentence = _("Tulis biaya apa dan berapa rupiah.")


class NotForThisBazaar(DomainError):
    """The voucher is for something else, was undone, or is shared already."""

    status = 409
    sentence = _("Bukti kas ini bukan biaya bazar, atau sudah dipakai.")


class AlreadyShared(DomainError):
    """Members have paid their parts of it."""

    status = 409
    sentence = _("Bukti kas ini sudah dibagi di bazar yang ditutup.")


def parts(total: int, weights: Sequence[int]) -> list[int]:
    """Everybody's part of the costs; all are equal where nobody has any weight."""
    if not weights or total == 0:
        return [0] * len(weights)
    return by_weight(total, weights if any(weights) else [1] * len(weights))


@in_transaction(retries=3)
def write(
    db: Session, *, actor: Actor, cost_id: UUID, bazaar_id: int, what: str, amount: int
) -> BazaarCost:
    """Write a cost down; written again, it is the same one. Raises NotACost, AlreadyClosed."""
    bazaar = sight.as_host(db, actor, bazaar_id)
    if (before := db.get(BazaarCost, cost_id)) is not None:
        if before.bazaar_id != bazaar.id:
            raise NotFound
        return before
    still_open(bazaar)
    if not what.strip() or not 0 < amount <= RUPIAH_MAX:
        raise NotACost
    cost = BazaarCost(id=cost_id, bazaar_id=bazaar.id, what=what.strip()[:WHAT_MAX], amount=amount)
    db.add(cost)
    audit.record(db, actor, "bazaar.cost", "bazaar", bazaar.id, amount=amount)
    return cost


@in_transaction(retries=3)
def share_voucher(
    db: Session, *, actor: Actor, cost_id: UUID, bazaar_id: int, voucher_id: UUID
) -> BazaarCost:
    """Share what the host has paid, with its amount and words; written again, it is the same one.

    Raises NotForThisBazaar, AlreadyClosed, NotFound.
    """
    bazaar = sight.as_host(db, actor, bazaar_id)
    if (before := db.get(BazaarCost, cost_id)) is not None:
        if before.bazaar_id != bazaar.id:
            raise NotFound
        return before
    still_open(bazaar)
    voucher = db.get(Voucher, voucher_id, with_for_update=True, populate_existing=True)
    if voucher is None or voucher.organisation_id != bazaar.organisation_id:
        raise NotFound
    if (voucher.kind, voucher.category, voucher.state) != PAID or _shared(db, voucher_id):
        raise NotForThisBazaar
    what = voucher.words or str(_("Biaya bazar"))
    cost = BazaarCost(
        id=cost_id,
        bazaar_id=bazaar.id,
        what=what[:WHAT_MAX],
        amount=voucher.amount,
        voucher_id=voucher.id,
    )
    db.add(cost)
    audit.record(db, actor, "bazaar.cost", "bazaar", bazaar.id, amount=cost.amount)
    return cost


def voucher_undone(db: Session, actor: Actor, voucher_id: UUID) -> None:
    """A voucher was a mistake: it is no cost of a bazaar either. Raises AlreadyShared."""
    cost = _shared(db, voucher_id)
    if cost is None:
        return
    bazaar = db.get_one(Bazaar, cost.bazaar_id, with_for_update=True, populate_existing=True)
    if bazaar.closed_at is not None:
        raise AlreadyShared
    cost.struck_at = clock.now()
    audit.record(db, actor, "bazaar.cost_struck", "bazaar", bazaar.id, amount=cost.amount)


def _shared(db: Session, voucher_id: UUID) -> BazaarCost | None:
    query = select(BazaarCost).where(
        BazaarCost.voucher_id == voucher_id, BazaarCost.struck_at.is_(None)
    )
    return db.scalar(query)


def vouchers_for(db: Reader, bazaar: Bazaar) -> Sequence[Any]:
    """What the host has paid for bazaars lately and not shared yet: id, words, amount, day."""
    shared = select(BazaarCost.id).where(
        BazaarCost.voucher_id == Voucher.id, BazaarCost.struck_at.is_(None)
    )
    query = (
        select(Voucher.id, Voucher.words, Voucher.amount, Voucher.happened_on)
        .where(Voucher.organisation_id == bazaar.organisation_id, ~shared.exists())
        .where(tuple_(Voucher.kind, Voucher.category, Voucher.state) == PAID)
        .where(Voucher.happened_on >= bazaar.starts_on - VOUCHERS_FROM)
        .order_by(Voucher.happened_on.desc(), Voucher.created_at.desc())
    )
    return db.execute(query.limit(VOUCHERS_MOST)).all()


@in_transaction(retries=3)
def strike(db: Session, *, actor: Actor, bazaar_id: int, cost_id: UUID) -> None:
    """A cost was written by mistake: it stays, struck out, and counts no more."""
    bazaar = still_open(sight.as_host(db, actor, bazaar_id))
    cost = db.get(BazaarCost, cost_id, with_for_update=True, populate_existing=True)
    if cost is None or cost.bazaar_id != bazaar.id:
        raise NotFound
    if cost.struck_at is None:
        cost.struck_at = clock.now()
        audit.record(db, actor, "bazaar.cost_struck", "bazaar", bazaar.id, amount=cost.amount)


def list_costs(db: Reader, bazaar_id: int) -> list[BazaarCost]:
    """Every cost, struck ones too, in the order of writing."""
    query = select(BazaarCost).where(BazaarCost.bazaar_id == bazaar_id)
    return list(db.execute(query.order_by(BazaarCost.written_at, BazaarCost.id)).scalars())


def total(costs: Sequence[BazaarCost]) -> int:
    """What counts of them."""
    return sum(cost.amount for cost in costs if cost.struck_at is None)
