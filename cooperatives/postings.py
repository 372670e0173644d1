"""A sale's life in the books: captured, earned, refunded, surplus, fees, and what a drawer lacks.

`orders` calls these by reference inside its own transaction. Each is booked once per document, and
every order keeps its money on pages of its own, labelled with its id, until it is earned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cooperatives import cuts
from cooperatives.accounts import Owner, Page, own
from cooperatives.ledger import Line, post
from cooperatives.models.books import MONEY, Journal, Kind
from cooperatives.sharing import Shares
from core.actors import Actor


@dataclass(frozen=True, slots=True)
class Parties:
    """Who shares one line: the lot says the maker and her cooperative, the place says the kiosk.

    `kiosk` is the kiosk's organisation and its label (the place's slug).
    """

    house_id: int
    maker: Owner
    cooperative_id: int
    kiosk: tuple[int, str] | None = None
    affiliate: Owner | None = None

    def lines(self, shares: Shares) -> list[Line]:
        """Everybody's page with her part, as debits: what each gives back in a refund."""
        pages = [
            (self.maker_page(), shares.maker),
            (own(Kind.COOPERATIVE, self.cooperative_id), shares.cooperative),
            (own(Kind.OPERATOR, self.house_id), shares.operator),
        ]
        if shares.kiosk:
            assert self.kiosk is not None, "a kiosk's share needs a kiosk"
            pages.append((own(Kind.KIOSK, *self.kiosk), shares.kiosk))
        if shares.affiliate:
            assert self.affiliate is not None, "an affiliate's share needs an affiliate"
            page = Page(Kind.AFFILIATE, self.house_id, self.affiliate)
            pages.append((page, shares.affiliate))
        return pages

    def fee_page(self, payer: str) -> Page:
        """Where a gateway's fee is booked, by what the line's frozen terms say."""
        if payer == "maker":
            return self.maker_page()
        organisation_id = self.cooperative_id if payer == "cooperative" else self.house_id
        return own(Kind.GATEWAY_FEE, organisation_id)

    def maker_page(self) -> Page:
        """Her page in the books of her cooperative."""
        return Page(Kind.MAKER, self.cooperative_id, self.maker)


@dataclass(frozen=True, slots=True)
class Sale:
    """One order, as the books know it: the operator who keeps its money, and its id."""

    house_id: int
    order_id: str

    def page(self, kind: Kind) -> Page:
        """One of the order's own pages."""
        return own(kind, self.house_id, self.order_id)


def captured(
    db: Session,
    *,
    actor: Actor,
    sale: Sale,
    attempt_id: object,
    money: Page,
    amount: int,
    kept: Kind = Kind.HELD,
    joined: int = 0,
    happened_at: datetime | None = None,
) -> Journal:
    """The buyer has paid: the money is somewhere, and held for the order.

    Who pays twice or too late pays a surplus: it is kept as SURPLUS_DUE and goes back by itself. A
    part of the money is kept there too until its rest comes; `joined` is what then moves along.
    """
    assert money.kind in MONEY, money
    assert kept in (Kind.HELD, Kind.SURPLUS_DUE), kept
    assert joined == 0 or kept is Kind.HELD, "only what pays takes parts along"
    return post(
        db,
        actor=actor,
        kind="captured",
        doc=("attempt", attempt_id),
        lines=[
            (money, amount - joined),
            *([(sale.page(Kind.SURPLUS_DUE), joined)] if joined else []),
            (sale.page(kept), -amount),
        ],
        memo=sale.order_id,
        happened_at=happened_at,
    )


def earned(
    db: Session,
    *,
    actor: Actor,
    sale: Sale,
    parcel_id: object,
    shared: Sequence[tuple[Parties, Shares]],
    delivery: Line | None = None,
    borne: Line | None = None,
    happened_at: datetime | None = None,
) -> Journal:
    """A parcel is handed over, paid, and its quiet days are over: held money becomes theirs.

    `delivery` is the courier's page and the delivery fee; `borne` is the page that gives what was
    taken off the buyer's bill, so that nobody else gets less for it.
    """
    theirs = [line for parties, shares in shared for line in parties.lines(shares)]
    theirs += [delivery] if delivery else []
    theirs += [(borne[0], -borne[1])] if borne else []
    journal = post(
        db,
        actor=actor,
        kind="earned",
        doc=("parcel", parcel_id),
        lines=[(sale.page(Kind.HELD), sum(amount for _page, amount in theirs))]
        + [(page, -amount) for page, amount in theirs],
        memo=sale.order_id,
        happened_at=happened_at,
    )
    cuts.write(db, journal.id, [(parties.maker_page(), shares) for parties, shares in shared])
    return journal


