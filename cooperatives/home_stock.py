"""Her own plus and minus: each press is an act of its own, never a new number over an old one.

What she presses has happened, so nothing is refused: goods come into the day's lot at home, or go,
promised ones too (a shortfall). Acts may come late, twice and in any order. A minus that finds less
than it takes leaves a *gap*; the next plus fills it, so the end is the same in whatever order.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from cooperatives import levels, lots, movements, places
from cooperatives.goods import BadGoods
from cooperatives.holds import Doc
from cooperatives.levels import Standing
from cooperatives.lots import Goods
from cooperatives.models.stock import Level, Lot, Movement, Place
from cooperatives.movements import BEYOND, Cause, Move
from cooperatives.settings import CooperativeSettings
from core import acts, audit
from core.actors import Actor
from core.clock import WIB
from core.config import settings
from core.errors import Busy
from sellers.helping import deeds, limits
from sellers.models import Listing
from sellers.owning import own_variant
from sellers.rights import STOCK

DOC = "home_stock"
ACT = "stock.change"
MADE = "made"
WHY_LESS = {
    "sold": _l("Dijual sendiri"),
    "broken": _l("Rusak"),
    "used": _l("Dipakai"),
    "miscount": _l("Salah hitung"),
}
WORDS = {MADE: _l("Ditambah"), **WHY_LESS}
FILLED = "fills what was taken beyond what was on record"
FILLING_LINES = 500  # A gap is filled on lines behind those of the act itself.
PRESSED = ("receive", "sale", "waste")  # What a press posts; the rest follows from it.


@dataclass(frozen=True, slots=True)
class AtHome:
    """What stands at home of one size: all of it, what buyers were promised, and what is missing
    on record because more went than had come.
    """

    variant_id: int
    left: int
    promised: int
    gap: int

    @property
    def sentence(self) -> str:
        """The answer to a press, in words."""
        said = [_("Stok tinggal %(left)s.", left=self.left) if self.left else _("Stok habis.")]
        if self.promised:
            said.append(_("%(promised)s sudah dipesan pembeli.", promised=self.promised))
        if self.gap:
            said.append(_("%(gap)s belum tercatat masuk.", gap=self.gap))
        return " ".join(said)

    @property
    def answer(self) -> dict[str, Any]:
        """The same for a phone."""
        return {
            "variant": self.variant_id,
            "left": self.left,
            "promised": self.promised,
            "gap": self.gap,
            "sentence": self.sentence,
        }


@acts.handles(ACT, version=1, label=_l("Ubah stok"))
def handle(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime | None, content: Mapping[str, Any]
) -> dict[str, Any]:
    """One press, as its form says it: `variant`, `press` (`more`, or why fewer) and `quantity`,
    which is 1 unless said; or `undoes`, an earlier press.

    Raises BadGoods, NotFound; Busy where the press to be undone has not come yet.
    """
    if undoes := content.get("undoes"):
        return undo(db, actor=actor, act_id=act_id, undoes=_uuid(undoes), at=at).answer
    press = str(content.get("press"))
    if press != "more" and press not in WHY_LESS:
        raise BadGoods
    units = _number(content.get("quantity") or "1")
    by, why = (units, MADE) if press == "more" else (-units, press)
    variant_id = _number(content.get("variant"))
    return change(
        db, actor=actor, act_id=act_id, variant_id=variant_id, by=by, why=why, at=at
    ).answer


def _number(said: Any) -> int:
    """A whole number as a form or a phone says it; more digits would not go into a column."""
    if not re.fullmatch("[0-9]{1,9}", str(said)):
        raise BadGoods
    return int(said)


def _uuid(said: Any) -> UUID:
    try:
        return UUID(str(said))
    except ValueError:
        raise BadGoods from None


def change(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,
    variant_id: int,
    by: int,
    why: str,
    at: datetime | None = None,
) -> AtHome:
    """So many more or fewer of a size at her home. Raises BadGoods, NotFound."""
    if not 0 < abs(by) <= settings(CooperativeSettings).units_max:
        raise BadGoods
    listing, _variant = own_variant(db, actor, variant_id, STOCK)  # Locked: one press at a time.
    home = places.home_of(db, listing.seller_id)
    cause = Cause.of(actor, Doc(DOC, str(act_id)), at)
    if not movements.posted(db, cause.doc, *PRESSED):
        limits.stock(db, actor, listing.seller_id, variant_id, by)
        before = at_home(db, home, variant_id).left
        if by > 0:
            moves = [_more(db, cause, home, listing, variant_id, by)]
        else:
            moves = _fewer(db, cause, home, listing, variant_id, -by, why)
        movements.post(db, cause, moves, is_fact=True)
        _fill_gap(db, cause, home, variant_id)
        left = at_home(db, home, variant_id).left
        deeds.record(
            db, actor, "stock.press", "variant", variant_id, seller_id=listing.seller_id,
            before={"left": before}, after={"left": left, "by": by, "act": str(act_id)},
            by=by, why=why,
        )  # fmt: skip
    return at_home(db, home, variant_id)


def undo(
    db: Session, *, actor: Actor, act_id: UUID, undoes: UUID, at: datetime | None = None
) -> AtHome:
    """Take a press back by its mirror image, once. Raises Busy where it has not come yet."""
    pressed = movements.posted(db, Doc(DOC, str(undoes)), *PRESSED)
    if not pressed:
        raise Busy
    variant_id = db.scalars(select(Lot.variant_id).where(Lot.id == pressed[0].lot_id)).one()
    listing, _variant = own_variant(db, actor, variant_id, STOCK)
    home = places.home_of(db, listing.seller_id)
    cause = Cause.of(actor, Doc(DOC, str(act_id)), at)
    ids = [movement.id for movement in pressed]
    if db.scalar(select(Movement.id).where(Movement.reverses_id.in_(ids)).limit(1)) is None:
        movements.post(db, cause, [_mirror(one) for one in pressed], is_fact=True)
        _fill_gap(db, cause, home, variant_id)
        audit.record(db, actor, "stock.press_undone", "variant", variant_id)
    return at_home(db, home, variant_id)


def _mirror(one: Movement) -> Move:
    return Move(
        "reversal",
        one.lot_id,
        one.to_place_id,
        one.from_place_id,
        one.quantity,
        one.line,
        reverses_id=one.id,
    )


def _more(
    db: Session, cause: Cause, home: Place, listing: Listing, variant_id: int, units: int
) -> Move:
    """Into the lot of that day, or into a new one that keeps as long as she says such goods do."""
    day = cause.happened_at.astimezone(WIB).date()
    lot = _newest_lot(db, home, variant_id)
    if lot is None or lot.received_at.astimezone(WIB).date() != day:
        keeps = listing.shelf_life_days
        until = day + timedelta(days=keeps) if keeps else None
        made = Goods(variant_id, units, until)
        lot = lots.bring(db, listing.seller_id, [made], received_at=cause.happened_at)[0]
    return Move("receive", lot.id, places.virtual(db, "consignor"), home.id, units, reason=MADE)


def _newest_lot(db: Session, home: Place, variant_id: int) -> Lot | None:
    """The lot of hers that came home last."""
    query = (
        select(Lot)
        .join(Level, Level.lot_id == Lot.id)
        .where(Lot.variant_id == variant_id, Level.place_id == home.id)
        .order_by(Lot.received_at.desc(), Lot.id.desc())
        .limit(1)
    )
    return db.scalar(query)


def _fewer(
    db: Session,
    cause: Cause,
    home: Place,
    listing: Listing,
    variant_id: int,
    units: int,
    why: str,
) -> list[Move]:
    """Out of the lots at home; what no lot has goes from the newest and leaves a gap."""
    standings = _lock(db, home, variant_id)
    taken = share_out(standings, units)
    if missing := units - sum(taken.values()):
        newest = _newest_lot(db, home, variant_id)
        if newest is None:
            newest = lots.bring(db, listing.seller_id, [Goods(variant_id, 1)])[0]
            levels.stand(db, home.id, [newest.id])
        taken[newest.id] = taken.get(newest.id, 0) + missing
    kind, sink = ("sale", "customer") if why == "sold" else ("waste", "shrinkage")
    past = {one.lot_id for one in standings if kind == "sale" and cause.is_past(one)}
    ends = (home.id, places.virtual(db, sink))
    return [
        Move(kind, lot_id, *ends, part, line, why, is_flagged=lot_id in past)
        for line, (lot_id, part) in enumerate(sorted(taken.items()))
    ]


def _lock(db: Session, home: Place, variant_id: int) -> list[Standing]:
    return levels.lock(db, Level.variant_id == variant_id, Level.place_id == home.id)


def share_out(standings: Sequence[Standing], units: int) -> dict[int, int]:
    """Which lots so many units leave: free goods first, the first to expire first; then promised
    ones, the last to expire first. What is not there is in none.
    """
    in_turn = sorted(standings, key=lambda one: one.turn)
    taken: dict[int, int] = {}
    for room in ([(one, one.unpromised) for one in in_turn],
                 [(one, one.reserved) for one in reversed(in_turn)]):  # fmt: skip
        for one, there in room:
            if part := min(units, there):
                taken[one.lot_id] = taken.get(one.lot_id, 0) + part
                units -= part
    return taken


def _fill_gap(db: Session, cause: Cause, home: Place, variant_id: int) -> None:
    """Goods that have now come on record are those that went before."""
    gap = _gap(db, home, variant_id)
    if not gap:
        return
    sink = places.virtual(db, "shrinkage")
    taken = share_out(_lock(db, home, variant_id), gap)
    moves = [
        Move("count", lot_id, home.id, sink, part, FILLING_LINES + line, FILLED)
        for line, (lot_id, part) in enumerate(sorted(taken.items()))
    ]
    if moves:
        movements.post(db, cause, moves, is_fact=True)


def _gap(db: Session, home: Place, variant_id: int) -> int:
    """Units that presses took beyond what was on record, less what has filled that since."""
    signed = case((Movement.to_place_id == home.id, Movement.quantity), else_=-Movement.quantity)
    query = (
        select(func.coalesce(func.sum(signed), 0))
        .join(Lot, Lot.id == Movement.lot_id)
        .where(Lot.variant_id == variant_id, Movement.doc_type == DOC, Movement.kind == "count")
        .where(or_(Movement.to_place_id == home.id, Movement.from_place_id == home.id))
        .where(Movement.reason.in_((BEYOND, FILLED)))
    )
    return int(db.scalars(query).one())


def at_home(db: Session, home: Place, variant_id: int) -> AtHome:
    """How much of a size stands at a home."""
    sums = select(
        func.coalesce(func.sum(Level.on_hand), 0), func.coalesce(func.sum(Level.reserved), 0)
    ).where(Level.variant_id == variant_id, Level.place_id == home.id)
    left, promised = db.execute(sums).one()
    return AtHome(variant_id, int(left), int(promised), _gap(db, home, variant_id))
