"""Who sees what of a bazaar: each cooperative its own members, the host all goods in its box.

What somebody may not see is not there (NotFound), so a stranger learns nothing.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import Bazaar, BazaarGroup
from cooperatives.rights import COORDINATE, TREASURE
from core import access
from core.actors import Actor
from core.errors import NotFound
from sellers.models import Seller


@dataclass(frozen=True, slots=True)
class Sight:
    """A bazaar as somebody sees it: her organisations that take part, and those she coordinates."""

    bazaar: Bazaar
    boards: frozenset[int]
    leads: frozenset[int]

    @property
    def is_host(self) -> bool:
        """Whether she coordinates the cooperative that holds the bazaar."""
        return self.bazaar.organisation_id in self.leads


def of(db: Session, actor: Actor, bazaar_id: int, *, lock: bool = False) -> Sight:
    """A bazaar for the boards of those who take part or are invited; raises NotFound."""
    bazaar = _get(db, bazaar_id, lock=lock)
    groups = select(BazaarGroup.organisation_id).where(
        BazaarGroup.bazaar_id == bazaar.id, BazaarGroup.state != "declined"
    )
    part = frozenset(db.scalars(groups))
    leads = part if actor.is_system else part & access.subjects(db, actor, COORDINATE)
    boards = leads | (part & access.subjects(db, actor, TREASURE))
    if not boards:
        raise NotFound
    return Sight(bazaar, boards, leads)


def as_host(db: Session, actor: Actor, bazaar_id: int) -> Bazaar:
    """A bazaar to be changed by who coordinates its host, locked; raises NotFound."""
    found = of(db, actor, bazaar_id, lock=True)
    if not found.is_host:
        raise NotFound
    return found.bazaar


def as_leader(db: Session, actor: Actor, bazaar_id: int, seller_id: int) -> tuple[Bazaar, Seller]:
    """The same by who coordinates this member's cooperative; raises NotFound."""
    found = of(db, actor, bazaar_id, lock=True)
    seller = db.get(Seller, seller_id)
    if seller is None or seller.closed_at is not None or seller.organisation_id not in found.leads:
        raise NotFound
    return found.bazaar, seller


def _get(db: Session, bazaar_id: int, *, lock: bool) -> Bazaar:
    bazaar = db.get(Bazaar, bazaar_id, populate_existing=True, with_for_update=lock or None)
    if bazaar is None:
        raise NotFound
    return bazaar
