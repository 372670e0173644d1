"""Goods that come to a kiosk, as a keeper and a maker write them down."""

import uuid
from datetime import timedelta

from cooperatives.models import BringOffer, BringOfferLine
from cooperatives.receiving import intake, note_photos
from cooperatives.receiving.asked import Line
from core import acts, clock
from core.actors import SYSTEM
from core.db import in_transaction
from tests.cooperatives.factories import saved


@in_transaction()
def taken_in(db, *, actor, **said):
    """What the act does, as a command of its own."""
    return intake.take_in(db, actor=actor, **{"note_id": uuid.uuid4(), "at": clock.now(), **said})


def a_note(kiosk, owner, variant, units=10, *, actor=SYSTEM, **more):
    """A note of one line."""
    line = Line(variant.id, units, **more)
    return taken_in(actor=actor, place_id=kiosk.id, owner_id=owner.id, brought=[line])


def an_offered(kiosk, seller, variant, units=10, *, days=1):
    """An offer that waits."""
    made = saved(
        BringOffer(
            id=uuid.uuid4(),
            seller_id=seller.id,
            place_id=kiosk.id,
            comes_on=clock.today() + timedelta(days=days),
        )
    )
    saved(BringOfferLine(offer_id=made.id, variant_id=variant.id, quantity=units))
    return made.id


a_photo_awaited = in_transaction()(note_photos.expect)


def act(kind, actor, content, act_id=None):
    """An act as a phone sends it."""
    sent = {name: str(value) for name, value in content.items()}
    return acts.carry_out(actor=actor, act_id=act_id or uuid.uuid4(), kind=kind, content=sent)
