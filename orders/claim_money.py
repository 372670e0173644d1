"""The money of claims: owed to the buyer, at the cost of whoever bears it.

Where the maker bears it the sale of these pieces is undone: before the parcel is earned out of the
order's held money, afterwards everybody gives back her part of what is left of the frozen shares.
Anybody else who bears it pays from a page of her own, and the maker keeps what she earned.
"""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import ledger
from cooperatives.accounts import Page, own
from cooperatives.ledger import Line as BookLine
from cooperatives.models.books import Kind
from cooperatives.postings import Sale
from cooperatives.sharing import Shares, by_weight
from core import audit, clock, orgs
from core.actors import Actor
from core.errors import DomainError
from orders import claim_parts, earning, money_pages, parcels, refunds
from orders.claim_states import Bearer
from orders.models import (
    Attempt,
    Claim,
    ClaimLine,
    DeliveryRate,
    DeliveryService,
    Line,
    Refund,
)
from orders.models.claims import PARTS
from orders.parcels import Handled
from orders.states import AttemptState

LABEL_MAX = 60
REFUNDABLE = (AttemptState.CAPTURED, AttemptState.PARTLY_REFUNDED, AttemptState.REFUNDED)
Rows = Sequence[tuple[ClaimLine, Line]]


class NotPaidYet(DomainError):
    """Cash that nobody has noted cannot go back."""

    status = 409
    sentence = _("Uang pesanan ini belum dicatat masuk. Catat dulu, baru bisa dikembalikan.")


class WithTheBank(DomainError):
    """The buyer's bank holds the money of this order back: it cannot go back twice."""

    status = 409
    sentence = _("Bank pembeli sedang menahan uang pesanan ini. Tunggu putusannya dulu.")


class PaidBack(DomainError):
    """More pieces, or more delivery fee, than the buyer has not got back already."""

    status = 409
    sentence = _("Sebagian uangnya sudah pernah dikembalikan. Muat ulang halaman ini.")


def rows_of(db: Session, claim: Claim) -> list[tuple[ClaimLine, Line]]:
    """The lines of a claim with the lines of the bill they are about, in the bill's order."""
    db.flush()
    query = (
        select(ClaimLine, Line)
        .join(Line, Line.id == ClaimLine.line_id)
        .where(ClaimLine.claim_id == claim.id)
        .order_by(Line.position)
    )
    return [(row[0], row[1]) for row in db.execute(query)]


def worth(claim: Claim, rows: Rows) -> int:
    """What the buyer gets back by what was offered."""
    return sum(row.granted * line.price for row, line in rows) + claim.fee_back


def pay(db: Session, actor: Actor, handled: Handled, claim: Claim) -> Refund:
    """Owe the buyer of a locked order what her claim gives back.

    Raises NotPaidYet, WithTheBank, PaidBack.
    """
    rows, paid = rows_of(db, claim), _captured(db, handled)
    _refuse_twice(db, handled, claim, rows)
    _cut_parts(db, claim, rows)
    lines = _borne(db, handled, claim, rows)
    refund = refunds.owe(
        db,
        actor=actor,
        order=handled.order,
        attempt=paid,
        amount=worth(claim, rows),
        reason="claim",
        doc=("claim", claim.id),
        given_back=_within_held(db, handled, paid, lines),
    )
    claim.paid_at = clock.now()
    db.flush()
    return refund


def _captured(db: Session, handled: Handled) -> Attempt:
    query = select(Attempt).where(Attempt.order_id == handled.order.id, Attempt.is_capture)
    found = db.scalar(query)
    if found is None:
        raise NotPaidYet
    if found.state not in REFUNDABLE:
        raise WithTheBank
    return found


def _within_held(
    db: Session, handled: Handled, paid: Attempt, lines: Sequence[BookLine]
) -> list[BookLine]:
    """What a transfer was asked less for its last digits is not held; the operator gives it."""
    house = orgs.operator_id(db)
    held = Sale(house, str(handled.order.id)).page(Kind.HELD)
    drawn = sum(amount for page, amount in lines if page == held)
    missing = drawn + ledger.balance(db, held)
    if not 0 < missing <= paid.unique_code:
        return list(lines)
    return [*lines, (held, -missing), (money_pages.taken_off(house), missing)]


def _refuse_twice(db: Session, handled: Handled, claim: Claim, rows: Rows) -> None:
    left = claim_parts.left_of(db, [line for _row, line in rows])
    if any(row.granted > left[line.id].unpaid for row, line in rows):
        raise PaidBack
    if claim.fee_back > handled.parcel.fee - claim_parts.fee_paid(db, handled.parcel.id):
        raise PaidBack


def _cut_parts(db: Session, claim: Claim, rows: Rows) -> None:
    """Cut the parts of undone pieces out of what is left; the last refund takes the exact rest."""
    left = claim_parts.left_of(db, [line for _row, line in rows])
    for row, line in rows:
        rest = left[line.id]
        parts = Shares()
        if claim.bearer == Bearer.MAKER and row.granted:
            parts = rest.shares.units(row.granted, rest.units)
        _write_parts(row, parts)
    db.flush()


