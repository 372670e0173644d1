"""The close of a day: counted against the books, the difference booked and never hidden, once.

Whoever closes holds the day and its pages for herself: a sale in the middle of it is waited for,
and whatever comes later is the next day's. Two phones that close at once make one close.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import places, postings
from cooperatives.days import bags, drawers, figures, pieces
from cooperatives.days.drawers import Desk
from cooperatives.days.pieces import Counted
from cooperatives.days.watching import UNCLOSED
from cooperatives.models.books import Entry
from cooperatives.models.days import DrawerCount, TradingDay
from cooperatives.models.stock import Place
from core import acts, audit, clock, tasks
from core.actors import Actor
from core.config import is_off_in_test
from core.db import in_transaction
from core.errors import DomainError, Forbidden, NotFound

WAYS = ("cash", "qris")


class DayClosed(DomainError):
    """Somebody has closed this day already."""

    status = 409
    sentence = _("Hari ini sudah ditutup. Lihat laporannya.")


class FiguresChanged(DomainError):
    """Something was sold or paid since the page was shown."""

    status = 409
    sentence = _("Ada catatan baru yang masuk. Hitung lagi lacinya, lalu tutup.")


class TooMuchLeft(DomainError):
    """More cannot be left in a drawer than was counted."""

    sentence = _("Uang yang ditinggal lebih besar dari isi laci. Tulis angka yang lebih kecil.")


@in_transaction(retries=3)
def close(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,
    day_id: int,
    counts: Mapping[str, Counted],
    leave: int,
) -> int:
    """Close a day; what is not left in the drawer goes into a bag. Answers with the day's id.

    Raises DayClosed, FiguresChanged, NeedsReason, TooMuchLeft, Conflict, NotFound.
    """
    content = {
        "day": day_id,
        "leave": leave,
        **{way: [counts[way].amount, counts[way].reason, counts[way].words] for way in WAYS},
    }

    def do() -> dict[str, Any]:
        day, place, desk = held(db, actor, day_id)
        _close(db, actor, act_id, day, place, desk, counts, leave)
        return {"day": day.id}

    return int(
        acts.once(db, act_id=act_id, actor=actor, kind="day.close", content=content, do=do)["day"]
    )


def held(db: Session, actor: Actor, day_id: int) -> tuple[TradingDay, Place, Desk]:
    """An open day, its place and its pages, for the actor alone until she has committed.

    Raises DayClosed, NotFound.
    """
    query = select(TradingDay).where(TradingDay.id == day_id)
    if not is_off_in_test("DAY_GUARD_OFF"):
        query = query.with_for_update()
    day = db.scalar(query.execution_options(populate_existing=True))
    if day is None:
        raise NotFound
    place = places.tended(db, actor, day.place_id)
    if day.closed_at is not None:
        raise DayClosed
    desk = drawers.desk(db, place)
    if not is_off_in_test("DAY_GUARD_OFF"):
        drawers.hold(db, desk)
    return day, place, desk


def count(
    db: Session,
    *,
    actor: Actor,
    count_id: UUID,
    day: TradingDay,
    place: Place,
    desk: Desk,
    way: str,
    why: str,
    counted: Counted,
) -> DrawerCount:
    """Keep what was counted, and book what differs. Raises FiguresChanged, NeedsReason."""
    if actor.person_id is None:
        raise Forbidden
    expected = figures.of_day(db, day, desk).of(way).stands
    if expected != counted.seen:
        raise FiguresChanged
    reason, words = pieces.explained(counted, expected)
    made = DrawerCount(
        id=count_id,
        day_id=day.id,
        way=way,
        why=why,
        expected=expected,
        counted=counted.amount,
        pieces=dict(counted.pieces),
        reason=reason,
        words=words,
        counted_by=actor.person_id,
    )
    db.add(made)
    db.flush()
    if made.difference:
        pages = {"cash": drawers.drawer_account, "qris": drawers.qris_account}
        postings.drawer_differs(
            db,
            actor=actor,
            count_id=made.id,
            drawer=pages[way](db, place.id),
            difference=made.difference,
            odd=drawers.odd(place),
        )
    return made


def _close(
    db: Session,
    actor: Actor,
    act_id: UUID,
    day: TradingDay,
    place: Place,
    desk: Desk,
    counts: Mapping[str, Counted],
    leave: int,
) -> None:
    if not 0 <= leave <= counts["cash"].amount:
        raise TooMuchLeft
    made = [
        count(
            db,
            actor=actor,
            count_id=uuid5(act_id, way),
            day=day,
            place=place,
            desk=desk,
            way=way,
            why="close",
            counted=counts[way],
        )
        for way in WAYS
    ]
    if rest := counts["cash"].amount - leave:
        bags.take_out(
            db, actor=actor, bag_id=uuid5(act_id, "bag"), place=place, day_id=day.id, amount=rest
        )
    newest = _newest_entry(db, desk, day)
    day.closed_at, day.closed_by, day.closing = clock.now(), actor.person_id, leave
    day.entries_until = newest
    tasks.close(db, UNCLOSED, actor=actor, doc=("trading_day", day.id), reason="closed")
    odd = {one.way: one.difference for one in made if one.difference}
    audit.record(db, actor, "day.close", "trading_day", day.id, leave=leave, odd=odd)


def _newest_entry(db: Session, desk: Desk, day: TradingDay) -> int:
    mine = Entry.account_id.in_((desk.cash.account_id, desk.qris.account_id))
    return max(db.scalar(select(func.max(Entry.id)).where(mine)) or 0, day.entries_from)
