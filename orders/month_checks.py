"""What must be in order of buyers' money before a group closes a month."""

from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cooperatives import months
from cooperatives.membership.closing import Check, check_by
from orders.models import BankLine, ReportLine

UNEXPLAINED = ("differs", "unknown", "noted")


@check_by
def bank(db: Session, organisation_id: int, month: date) -> Check:  # noqa: ARG001
    """Every line of the bank's statement has found what it is for."""
    query = select(func.count()).select_from(BankLine)
    query = query.where(BankLine.state == "open", BankLine.day < months.after(month))
    return Check(_("Mutasi bank sudah dicocokkan"), db.scalar(query) or 0)


@check_by
def gateways(db: Session, organisation_id: int, month: date) -> Check:  # noqa: ARG001
    """Every difference to a gateway is explained."""
    query = select(func.count()).select_from(ReportLine)
    query = query.where(
        ReportLine.state.in_(UNEXPLAINED),
        ReportLine.created_at < months.begins(months.after(month)),
    )
    return Check(_("Selisih dengan penyedia pembayaran sudah jelas"), db.scalar(query) or 0)
