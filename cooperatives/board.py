"""Organisations as the operator sees them: who they are, their places, and their terms."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from cooperatives import consignment
from cooperatives.consignment import Sheet
from cooperatives.models import Cooperative, Membership, Place
from cooperatives.places import OPENED_BY_HAND
from cooperatives.rights import require_board
from core import access, orgs
from core.actors import Actor
from core.db import PAGE_SIZE_MAX
from core.errors import NotFound
from core.orgs import Organisation
from core.rights import OPERATE

KINDS_OF_GROUPS = ("cooperative", "joint_group")


@dataclass(frozen=True, slots=True)
class Whole:
    """One organisation with what an operator decides about; a group that sells has terms."""

    organisation: Organisation
    cooperative: Cooperative | None
    members: int
    places: Sequence[Place]
    terms: Sequence[Sheet]


def list_all(db: Session, actor: Actor) -> Sequence[Row[int, str, str, int]]:
    """Every open organisation by name: id, name, kind and how many members it has."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    members = (
        select(Membership.cooperative_id, func.count().label("members"))
        .where(Membership.left_on.is_(None))
        .group_by(Membership.cooperative_id)
        .subquery()
    )
    count = func.coalesce(members.c.members, 0).label("members")
    query = (
        select(Organisation.id, Organisation.name, Organisation.kind, count)
        .outerjoin(members, members.c.cooperative_id == Organisation.id)
        .where(Organisation.closed_at.is_(None))
    )
    return db.execute(query.order_by(Organisation.name).limit(PAGE_SIZE_MAX)).all()


def whole(db: Session, actor: Actor, organisation_id: int) -> Whole:
    """One organisation, for its coordinator and for operators; raises NotFound."""
    require_board(db, actor, organisation_id)
    organisation = db.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    places = select(Place).where(
        Place.organisation_id == organisation_id, Place.kind.in_(OPENED_BY_HAND)
    )
    members = select(func.count(Membership.id)).where(
        Membership.cooperative_id == organisation_id, Membership.left_on.is_(None)
    )
    return Whole(
        organisation,
        db.get(Cooperative, organisation_id),
        db.scalar(members) or 0,
        db.scalars(places.order_by(Place.closed_at.nulls_first(), Place.name)).all(),
        consignment.list_terms(db, organisation_id),
    )
