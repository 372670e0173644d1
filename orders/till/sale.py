"""A sale at a till: an order that is paid, handed over and earned at once.

What a till tells has happened, online or hours ago without signal, so it is never refused for what
the records say: what they did not know is booked in, flagged, and shown to keeper and coordinator.
The act's id becomes the order's id, so a sale is written once however often it is sent.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import counter, places, postings
from cooperatives.bazaars import closing
from cooperatives.days import Posting, books_of
from cooperatives.models import Place
from cooperatives.postings import Sale
from cooperatives.rights import COORDINATE
from core import acts, audit, clock, orgs, tasks
from core.actors import Actor
from core.errors import NotFound
from orders import events, inviting
from orders.checkout import order_doc
from orders.models import Attempt, CounterLine, CounterSale, Line, Order, Parcel
from orders.parcels import Handled
from orders.till import bundles, flags, money, said
from orders.till.flags import Flag
from orders.till.said import Said
from orders.till.sharing_out import pieces
from orders.till.sold import CHANNELS, Sold, described, marks, promised
from sellers.owning import refuse_helpers

ACT = "till.sale"


@acts.handles(ACT, version=1, label=_l("Penjualan di kasir"))
def handle(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """One sale as a till tells it. Raises NoSale, MoneyDiffers; NotFound at a strange place."""
    return record(db, actor=actor, sale_id=act_id, at=at, told=said.read(content))


def record(db: Session, *, actor: Actor, sale_id: UUID, at: datetime, told: Said) -> dict[str, Any]:
    """Write the sale whole: goods, order, money and everybody's part. Answers what the till shows:
    number, total, flags, and in words what was promised to others.
    """
    refuse_helpers(actor)
    place = places.tended(db, actor, told.place_id)
    if place.kind not in CHANNELS:
        raise NotFound
    closing.wait_for_closing(db, place)
    began, posting = clock.now(), books_of(db, place.id, at)
    picks = counter.sell_at_counter(
        db,
        actor=actor,
        place_id=place.id,
        lines=[line.scan for line in told.lines],
        doc=order_doc(sale_id),
        device_at=at,
    )
    house = orgs.operator_id(db)
    invited = inviting.by_word(db, actor, told.invite)
    packages = bundles.known(db, told.lines)
    sold = described(db, house, place, pieces(told.lines, picks), invited, packages)
    broken = promised(db, place, sold, began)
    order, is_renamed = _write_order(db, actor, sale_id, at, told, place)
    sale = _write_sale(db, actor, order, posting, told)
    known = {
        Flag.PROMISED: bool(broken),
        Flag.NUMBER: is_renamed,
        Flag.INVITE: bool(told.invite) and invited is inviting.NOBODY,
        Flag.PACKAGE: not bundles.is_whole(told.lines, packages),
    }
    found = marks(db, sale_id, sold, known)
    sale.flags = [flag.value for flag in found]
    parcel = _write_goods(db, order, place, sold)
    _book(db, actor, house, Handled(parcel, order, place), sale, sold)
    events.write(db, order, "sold_at_till", actor=actor, parcel=parcel, at=at)
    audit.record(db, actor, "till.sold", "order", order.id, total=order.total)
    _ask_to_look(db, order, place, sale)
    return _answer(order, sale, broken)


def _write_order(
    db: Session, actor: Actor, sale_id: UUID, at: datetime, told: Said, place: Place
) -> tuple[Order, bool]:
    """The order under the device's own number and code, or under others where those are taken."""
    taken = select(Order.id).where((Order.number == told.number) | (Order.code == told.code))
    is_taken = db.scalar(taken.limit(1)) is not None
    order = Order(
        id=sale_id,
        number=f"K-{sale_id.hex[:12].upper()}" if is_taken else told.number,
        code=sale_id.hex if is_taken else told.code,
        channel=CHANNELS[place.kind],
        state="completed",
        method=told.method,
        goods_total=told.total,
        total=told.total,
        language=told.language,
        placed_at=at,
        paid_at=at,
        ended_at=at,
    )
    db.add(order)
    db.flush()
    db.add(
        Attempt(
            id=uuid4(),
            order_id=sale_id,
            number=1,
            method=told.method,
            state="captured",
            gateway_key=f"{order.number}-1",
            amount=told.total,
            reached=told.total,
            is_capture=True,
            noted_by=actor.person_id,
            noted_amount=told.total,
            captured_at=at,
        )
    )
    return order, is_taken


