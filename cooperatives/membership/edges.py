"""What a woman has allowed others: each an edge from her to somebody, ended with one tap.

An edge is a part of her right, given on her behalf by a mandate (ADR 20): who may write her goods,
count them, answer her orders. Ending the last one of a mandate ends the mandate.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, audit, clock
from core.access import Grant
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import NotFound
from core.people import Person
from sellers.helping import mandates
from sellers.helping.models import Mandate
from sellers.models import Seller
from sellers.rights import PARTS, SELL

LABELS = {part.name: part.label for part in PARTS}


def list_of(db: Reader, actor: Actor) -> list[Any]:
    """Living edges of her shops: grant_id, right_name, until, helper, store_name; by helper."""
    query = (
        select(
            Grant.id.label("grant_id"),
            Grant.right_name,
            Grant.until,
            Person.name.label("helper"),
            Seller.store_name,
        )
        .join(Person, Person.id == Grant.person_id)
        .join(Seller, Seller.id == Grant.subject_id)
        .where(Grant.on_behalf_of.is_not(None), Grant.right_name.in_(LABELS))
        .where(Grant.subject_id.in_(access.subjects(db, actor, SELL)))
        .where(access.is_live(clock.now()))
        .order_by(Person.name, Grant.person_id, Grant.id)
    )
    return list(db.execute(query))


@in_transaction(retries=3)
def end(db: Session, *, actor: Actor, grant_id: int) -> None:
    """She ends one edge; the helper's next request is refused. Again does nothing. NotFound."""
    grant = db.get(Grant, grant_id)
    if grant is None or grant.on_behalf_of is None or grant.right_name not in LABELS:
        raise NotFound
    access.require(db, actor, SELL, grant.subject_id)
    mandate = db.scalar(
        select(Mandate)
        .where(
            Mandate.owner_id == grant.on_behalf_of,
            Mandate.helper_id == grant.person_id,
            Mandate.seller_id == grant.subject_id,
            Mandate.ended_at.is_(None),
        )
        .with_for_update()
    )
    access.revoke.within(db, actor=actor, grant_id=grant_id)
    audit.record(db, actor, "edge.end", "grant", grant_id, part=grant.right_name)
    db.flush()
    if mandate is not None and not mandates.parts_of(db, mandate):
        mandates.finish(db, actor, mandate, _("Semua izinnya dicabut pemilik toko."))