def refunded(
    db: Session,
    *,
    actor: Actor,
    sale: Sale,
    refund_id: object,
    amount: int,
    given_back: Sequence[Line] | None = None,
    unborne: Line | None = None,
    happened_at: datetime | None = None,
) -> Journal:
    """The buyer shall get money back: out of what is held, or of what was earned already.

    `given_back` says who bears what: `Parties.lines` of each line's part, or a risk fund. Where
    that is more than she paid, `unborne` is the page that had borne the difference.
    """
    lines = list(given_back or [(sale.page(Kind.HELD), amount)])
    lines += [(unborne[0], -unborne[1])] if unborne else []
    return post(
        db,
        actor=actor,
        kind="refunded",
        doc=("refund", refund_id),
        lines=[*lines, (sale.page(Kind.REFUND_DUE), -amount)],
        memo=sale.order_id,
        happened_at=happened_at,
    )


def refund_sent(
    db: Session,
    *,
    actor: Actor,
    sale: Sale,
    refund_id: object,
    money: Page,
    amount: int,
    kept: Kind = Kind.REFUND_DUE,
    happened_at: datetime | None = None,
) -> Journal:
    """A refund, or a surplus, has left through the gateway, the bank or the drawer."""
    assert money.kind in MONEY, money
    assert kept in (Kind.REFUND_DUE, Kind.SURPLUS_DUE), kept
    return post(
        db,
        actor=actor,
        kind="refund_sent",
        doc=("refund", refund_id),
        lines=[(sale.page(kept), amount), (money, -amount)],
        memo=sale.order_id,
        happened_at=happened_at,
    )


def taken_back(
    db: Session,
    *,
    actor: Actor,
    sale: Sale,
    attempt_id: object,
    money: Page,
    amount: int,
    kept: Kind = Kind.HELD,
) -> Journal:
    """A settlement was undone by the bank before anything came of it: the mirror of `captured`."""
    assert kept in (Kind.HELD, Kind.SURPLUS_DUE), kept
    return post(
        db,
        actor=actor,
        kind="taken_back",
        doc=("attempt", attempt_id),
        lines=[(sale.page(kept), amount), (money, -amount)],
        memo=sale.order_id,
    )


def borne(
    db: Session, *, actor: Actor, attempt_id: object, claim: Page, bearer: Page, amount: int
) -> Journal:
    """A lost dispute: what the buyer's bank kept is borne by somebody."""
    return post(
        db,
        actor=actor,
        kind="borne",
        doc=("attempt", attempt_id),
        lines=[(bearer, amount), (claim, -amount)],
    )


def gateway_fee(
    db: Session,
    *,
    actor: Actor,
    doc: tuple[str, object],
    money: Page,
    bearers: Sequence[Line],
    memo: str = "",
) -> Journal:
    """A gateway kept its fee; `bearers` are `Parties.fee_page` with their parts of it.

    The document is the attempt, or the line of a report for a fee that is for no payment.
    """
    fee = sum(amount for _page, amount in bearers)
    return post(
        db,
        actor=actor,
        kind="gateway_fee",
        doc=doc,
        lines=[*bearers, (money, -fee)],
        memo=memo,
    )


def moved(
    db: Session,
    *,
    actor: Actor,
    doc: tuple[str, object],
    giving: Page,
    taking: Page,
    amount: int,
    happened_at: datetime | None = None,
) -> Journal:
    """Our own money changed its place: a gateway paid out to the bank, a drawer was emptied."""
    assert {giving.kind, taking.kind} <= MONEY, (giving, taking)
    return post(
        db,
        actor=actor,
        kind="moved",
        doc=doc,
        lines=[(taking, amount), (giving, -amount)],
        happened_at=happened_at,
    )


def drawer_differs(
    db: Session,
    *,
    actor: Actor,
    count_id: object,
    drawer: Page,
    difference: int,
    odd: Page | None = None,
) -> Journal:
    """A counted drawer holds more (positive) or less (negative) than the books say.

    `odd` is who answers for it, where that is not whose books the drawer stands in.
    """
    odd = odd or own(Kind.OVER_SHORT, drawer.organisation_id, drawer.label)
    return post(
        db,
        actor=actor,
        kind="over_short",
        doc=("cash_count", count_id),
        lines=[(drawer, difference), (odd, -difference)],
    )
