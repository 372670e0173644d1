"""A wedding of 500 boxes: several members make the same kind, each in her own kitchen."""

from datetime import timedelta
from types import SimpleNamespace

from cooperatives.big_orders import asking, planning
from cooperatives.big_orders.planning import Wish
from cooperatives.models import BigOrder, BigShare, BringOffer, Cooperative
from cooperatives.receiving import offers
from cooperatives.receiving.asked import Line
from core.actors import SYSTEM
from core.clock import today
from core.db import db
from sellers.models import Category
from tests.cooperatives.factories import (
    a_cooperative,
    a_listing,
    a_place,
    a_seller,
    a_variant,
    numbers,
    saved,
)
from tests.cooperatives.receiving.factories import taken_in


def a_kitchen(cooperative, category, sunny=70, rainy=35, **more):
    """A member with goods of this kind: her shop and the size she sells."""
    seller = a_seller(cooperative)
    values = {"capacity_sunny": sunny, "capacity_rainy": rainy, "made_to_order": True, **more}
    listing = a_listing(seller, category_id=category.id, **values)
    return SimpleNamespace(seller=seller, listing=listing, variant=a_variant(listing, price=5_000))


def a_group(*strengths, cooperative=None):
    """A cooperative with its kiosk, and a kitchen for each strength a week (dry, wet)."""
    cooperative = cooperative or a_cooperative()
    n = next(numbers)
    category = saved(Category(slug=f"kotak-{n}", name=f"Kotak snack {n}"))
    kitchens = [a_kitchen(cooperative, category, *each) for each in strengths]
    return SimpleNamespace(
        cooperative=cooperative,
        category=category,
        kiosk=a_place("kiosk", cooperative),
        kitchens=kitchens,
    )


def a_wish(group, wanted=100, *, days=7, begins=1, **more):
    first = today() + timedelta(days=begins)
    values = {"what": "Kotak snack nikahan", "category_id": group.category.id}
    values |= {"place_id": group.kiosk.id, "starts_on": first}
    return Wish(wanted=wanted, due_on=first + timedelta(days=days - 1), **values, **more)


def a_big_order(group, wanted=100, **more):
    return planning.write_down(
        actor=SYSTEM, organisation_id=group.cooperative.id, wish=a_wish(group, wanted, **more)
    )


def proposed(order, group, rainy=(), kitchens=None):
    variants = [one.variant.id for one in kitchens or group.kitchens]
    return planning.propose(actor=SYSTEM, order_id=order.id, variant_ids=variants, rainy=rainy)


def asked(group, wanted=100, rainy=(), **more):
    """An order whose makers have been asked."""
    order = a_big_order(group, wanted, **more)
    proposed(order, group, rainy)
    return asking.ask(actor=SYSTEM, order_id=order.id, hours=24)


def an_asked_order(seller):
    """One that this maker alone was asked."""
    group = a_group(cooperative=db.session.get(Cooperative, seller.organisation_id))
    listing = a_listing(seller, category_id=group.category.id, capacity_sunny=70)
    group.kitchens = [SimpleNamespace(seller=seller, variant=a_variant(listing))]
    return asked(group, 10)


def shares(order):
    """Its shares by kitchen, the newest round last."""
    db.session.expire_all()
    query = db.session.query(BigShare).filter_by(big_order_id=order.id)
    return query.order_by(BigShare.round, BigShare.id).all()


def units(order):
    return {share.seller_id: share.units for share in shares(order)}


def answered(order, *answers):
    """Each share that waits is answered, in turn: so many pieces."""
    waiting = [share for share in shares(order) if share.state == "asked"]
    for share, count in zip(waiting, answers, strict=True):
        asking.answer(actor=SYSTEM, share_id=share.id, units=count)


def over(order):
    """The deadline has passed."""
    db.session.get(BigOrder, order.id).answer_by = order.created_at - timedelta(hours=1)
    db.session.commit()


def sealed(group, wanted=100, **more):
    """A binding plan: everybody said yes."""
    order = asked(group, wanted, **more)
    answered(order, *[one.units for one in shares(order) if one.state == "asked"])
    return asking.seal(actor=SYSTEM, order_id=order.id, gap_is_told=True)


def brought(order, share, count):
    """The kiosk takes in what it expects."""
    offer = db.session.get(BringOffer, share.offer_id)
    (line,) = offers.lines_of(db.session, [offer.id])[offer.id]
    return taken_in(
        actor=SYSTEM,
        place_id=order.place_id,
        owner_id=share.seller_id,
        brought=[Line(line.variant_id, count)],
        offer_id=offer.id,
    )
