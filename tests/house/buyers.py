"""Who bought, in all the ways in which a page, a file or a message could name her."""

import re
from urllib.parse import urlsplit

from sqlalchemy import select, text, update

from cooperatives.rights import TREASURE
from cooperatives.settling import rounds
from core import access, clock
from core.actors import SYSTEM, Actor
from core.db import db
from core.people import Person
from orders import due, earning, fulfilment
from orders.models import Contact, Order, Parcel
from sellers.models import Variant
from tests.cooperatives.books_factories import wait_until_decided
from tests.orders.factories import order, parcels_of

THEIRS = 0  # Among the marks of makers, by person's id: no person has this one.
SHE_SENDS = re.compile("my_parcels.(show|label|note|reach)")
"""Pages of a parcel that a maker sends; its buyer is named there while she is at it."""


def marks():
    """Names of two words or more, numbers, streets and whatever else leads to a buyer's door."""
    contacts = db.session.scalars(select(Contact)).all()
    buyers = select(Person).join(Order, Order.buyer_id == Person.id).distinct()
    people = db.session.scalars(buyers).all()
    found = {one for c in contacts for one in (c.name, c.email, c.street, c.landmark, c.note)}
    found |= {one for person in people for one in (person.name, person.email)}
    words = {re.escape(one) for one in found if one and len(one) > 5}
    numbers = {one.phone for one in [*contacts, *people] if one.phone}
    digits = {r"[\s.\-\u2011]?".join(number[3:]) for number in numbers}
    return re.compile("|".join(sorted(words | digits)), re.IGNORECASE)


def she_sends(app, who, address):
    """Whether a maker looks at a parcel that she sends."""
    endpoint, _blanks = app.url_map.bind("localhost").match(urlsplit(address).path)
    return who.startswith("maker") and SHE_SENDS.fullmatch(endpoint)


SENDERS = """
    select s.person_id, min(v.id) from seller s
    join listing g on g.seller_id = s.id and g.state = 'live' join variant v on v.listing_id = g.id
    where s.person_id is not null and exists (select from order_line o where o.seller_id = s.id)
    and v.id in (
        select t.variant_id from lot t join level l on l.lot_id = t.id
        join place p on p.id = l.place_id group by 1
        having bool_and(p.kind = 'home' or l.on_hand = 0) and sum(l.on_hand - l.reserved) > 1)
    group by 1 order by 1 limit 2
"""


def some_makers():
    """Two who have sold something and send goods from home: (person, size that stands there)."""
    return [tuple(row) for row in db.session.execute(text(SENDERS))]


def order_from_some():
    """Each has a parcel in her hands just now."""
    for _person_id, variant_id in some_makers():
        variant = db.session.get(Variant, variant_id)
        placed = order((variant, 1), method="cash_delivery")
        due.ask_makers.run(order_id=str(placed.id))
        for parcel in parcels_of(placed):
            fulfilment.accept(actor=SYSTEM, parcel_id=parcel.id)


def settle_everybody():
    """The quiet days are over and it is Monday: each member has her statement."""
    delivered = update(Parcel).where(Parcel.state == "delivered")
    db.session.execute(delivered.values(quiet_until=clock.now()))
    db.session.commit()
    earning.earn_due.run()
    wait_until_decided()
    boards = {
        grant.subject_id: grant.person_id
        for grant in db.session.query(access.Grant).filter_by(right_name=TREASURE.name)
    }
    made = []
    for organisation_id, person_id in boards.items():
        try:
            begun = rounds.begin(actor=Actor(person_id), organisation_id=organisation_id)
        except rounds.NothingDue:
            continue
        rounds.settle.run(begun.id)
        made.append(begun.id)
    assert made
