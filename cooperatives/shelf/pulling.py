"""What must leave a shelf is a task for its keeper: written at night, over when nothing is left."""

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import Place
from cooperatives.places import OPENED_BY_HAND
from cooperatives.rights import KEEP
from cooperatives.shelf import standing
from core import tasks
from core.actors import SYSTEM, Actor
from core.db import in_transaction
from core.jobs import job

PULL = tasks.declare(
    "shelf.pull",
    _("Turunkan %(count)s macam barang dari rak %(place)s"),
    deed=_("Lihat barangnya"),
    urgency=30,
)


@in_transaction(retries=3)
def look(db: Session, *, actor: Actor, place_id: int) -> int:
    """Ask the keepers of one place, or let them off; how many lots must leave its shelf today."""
    place = db.get_one(Place, place_id)
    rows = standing.of_place(db, place, order="pull")
    doc = ("place", place.id)
    if not rows:
        tasks.close(db, PULL, actor=actor, doc=doc, reason="pulled")
        return 0
    tasks.write(
        db,
        PULL,
        doc=doc,
        holders=(KEEP, place.id),
        facts={"count": len(rows), "place": place.name},
        link=f"/kios-kerja/rak?kios={place.slug}&urut=tarik",
    )
    return len(rows)


@job("cooperatives.ask_to_pull", key=None, cron="30 22 * * *")
def ask_to_pull() -> None:
    """Before the kiosks open: each place by itself, so a night that is cut short goes on there."""
    for place_id in _places(actor=SYSTEM):
        look(actor=SYSTEM, place_id=place_id)


@in_transaction()
def _places(db: Session, *, actor: Actor) -> list[int]:  # noqa: ARG001
    query = select(Place.id).where(Place.kind.in_(OPENED_BY_HAND), Place.closed_at.is_(None))
    return list(db.scalars(query.order_by(Place.id)))
