"""Who hears of a bazaar that was closed: the owners of its goods, and who answers them."""

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from cooperatives.models import Bazaar, BazaarLine
from cooperatives.rights import COORDINATE
from core import access, notify, tasks
from core.actors import Actor
from sellers.rights import SELL

DOC = "bazaar_line"
CONTESTED = tasks.declare(
    "bazaar.contested",
    _l("Pemilik %(goods)s tidak setuju dengan hasil bazar. Beri keputusan."),
    deed=_l("Putuskan"),
    many=_l("%(count)s hasil bazar tidak disetujui pemiliknya."),
    urgency=20,
)


def doc_of(line: BazaarLine) -> tuple[str, str]:
    """The name of a line in books and tasks."""
    return DOC, f"{line.bazaar_id}:{line.lot_id}"


def tell_closed(db: Session, bazaar: Bazaar, owner_id: int) -> None:
    """Her goods are counted and her money is booked."""
    notify.tell(
        db,
        event_key=f"bazaar:{bazaar.id}:{owner_id}:closed",
        people=access.people_who(db, SELL, owner_id),
        title=_l("Bazar sudah ditutup"),
        text=_l("%(bazaar)s: lihat hasil barang Ibu, cocok atau tidak.", bazaar=bazaar.name),
        link=f"/ibu/bazar/{bazaar.id}#hasil",
    )


def ask_decision(db: Session, bazaar: Bazaar, line: BazaarLine, goods: str) -> None:
    """The owner contests a line."""
    tasks.write(
        db,
        CONTESTED,
        doc=doc_of(line),
        link=f"/koord/bazar/{bazaar.id}#tidak-cocok",
        holders=(COORDINATE, bazaar.organisation_id),
        facts={"goods": goods},
    )


def tell_decided(db: Session, actor: Actor, line: BazaarLine) -> None:
    """She hears what was decided, and why."""
    tasks.close(db, CONTESTED, actor=actor, doc=doc_of(line), reason=line.outcome)
    notify.tell(
        db,
        event_key=f"bazaar:{line.bazaar_id}:{line.lot_id}:decided",
        people=access.people_who(db, SELL, line.seller_id),
        title=_l("Keputusan hasil bazar"),
        text=_l("Koordinator sudah memutuskan. Silakan dibaca."),
        link=f"/ibu/bazar/{line.bazaar_id}#hasil",
    )
