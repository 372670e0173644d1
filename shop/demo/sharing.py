"""What one demo cooperative shares: savings, units with costs, and the meeting's word."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cooperatives.membership import expenses, savings, surplus, units
from cooperatives.membership.vouchers import FIRST_DRAWER, Wish
from cooperatives.models.vouchers import VoucherKind
from core import clock
from core.actors import Actor
from shop.demo.cast import Cast, act_id, read

MONTHS = 6


def load(db: Session, cast: Cast) -> None:
    """Write plan, savings, costs and decision, as its treasurer would have month by month."""
    row = read("sharing")
    group_id, actor = cast.organisations[row["group"]], cast.actor(row["treasurer"])
    first = _month(MONTHS - 1)
    savings.plan.within(
        db, actor=actor, cooperative_id=group_id, valid_from=first,
        principal=row["principal"], mandatory=row["mandatory"],
    )  # fmt: skip
    for one in read("people")["people"]:
        if one["organisation"] == row["group"]:
            _save(db, cast, row, one["key"], actor)
    _spend(db, row, group_id, actor)
    surplus.write_policy.within(
        db, actor=actor, organisation_id=group_id, decided_on=first,
        parts={part: percent * 100 for part, percent in row["surplus"].items()},
    )  # fmt: skip


def _month(ago: int) -> date:
    """The first day of a month so long ago."""
    day = clock.today().replace(day=1)
    for _ in range(ago):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def _save(db: Session, cast: Cast, row: dict[str, Any], key: str, actor: Actor) -> None:
    """Principal once, mandatory for each month she has paid, and what she saves besides."""
    paid = [("principal", row["principal"], _month(MONTHS - 1))]
    paid += [
        ("mandatory", row["mandatory"], _month(ago))
        for ago in range(row["months_late"].get(key, 0), MONTHS)
    ]
    if more := row["voluntary"].get(key):
        paid.append(("voluntary", more, _month(1)))
    for sort, amount, day in paid:
        wish = _wish(
            act_id("saved", key, sort, day.isoformat()), VoucherKind.SAVED, amount,
            cast.organisations[row["group"]], day, person_id=cast.people[key], sort=sort,
        )  # fmt: skip
        savings.write.within(db, actor=actor, wish=wish)


def _spend(db: Session, row: dict[str, Any], group_id: int, actor: Actor) -> None:
    """Units, and what each cost or brought."""
    for name, vouchers in row["units"].items():
        unit = units.open_unit.within(db, actor=actor, organisation_id=group_id, name=name)
        for number, one in enumerate(vouchers):
            wish = _wish(
                act_id("cost", name, number), VoucherKind(one["kind"]), one["amount"], group_id,
                _month(one["months_ago"]), unit_id=unit.id, category=one["category"],
                words=one["words"],
            )  # fmt: skip
            expenses.write.within(db, actor=actor, wish=wish, receipt=None)


def _wish(
    wish_id: UUID, kind: VoucherKind, amount: int, group_id: int, day: date, **more: Any
) -> Wish:
    return Wish(
        id=wish_id, kind=kind, amount=amount, organisation_id=group_id, money=FIRST_DRAWER,
        happened_on=day, **more,
    )  # fmt: skip
