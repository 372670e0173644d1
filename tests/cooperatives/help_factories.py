"""Builders of helping hands: a maker who agreed, and her helper."""

from datetime import timedelta

from cooperatives import help_desk
from core import clock, files
from core.actors import Actor
from core.db import db
from sellers.helping.consent import Limits
from sellers.helping.mandates import Terms
from sellers.models import Seller
from sellers.rights import PARTS
from tests.factories import give

THUMB = b"\xff\xd8\xff\xe0 the print of a thumb"


def terms(helper_id, *parts, days=30, limits=None, **more):
    return Terms(
        helper_id=helper_id,
        parts=parts or PARTS,
        until=clock.today() + timedelta(days=days),
        limits=limits or Limits(),
        **more,
    )


def a_mandate(seller, helper_id, *parts, actor=None, **more):
    """A mandate that the owner herself has recorded, and the helper acting by it."""
    from sellers.rights import SELL

    owner = Actor(seller.person_id)
    if actor is None:
        give(owner, SELL, seller.id)
    made = help_desk.record(
        actor=actor or owner,
        seller_id=seller.id,
        terms=terms(helper_id, *parts, **more),
        proof=files.store(THUMB),
    )
    return made, Actor(helper_id, db.session.get(Seller, seller.id).person_id)
