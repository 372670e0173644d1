"""Goods that must leave a shelf, and goods that a maker offered and nobody answered."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Text, cast, or_, select
from sqlalchemy.orm import Session

from cooperatives.half_hour import lines, notes
from cooperatives.half_hour.lines import Asked, Line, Told, Topic
from cooperatives.half_hour.settings import HalfHourSettings
from cooperatives.models import BringOffer, Place
from cooperatives.receiving import offers
from cooperatives.rights import KEEP
from cooperatives.shelf import standing
from core import access, clock
from core.config import settings
from core.people import Person
from core.words import tanggal
from sellers.models import Seller
from sellers.rights import SELL

EXPIRY, OFFER = "expiry", "offer"
AGAIN = timedelta(days=2)  # After a call to the keeper; goods that still stand there come back.


def ending(db: Session, asked: Asked) -> list[Line]:
    """One line for each place where goods are near or past their day, the soonest first."""
    query = standing.ending(asked.boards)
    query = query.where(notes.unnoted(EXPIRY, Place.organisation_id, Place.id))
    if asked.thing:
        query = query.where(cast(Place.id, Text) == asked.thing)
    today = clock.today()
    return [
        Line(
            row.organisation_id,
            str(row.id),
            _("%(lots)s macam barang harus turun dari rak %(place)s", lots=row.lots,
              place=row.name),
            _("%(units)s, yang pertama sampai %(day)s", units=lines.units(int(row.units)),
              day=tanggal(row.soonest)),
            is_late=row.soonest < today,
            quiet_until=today + AGAIN,
        )
        for row in db.execute(query.limit(asked.most))
    ]  # fmt: skip


def _tell_ending(db: Session, line: Line) -> Told:
    place = db.get_one(Place, int(line.thing))
    rows = standing.of_place(db, place, order="pull")
    facts = [
        (f"{row.name}, {row.owner}", _("%(units)s, baik sampai %(day)s",
         units=lines.units(row.on_hand), day=tanggal(row.best_before) if row.best_before else ""))
        for row in rows
    ]  # fmt: skip
    return Told(facts, _keepers(db, place.id))


def unanswered(db: Session, asked: Asked) -> list[Line]:
    """Offers that wait too long, or whose day has come, the first to come first."""
    long_ago = clock.now() - timedelta(hours=settings(HalfHourSettings).offer_wait_hours)
    is_due = or_(BringOffer.created_at <= long_ago, BringOffer.comes_on <= clock.today())
    query = (
        select(BringOffer.id, BringOffer.comes_on, Place.organisation_id, Place.name.label("place"),
               Seller.store_name)
        .join(Place, Place.id == BringOffer.place_id)
        .join(Seller, Seller.id == BringOffer.seller_id)
        .where(Place.organisation_id.in_(asked.boards), BringOffer.state == "open", is_due)
        .where(notes.unnoted(OFFER, Place.organisation_id, BringOffer.id))
        .order_by(BringOffer.comes_on, BringOffer.created_at)
        .limit(asked.most)
    )  # fmt: skip
    if asked.thing:
        query = query.where(cast(BringOffer.id, Text) == asked.thing)
    return [
        Line(
            row.organisation_id,
            str(row.id),
            _("Tawaran titip dari %(shop)s belum dijawab", shop=row.store_name),
            _("Mau diantar ke %(place)s tanggal %(day)s", place=row.place,
              day=tanggal(row.comes_on)),
            is_late=row.comes_on <= clock.today(),
            quiet_until=clock.today() + AGAIN,
        )
        for row in db.execute(query)
    ]  # fmt: skip


def _tell_offer(db: Session, line: Line) -> Told:
    (offer,) = db.scalars(select(BringOffer).where(cast(BringOffer.id, Text) == line.thing))
    brought = offers.lines_of(db, [offer.id]).get(offer.id, [])
    facts = [(f"{row.name} {row.size}".strip(), lines.units(row.quantity)) for row in brought]
    makers = access.people_who(db, SELL, offer.seller_id)
    return Told(facts, [*_keepers(db, offer.place_id), *lines.people(db, makers)])


def _keepers(db: Session, place_id: int) -> list[Person]:
    return lines.people(db, access.people_who(db, KEEP, place_id))


lines.add(Topic(EXPIRY, _l("Barang dekat tanggalnya"), _l("Lihat barangnya"), 30, "calendar",
                ending, _tell_ending, _l("Penjaga sudah dihubungi")))  # fmt: skip
lines.add(Topic(OFFER, _l("Tawaran belum dijawab"), _l("Hubungi penjaga"), 34, "kiosk",
                unanswered, _tell_offer, _l("Penjaga sudah dihubungi")))  # fmt: skip