def _write_parts(row: ClaimLine, parts: Shares) -> None:
    for part in PARTS:
        setattr(row, part, getattr(parts, part.removesuffix("_part")))


def make_good(db: Session, actor: Actor, handled: Handled, claim: Claim) -> None:
    """Other goods were handed over for nothing: whoever bears it pays the maker her part of them.

    Where she bears it herself there is nothing to book.
    """
    if lines := _borne(db, handled, claim, rows_of(db, claim)):
        _post(db, actor, handled, ("claim", claim.id), lines)


def move_cost(db: Session, actor: Actor, handled: Handled, claim: Claim, bearer: Bearer) -> None:
    """Somebody else bears what a claim cost, or will cost."""
    before, claim_rows = claim.bearer, rows_of(db, claim)
    is_booked = claim.paid_at is not None or claim.replaced_at is not None
    old = _borne(db, handled, claim, claim_rows) if is_booked else []
    claim.bearer, claim.bearer_changes = bearer.value, claim.bearer_changes + 1
    if is_booked:
        if claim.paid_at is not None:
            _cut_anew(db, claim, claim_rows)
        new = _borne(db, handled, claim, claim_rows)
        new = _within_held(db, handled, _captured(db, handled), new)
        doc = ("claim_bearer", f"{claim.id}:{claim.bearer_changes}")
        _post(db, actor, handled, doc, [*new, *((page, -amount) for page, amount in old)])
    audit.record(db, actor, "claim.bearer", "claim", claim.id, before=before, now=bearer.value)


def _cut_anew(db: Session, claim: Claim, rows: Rows) -> None:
    """Parts as if this claim had been paid last, by its new bearer."""
    paid_at, claim.paid_at = claim.paid_at, None
    _cut_parts(db, claim, rows)
    claim.paid_at = paid_at
    db.flush()


def _post(
    db: Session,
    actor: Actor,
    handled: Handled,
    doc: tuple[str, object],
    lines: Sequence[BookLine],
) -> None:
    order_id = str(handled.order.id)
    ledger.post(db, actor=actor, kind="claim_cost", doc=doc, lines=lines, memo=order_id)


def _borne(db: Session, handled: Handled, claim: Claim, rows: Rows) -> list[BookLine]:
    """Whose pages give: for money as much as the buyer gets, for goods what the maker gets."""
    if claim.offer == "money":
        if claim.bearer == Bearer.MAKER:
            return _undone(db, handled, claim, rows)
        return [(_page_of(db, handled, claim), worth(claim, rows))]
    if claim.bearer == Bearer.MAKER:
        return []
    sharing = earning.sharers(db, orgs.operator_id(db), handled.place, [ln for _r, ln in rows])
    lost = {line.id: _makers_part(row, line) for row, line in rows}
    theirs = [
        (page, -amount)
        for line_id, part in lost.items()
        for page, amount in sharing[line_id].lines(Shares(maker=part))
    ]
    return [(_page_of(db, handled, claim), sum(lost.values())), *theirs]


def _makers_part(row: ClaimLine, line: Line) -> int:
    return parcels.given_shares(line).units(row.granted, line.given).maker if line.given else 0


def _undone(db: Session, handled: Handled, claim: Claim, rows: Rows) -> list[BookLine]:
    house = orgs.operator_id(db)
    sharing = earning.sharers(db, house, handled.place, [line for _row, line in rows])
    own_fee = claim.fee_back if handled.place.kind == "home" else 0
    if claim_parts.is_to_earn(handled.parcel):
        goods = sum(row.granted * line.price for row, line in rows)
        given = [(Sale(house, str(handled.order.id)).page(Kind.HELD), goods + own_fee)]
    else:
        given = [
            entry
            for row, line in rows
            for entry in sharing[line.id].lines(claim_parts.shares_in(row))
        ]
        given.append((earning.courier(db, house, handled.place), own_fee))
    if claim.fee_back and not own_fee:  # The kiosk paid the courier: its makers bear that too.
        weights = [row.granted * line.price for row, line in rows]
        fees = by_weight(claim.fee_back, weights)
        for (_row, line), fee in zip(rows, fees, strict=True):
            given += sharing[line.id].lines(Shares(maker=fee))
    return given


def _page_of(db: Session, handled: Handled, claim: Claim) -> Page:
    """The page of a bearer who is not the maker."""
    house, place = orgs.operator_id(db), handled.place
    match Bearer(claim.bearer):
        case Bearer.KIOSK:
            return own(Kind.KIOSK, place.organisation_id, place.slug)
        case Bearer.COURIER:
            return own(Kind.COURIER, house, _courier_label(db, handled))
        case Bearer.RISK_FUND:
            return own(Kind.RISK_FUND, place.organisation_id)
        case bearer:
            assert bearer is Bearer.OPERATOR, bearer
            return own(Kind.OPERATOR, house)


def _courier_label(db: Session, handled: Handled) -> str:
    """The courier as the operator's page is labelled: what it owes us for what it broke."""
    query = (
        select(DeliveryService.code)
        .join(DeliveryRate, DeliveryRate.service_id == DeliveryService.id)
        .where(DeliveryRate.id == handled.parcel.rate_id)
    )
    return (db.scalar(query) or "kurir")[:LABEL_MAX]
