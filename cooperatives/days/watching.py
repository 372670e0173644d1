"""A day that nobody closed: the coordinator is asked, once."""

from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models.days import TradingDay
from cooperatives.models.stock import Place
from cooperatives.rights import COORDINATE
from core import clock, tasks
from core.actors import SYSTEM, Actor
from core.db import in_transaction
from core.jobs import job

UNCLOSED = tasks.declare(
    "kiosk.unclosed",
    _("%(place)s belum ditutup sejak %(day)s"),
    deed=_("Tutup hari"),
    many=_("%(count)s tempat belum ditutup"),
    urgency=25,
)


@in_transaction(retries=3)
def ask_to_close(db: Session, *, actor: Actor) -> list[int]:  # noqa: ARG001
    """Ask for every open day that began before today; answers with their ids."""
    query = (
        select(TradingDay.id, TradingDay.day, Place.name, Place.slug, Place.organisation_id)
        .join(Place, Place.id == TradingDay.place_id)
        .where(TradingDay.closed_at.is_(None), TradingDay.day < clock.today())
        .order_by(TradingDay.id)
    )
    rows = list(db.execute(query))
    for row in rows:
        tasks.write(
            db,
            UNCLOSED,
            doc=("trading_day", row.id),
            holders=(COORDINATE, row.organisation_id),
            facts={"place": row.name, "day": _said(row.day)},
            link=f"/kios-kerja/tutup?kios={row.slug}",
        )
    return [row.id for row in rows]


def _said(day: date) -> str:
    return f"{day.day:02}-{day.month:02}-{day.year}"


@job("cooperatives.ask_to_close", key=None, cron="5 * * * *")
def ask_to_close_by_the_clock() -> None:
    """Every hour: a day of yesterday or before that is still open is told to the coordinator."""
    ask_to_close(actor=SYSTEM)
