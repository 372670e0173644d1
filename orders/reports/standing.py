"""How a gateway stands: what our books have there, what its reports say, and what is open."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import ledger
from cooperatives.rights import TREASURE
from core import access, orgs
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.people import Person
from orders import money_pages
from orders.models import GatewayReport, ReportLine
from orders.reports import differences, missing
from orders.reports.layouts import GATEWAYS

LIST_MAX = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """One gateway. `books` is our page of it, `reported` what its settled lines come to.

    What is in the books and in no settled line yet is `unreported`; it falls to zero when reports
    come, and the page itself when all is paid out.
    """

    gateway: str
    books: int
    reported: int
    open_count: int
    oldest_on: date | None
    newest_on: date | None

    @property
    def unreported(self) -> int:
        """What no settled line explains."""
        return self.books - self.reported


def of_gateways(db: Session, actor: Actor) -> list[Standing]:
    """How every gateway stands; raises NotFound for others than the operator's treasurers."""
    house = orgs.operator_id(db)
    access.require(db, actor, TREASURE, house)
    return [of_gateway(db, house, gateway) for gateway in GATEWAYS]


def of_gateway(db: Session, house: int, gateway: str) -> Standing:
    """How one gateway stands, for whoever has checked the right."""
    is_open = differences.oldest_open(db, gateway)
    return Standing(
        gateway,
        ledger.balance(db, money_pages.clearing(house, gateway)),
        reported(db, gateway),
        is_open.count,
        is_open.oldest_on,
        missing.newest_day(db, gateway),
    )


def reported(db: Reader, gateway: str) -> int:
    """What a gateway still has of our money by its settled lines, in rupiah."""
    left = func.coalesce(func.sum(ReportLine.worth - ReportLine.fee_rupiah), 0)
    query = select(left).where(ReportLine.gateway == gateway, ReportLine.worth.is_not(None))
    return int(db.scalar(query) or 0)


def list_reports(db: Session, actor: Actor) -> list[Any]:
    """The newest reports with who uploaded each, and how many of their lines are open.

    Columns: GatewayReport, uploader, open_count.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    return list(db.execute(_reports().order_by(GatewayReport.id.desc()).limit(LIST_MAX)))


def get_report(db: Session, actor: Actor, report_id: int) -> Any:
    """One report; raises NotFound."""
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    found = db.execute(_reports().where(GatewayReport.id == report_id)).first()
    if found is None:
        raise NotFound
    return found


def _reports() -> Any:
    is_open = (
        select(func.count())
        .where(
            ReportLine.report_id == GatewayReport.id,
            ReportLine.state.in_(differences.STILL_OPEN),
        )
        .correlate(GatewayReport)
        .scalar_subquery()
    )
    return select(
        GatewayReport, Person.call_me.label("uploader"), is_open.label("open_count")
    ).join(Person, Person.id == GatewayReport.uploaded_by)
