"""At which of her places a keeper works: the only one she keeps, or the one the address says."""

from flask import render_template, request
from sqlalchemy import select

from cooperatives.models import Place
from cooperatives.places import OPENED_BY_HAND
from cooperatives.rights import KEEP
from core import access, visitor
from core.db import db


def kept() -> list[Place]:
    """Kiosks and bazaar boxes that the visitor keeps."""
    mine = access.subjects(db.session(), visitor.actor(), KEEP)
    query = select(Place).where(Place.id.in_(mine), Place.kind.in_(OPENED_BY_HAND))
    return list(db.session().scalars(query.order_by(Place.kind.desc(), Place.name)))


def chosen(places: list[Place]) -> Place | None:
    """The place the address names by `?kios=`; where she keeps one only, that one."""
    if len(places) == 1:
        return places[0]
    return next((place for place in places if place.slug == request.args.get("kios")), None)


def ask(places: list[Place], title: str, endpoint: str) -> str:
    """A page that asks at which place she is."""
    return render_template(
        "cooperatives/which_place.html", places=places, title=title, endpoint=endpoint
    )
