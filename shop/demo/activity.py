"""Activity reports of the demo world: the bazaar that is over, and the month so far."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.activity import drafting, reports
from cooperatives.models import Bazaar
from core import clock
from core.actors import SYSTEM
from shop.demo.cast import Cast

GROUP = "kop-sendang"
NEXT = "Bulan depan keripik pedas dibawa lebih banyak. Kami belajar memotret barang."


def report(db: Session, cast: Cast) -> None:
    """Two, so that the list is no empty page."""
    group_id, today = cast.organisations[GROUP], clock.today()
    over = select(Bazaar.id).where(Bazaar.closed_at.is_not(None)).order_by(Bazaar.id)
    told = [("bazaar", bazaar_id) for bazaar_id in db.scalars(over)]
    for about, about_id in (*told, ("period", None)):
        made = reports.make.within(
            db,
            actor=SYSTEM,
            organisation_id=group_id,
            about=about,
            about_id=about_id,
            since=today.replace(day=1),
            until=today,
        )
        parts = {part: getattr(made, part) for part in drafting.PARTS}
        reports.change.within(
            db,
            actor=SYSTEM,
            report_id=made.id,
            title=made.title,
            parts={**parts, "next_step": NEXT},
        )
