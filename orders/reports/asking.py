"""What reports ask of the operator's treasurers, written and closed with the rows themselves."""

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives.rights import TREASURE
from core import orgs, tasks
from core.actors import SYSTEM, Actor
from core.tasks import TaskKind
from orders.models import ReportLine
from orders.reports.layouts import GATEWAY_NAMES

EXPLAIN = tasks.declare("report.explain", _("Cari sebab selisih %(gateway)s, %(reference)s"))
SEE_TOO = tasks.declare("report.see_too", _("Periksa juga %(gateway)s, %(reference)s"))
UPLOAD = tasks.declare("report.upload", _("Unggah laporan %(gateway)s yang baru"))


def reference(line: ReportLine) -> str:
    """What people call a line: our key, or the gateway's own name of it."""
    return line.key or line.theirs


def ask(db: Session, line: ReportLine) -> None:
    """Ask about an open line what its state asks for; nothing about a closed one."""
    kind = SEE_TOO if line.state == "noted" else EXPLAIN
    _end(db, SYSTEM, line, EXPLAIN if kind is SEE_TOO else SEE_TOO)
    tasks.write(
        db,
        kind,
        doc=("report_line", line.id),
        link=f"/kas/cocokkan/selisih/{line.id}",
        holders=(TREASURE, orgs.operator_id(db)),
        facts={"gateway": GATEWAY_NAMES[line.gateway], "reference": reference(line)},
    )


def forget(db: Session, actor: Actor, line: ReportLine) -> None:
    """It is settled or explained."""
    for kind in (EXPLAIN, SEE_TOO):
        _end(db, actor, line, kind)


def _end(db: Session, actor: Actor, line: ReportLine, kind: TaskKind) -> None:
    tasks.close(db, kind, actor=actor, doc=("report_line", line.id), reason=line.state)


def ask_for_report(db: Session, gateway: str) -> None:
    """No report of a gateway has come for long, though it has our money."""
    tasks.write(
        db,
        UPLOAD,
        doc=("gateway", gateway),
        link="/kas/cocokkan",
        holders=(TREASURE, orgs.operator_id(db)),
        facts={"gateway": GATEWAY_NAMES[gateway]},
    )


def report_came(db: Session, actor: Actor, gateway: str) -> None:
    """A report came."""
    tasks.close(db, UPLOAD, actor=actor, doc=("gateway", gateway), reason="uploaded")
