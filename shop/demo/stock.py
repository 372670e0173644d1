"""Goods of the demo world: at home, on the kiosk's shelf, and over its counter.

The numbers in `data/stock.json` are what came in; what stands there in the end is the demo's own.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import goods, places
from cooperatives.counter import Scan
from cooperatives.holds import Doc
from cooperatives.lots import Goods
from cooperatives.movements import BACK_MAX
from cooperatives.receiving import intake
from cooperatives.receiving.asked import Line
from core import clock
from orders.till import opening, sale
from orders.till.said import Said, SaidLine
from sellers.models import Variant
from shop.demo.cast import Cast, act_id, day, morning, read

KEEPER = "u-harti"
SOLD_A_DAY = 3
A_DAY = timedelta(days=1)


def bring_home(db: Session, cast: Cast) -> None:
    """Every maker writes down what she has at home."""
    written = read("stock")["home"]
    made = day(written["made"])
    seller_of = {row["key"]: row["seller"] for row in read("listings")["listings"]}
    by_seller: dict[str, list[dict[str, Any]]] = {}
    for line in written["goods"]:
        by_seller.setdefault(seller_of[line["product"]], []).append(line)
    for seller, lines in by_seller.items():
        home = places.home_of(db, cast.shops[seller])
        goods.receive_goods.within(
            db,
            actor=cast.actor(seller),
            doc=Doc("handover", f"demo-{seller}"),
            owner_id=cast.shops[seller],
            place_id=home.id,
            goods=_goods(cast, lines, made),
            device_at=morning(made),
        )


def fill_kiosk(db: Session, cast: Cast) -> None:
    """The keeper takes in what makers bring, and sells part of it in the days that follow."""
    keeper = cast.actor(KEEPER)
    sold: dict[date, list[Scan]] = {}
    for paper in read("stock")["kiosk"]:
        received = day(paper["received"])
        came_on = max(received, _longest_ago())
        intake.take_in(
            db,
            actor=keeper,
            note_id=act_id("note", paper["receipt"]),
            place_id=cast.kiosk_id,
            owner_id=cast.shops[paper["seller"]],
            brought=[
                Line(one.variant_id, one.quantity, one.best_before, one.batch)
                for one in _goods(cast, paper["goods"], received)
            ],
            at=morning(came_on),
        )
        for line in paper["goods"]:
            for on, taken in _sales(line.get("sold_over_counter", 0), came_on):
                sold.setdefault(on, []).append(Scan(cast.variants[line["product"]], taken))
    _sell(db, cast, sold)


def _sell(db: Session, cast: Cast, sold: Mapping[date, Sequence[Scan]]) -> None:
    """What went over the counter, one sale for each day, in cash and once in a while by QRIS."""
    device = act_id("till", "kiosk")
    sign = opening.sign_of(db, places.get_place(db, cast.kiosk_id), device)
    prices = {row.id: row.price for row in db.execute(select(Variant.id, Variant.price))}
    for number, (on, scans) in enumerate(sorted(sold.items()), 1):
        lines = tuple(SaidLine(*scan[:2], price=prices[scan.variant_id]) for scan in scans)
        total = sum(line.quantity * line.price for line in lines)
        by_qris = total if number % 3 == 0 else 0
        sale_id = act_id("till_sale", f"{on:%y%m%d}")
        told = Said(
            place_id=cast.kiosk_id,
            device_id=device,
            number=f"{sign}-{number}",
            code=sale_id.hex,
            lines=lines,
            cash=total - by_qris,
            qris=by_qris,
        )
        sale.record(db, actor=cast.actor(KEEPER), sale_id=sale_id, at=morning(on, 11), told=told)


def _longest_ago() -> date:
    """The oldest whole day on which the house believes a phone's clock."""
    return clock.today() - BACK_MAX + A_DAY


def _goods(cast: Cast, lines: list[dict[str, Any]], made: date) -> list[Goods]:
    keeps = {
        row["key"]: row["details"].get("shelf_life_days") for row in read("listings")["listings"]
    }
    return [
        Goods(
            cast.variants[line["product"] + ("-sample" if line.get("is_sample") else "")],
            line["quantity"],
            _best_before(line, made, keeps[line["product"]]),
            f"{made:%y%m%d}-{line['product']}",
        )
        for line in lines
    ]


def _best_before(line: dict[str, Any], made: date, keeps_days: int | None) -> date | None:
    """What the paper says, else as long as such goods keep."""
    if "best_before" in line:
        return day(line["best_before"])
    return made + timedelta(days=keeps_days) if keeps_days else None


def _sales(units: int, came_on: date) -> Iterator[tuple[date, int]]:
    """A few pieces a day, from the day after they came."""
    while units:
        came_on += A_DAY
        yield came_on, min(units, SOLD_A_DAY)
        units -= min(units, SOLD_A_DAY)
