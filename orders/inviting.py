"""Who invited a buyer, and to which of her goods: by a link on the web, by a code said at a till.

Her share is what the terms of each lot say. Nobody is paid for inviting herself: not the buyer, not
the maker for her own goods, and not the keeper who types the code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.actors import Actor
from core.db import Reader
from sellers import inviters
from sellers.models import Seller


@dataclass(frozen=True, slots=True)
class Invited:
    """Whose word counts for what: `everywhere` for all goods, `by_listing` for one product each."""

    everywhere: int | None = None
    by_listing: Mapping[int, int] | None = None
    own: frozenset[tuple[int, int]] = frozenset()

    def to(self, listing_id: int, owner_id: int) -> int | None:
        """Who invited the buyer to goods of this owner, as a person's id."""
        found = self.everywhere or (self.by_listing or {}).get(listing_id)
        return None if found is None or (found, owner_id) in self.own else found


NOBODY = Invited()


def by_links(db: Reader, actor: Actor, links: Sequence[str], *, phone: str) -> Invited:
    """What the links say by which a buyer came; nothing of her own ones."""
    if not links:
        return NOBODY
    found = {
        listing_id: person_id
        for listing_id, person_id in inviters.behind_links(db, links, phone=phone).items()
        if person_id != actor.person_id
    }
    return Invited(by_listing=found, own=_own(db, set(found.values()))) if found else NOBODY


def by_word(db: Reader, actor: Actor, said: str) -> Invited:
    """What a code says that the keeper has typed; nothing for a strange one and for her own."""
    person_id = inviters.behind(db, said) if said else None
    if person_id is None or person_id == actor.person_id:
        return NOBODY
    return Invited(everywhere=person_id, own=_own(db, {person_id}))


def _own(db: Reader, people: set[int]) -> frozenset[tuple[int, int]]:
    query = select(Seller.person_id, Seller.id).where(Seller.person_id.in_(people))
    return frozenset((row.person_id, row.id) for row in db.execute(query))
