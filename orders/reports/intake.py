"""A treasurer's upload: the file is read by its header and every row kept once, however often sent.

Rows that stand in an earlier file already are the same rows: files may overlap. What cannot be
read, or says something else than before, is told with its line.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives.rights import TREASURE
from core import access, audit, clock, jobs, orgs, sheets
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError
from core.sheets import Flaw
from orders.models import GatewayReport, ReportLine
from orders.reports import asking
from orders.reports.layouts import BY_LAYOUT, REPORTS
from orders.reports.matching import match_report
from orders.reports.told import NotOurs, Report, Told

AT_ONCE = 500  # PostgreSQL takes 65,535 values in one statement.
TELLING = ("gross", "fee", "currency", "key", "payment", "refund_name")
"""What a line may not say differently the next time."""


class NothingInIt(DomainError):
    """The file is a report, but no row of it can be used."""

    sentence = _l("Tidak ada baris yang bisa dipakai di berkas ini.")


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read, before anything is kept. `flaws` are rows nobody could read."""

    report: Report
    sha256: str
    rows: Sequence[Told]
    flaws: Sequence[Flaw]


def read(content: bytes) -> Read:
    """Read a report; touches no database. Raises NotASheet, NothingInIt."""
    sheet = sheets.read(content, [report.layout for report in REPORTS])
    report = BY_LAYOUT[sheet.layout.code]
    rows: list[Told] = []
    flaws = list(sheet.flaws)
    said: dict[tuple[str, str], Told] = {}
    paid_out: dict[tuple[str, str], Told] = {}
    for row in sheet.rows:
        try:
            told = report.telling(row.values)
            _gather(report, row.values, told, paid_out)
        except NotOurs:
            continue
        except DomainError as unread:
            flaws.append(Flaw(row.line, unread.sentence))
            continue
        if told == said.setdefault((told.kind, told.theirs), told):
            rows.append(told)
        else:
            flaws.append(Flaw(row.line, _l("Nomornya sudah ada di baris lain berkas ini.")))
    rows += [payout for payout in paid_out.values() if payout.gross]
    if not rows:
        raise NothingInIt(flaws[0].sentence if flaws else None)
    return Read(report, hashlib.sha256(content).hexdigest(), rows, flaws)


def _gather(
    report: Report, values: dict[str, Any], told: Told, paid_out: dict[tuple[str, str], Told]
) -> None:
    """Add a row to the payout it was part of."""
    found = report.gathers(values) if report.gathers else None
    if found is None:
        return
    name, day = found
    before = paid_out.get((name, told.currency))
    gone = (before.gross if before else 0) - told.net
    paid_out[name, told.currency] = Told("payout", name, day, gone, 0, currency=told.currency)


@in_transaction(retries=3)
def take_in(db: Session, *, actor: Actor, found: Read) -> int:
    """Keep what a report says and let it be matched; the same file again is the first report.

    Returns the report's id. Raises NotFound for anybody but the operator's treasurers.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    assert actor.person_id is not None
    days = [told.day for told in found.rows]
    report_id = db.scalar(_new_report(found, min(days), max(days), actor.person_id))
    if report_id is None:
        query = select(GatewayReport.id).where(GatewayReport.sha256 == found.sha256)
        return int(db.scalars(query).one())
    report = db.get_one(GatewayReport, report_id)
    others = _write(db, report, found)
    report.flaws = [
        {"line": flaw.line, "sentence": str(flaw.sentence)} for flaw in found.flaws
    ] + others
    asking.report_came(db, actor, report.gateway)
    audit.record(db, actor, "report.upload", "gateway_report", report.id, gateway=report.gateway)
    jobs.defer(db, match_report, report_id=report.id)
    return report.id


def _new_report(found: Read, first: date, last: date, person_id: int) -> Any:
    return (
        insert(GatewayReport)
        .values(
            gateway=found.report.gateway,
            layout=found.report.layout.code,
            sha256=found.sha256,
            first_on=first,
            last_on=last,
            line_count=0,
            known_count=0,
            flaws=[],
            uploaded_by=person_id,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(GatewayReport.id)
    )


def _write(db: Session, report: GatewayReport, found: Read) -> list[dict[str, Any]]:
    """Write the lines nobody told before; returns those that say something else than they did."""
    told = {(row.kind, row.theirs): _values(report, row) for row in found.rows}
    before = db.scalars(
        select(ReportLine).where(
            ReportLine.gateway == report.gateway,
            tuple_(ReportLine.kind, ReportLine.theirs).in_(list(told)),
        )
    )
    others = []
    for line in before:
        values = told.pop((line.kind, line.theirs))
        if _contradicts(line, values):
            sentence = _l("%(name)s dulu dilaporkan dengan angka lain.", name=line.theirs)
            others.append({"line": 0, "sentence": str(sentence)})
    rows = list(told.values())
    for start in range(0, len(rows), AT_ONCE):
        new = insert(ReportLine).values(rows[start : start + AT_ONCE]).on_conflict_do_nothing()
        report.line_count += len(db.execute(new.returning(ReportLine.id)).all())
    report.known_count = len({(row.kind, row.theirs) for row in found.rows}) - report.line_count
    return others


def _contradicts(line: ReportLine, values: dict[str, Any]) -> bool:
    """Whether a line now says something else; what only one of two reports names does not count."""
    return any(
        values[name] != getattr(line, name)
        for name in TELLING
        if name in ("gross", "fee", "currency") or (values[name] and getattr(line, name))
    )


def _values(report: GatewayReport, row: Told) -> dict[str, Any]:
    return {
        "report_id": report.id,
        "gateway": report.gateway,
        "kind": row.kind,
        "theirs": row.theirs,
        "key": row.key,
        "payment": row.payment,
        "refund_name": row.refund,
        "gross": row.gross,
        "fee": row.fee,
        "net": row.net,
        "currency": row.currency,
        "presented_amount": row.presented.amount if row.presented else None,
        "presented_currency": row.presented.currency if row.presented else "",
        "occurred_on": row.day,
        "state": "new",
        "flaw": "",
        "booked": 0,
        "reason": "",
        "created_at": clock.now(),
    }
