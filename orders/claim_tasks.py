"""What a claim asks of people: of the seller or keeper first, then of the coordinator."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives.models import Place
from cooperatives.rights import COORDINATE
from core import access, notify, tasks
from core.access import Right
from core.actors import Actor
from core.tasks import TaskKind
from orders import events, parcels
from orders.models import Claim
from orders.parcels import Handled
from sellers.rights import SELL

ANSWER = tasks.declare(
    "claim.answer",
    _("Jawab keluhan pembeli untuk pesanan %(number)s"),
    deed=_("Jawab"),
    urgency=12,
)
REPLACE = tasks.declare(
    "claim.replace",
    _("Kirim barang pengganti untuk pesanan %(number)s"),
    deed=_("Kirim"),
    urgency=22,
)
TAKE_BACK = tasks.declare(
    "claim.take_back",
    _("Catat barang yang kembali dari pesanan %(number)s"),
    deed=_("Catat"),
    urgency=32,
)
DECIDE = tasks.declare("claim.decide", _("Putuskan keluhan untuk pesanan %(number)s"))
LATE = tasks.declare("claim.late", _("Keluhan pesanan %(number)s belum selesai. Hubungi mereka."))
LOOK = tasks.declare("claim.bearer", _("Lihat siapa menanggung keluhan pesanan %(number)s"))
OF_HANDLERS = (ANSWER, REPLACE, TAKE_BACK)
OF_COORDINATORS = (DECIDE, LATE)


def address_of(claim: Claim, place: Place) -> str:
    """The page of a claim on the desk of those whose parcel it was."""
    return f"/{'ibu' if place.kind == 'home' else 'kios-kerja'}/masalah/{claim.id}"


def ask(
    db: Session, kind: TaskKind, claim: Claim, handled: Handled, due_at: datetime | None = None
) -> None:
    """Ask whoever this kind of task is for."""
    if kind in OF_HANDLERS:
        holders, link = _answering(handled), address_of(claim, handled.place)
    else:
        holders = (COORDINATE, handled.place.organisation_id)
        link = f"/koord/masalah/{claim.id}"
    tasks.write(
        db,
        kind,
        doc=("claim", claim.id),
        holders=holders,
        due_at=due_at,
        facts={"number": handled.order.number},
        link=link,
    )


def _answering(handled: Handled) -> tuple[Right, int]:
    """Who answers a claim: it is about money, so a maker's helper is left out."""
    right, subject_id = parcels.handlers(handled.place)
    return right.part_of or right, subject_id


def forget(db: Session, actor: Actor, claim: Claim, *kinds: TaskKind) -> None:
    """Close what was asked, all or some of it; who bears the cost is looked at all the same."""
    for kind in kinds or (*OF_HANDLERS, *OF_COORDINATORS):
        tasks.close(db, kind, actor=actor, doc=("claim", claim.id), reason=claim.state)


def tell_handlers(db: Session, claim: Claim, handled: Handled) -> None:
    """A buyer has a problem with their parcel."""
    notify.tell(
        db,
        event_key=f"claim:{claim.id}:opened",
        people=access.people_who(db, *_answering(handled)),
        title=_("Pembeli punya masalah dengan paketnya"),
        text=_("Pesanan %(number)s: baca dan jawab keluhannya.", number=handled.order.number),
        link=address_of(claim, handled.place),
    )


def tell_makers(db: Session, claim: Claim, handled: Handled, seller_ids: set[int]) -> None:
    """The sale of some pieces is undone: those who made them hear it before their statement."""
    for seller_id in sorted(seller_ids):
        notify.tell(
            db,
            event_key=f"claim:{claim.id}:undone:{claim.bearer_changes}",
            people=access.people_who(db, SELL, seller_id),
            title=_("Sebagian uang pesanan kembali ke pembeli"),
            text=_(
                "Pesanan %(number)s: bagian Ibu untuk barang itu berkurang.",
                number=handled.order.number,
            ),
            link="/ibu/masalah",
        )


def tell_buyer(db: Session, claim: Claim, handled: Handled, what: str, actor: Actor) -> None:
    """Write what happened into the order's journey, and to the buyer, unless she did it."""
    answered = claim.answered_at.timestamp() if claim.answered_at else 0
    events.write(
        db,
        handled.order,
        what,
        actor=actor,
        parcel=handled.parcel,
        doc=("claim", f"{claim.id}:{claim.state}:{answered:.0f}"),
        claim=str(claim.id),
    )
    db.flush()