def _write_sale(
    db: Session, actor: Actor, order: Order, posting: Posting, told: Said
) -> CounterSale:
    sale = CounterSale(
        order_id=order.id,
        place_id=told.place_id,
        device_id=told.device_id,
        keeper_id=actor.person_id,
        day_id=posting.day_id,
        is_late=posting.is_late,
        sold_at=order.placed_at,
        cash=told.cash,
        qris=told.qris,
        tendered=told.tendered,
    )
    db.add(sale)
    return sale


def _write_goods(db: Session, order: Order, place: Place, sold: Sequence[Sold]) -> Parcel:
    at = order.placed_at
    parcel = Parcel(
        order_id=order.id,
        place_id=place.id,
        position=0,
        state="earned",
        way="counter",
        weight_grams=sum(one.weight_grams * one.piece.quantity for one in sold),
        **dict.fromkeys(
            ("accepted_at", "packed_at", "handed_over_at", "delivered_at", "quiet_until"), at
        ),
        earned_at=clock.now(),
    )
    db.add(parcel)
    db.flush()
    lines = [_line(order, parcel, place_in_bill, one) for place_in_bill, one in enumerate(sold)]
    db.add_all(lines)
    db.flush()
    db.add_all(
        CounterLine(
            line_id=line.id,
            listed_price=one.listed_price,
            label_price=one.label_price,
            discount=one.line.discount,
            is_scanned=one.line.lot_id == one.piece.pick.lot_id,
        )
        for line, one in zip(lines, sold, strict=True)
    )
    return parcel


def _line(order: Order, parcel: Parcel, position: int, one: Sold) -> Line:
    pick, shares, quantity = one.piece.pick, one.shares, one.piece.quantity
    return Line(
        order_id=order.id,
        parcel_id=parcel.id,
        position=position,
        variant_id=pick.variant_id,
        lot_id=pick.lot_id,
        seller_id=pick.owner_id,
        terms_id=pick.terms_id,
        name=one.name,
        quantity=quantity,
        given=quantity,
        price=one.line.price,
        total=one.line.price * quantity,
        weight_grams=one.weight_grams,
        maker_part=shares.maker,
        cooperative_part=shares.cooperative,
        kiosk_part=shares.kiosk,
        operator_part=shares.operator,
        affiliate_part=shares.affiliate,
        affiliate_id=one.affiliate_id,
        package_id=one.package_id,
    )


def _book(
    db: Session,
    actor: Actor,
    house: int,
    handled: Handled,
    sale: CounterSale,
    sold: Sequence[Sold],
) -> None:
    """The money is in drawer and QRIS, and at once everybody's."""
    db.flush()
    order = handled.order
    booked = Sale(house, str(order.id))
    postings.captured(
        db,
        actor=actor,
        sale=booked,
        attempt_id=attempt_of(db, order).id,
        money=money.taken_by(db, sale),
        amount=order.total,
        happened_at=order.placed_at,
    )
    money.move_on(db, actor=actor, sale=sale, is_undone=False)
    postings.earned(
        db,
        actor=actor,
        sale=booked,
        parcel_id=handled.parcel.id,
        shared=[(one.parties, one.shares) for one in sold],
        happened_at=order.placed_at,
    )


def attempt_of(db: Session, order: Order) -> Attempt:
    """How a sale was paid."""
    return db.scalars(select(Attempt).where(Attempt.order_id == order.id)).one()


def _ask_to_look(db: Session, order: Order, place: Place, sale: CounterSale) -> None:
    if sale.flags:
        tasks.write(
            db,
            flags.LOOK,
            doc=("order", order.id),
            holders=(COORDINATE, place.organisation_id),
            facts={"number": order.number},
            link=flags.address_of(order.id),
        )


def _answer(order: Order, sale: CounterSale, promised: Sequence[str]) -> dict[str, Any]:
    sentence = ""
    if promised:
        names = ", ".join(promised)
        sentence = _("%(names)s sudah dipesan pembeli online. Pesanan itu diurus.", names=names)
    return {
        "number": order.number,
        "code": order.code,
        "total": order.total,
        "flags": sale.flags,
        "promised": list(promised),
        "sentence": sentence,
    }
