"""Organisations: cooperatives, joint groups, training providers, and the operator of the shop.

Upper floors extend a row of this table with one of their own (same id). Tenancy is a filter in
every query on `organisation_id` plus composite keys; there is no row-level security.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, literal_column, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.db import Base, Reader, Ready, moment, reference
from core.errors import NotFound

KINDS = ("cooperative", "joint_group", "provider", "operator")


class Organisation(Base):
    """A body with its own members, goods or money."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("kind in ('cooperative','joint_group','provider','operator')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = reference("organisation.id")
    created_at: Mapped[datetime] = moment(default=clock.now)
    closed_at: Mapped[datetime | None] = moment()


def get_organisation(db: Session, slug: str) -> Organisation:
    """One open organisation by its slug; raises NotFound."""
    found = db.scalar(
        select(Organisation).where(Organisation.slug == slug, Organisation.closed_at.is_(None))
    )
    if found is None:
        raise NotFound
    return found


def operator(db: Session) -> Organisation:
    """The body that runs this house; it exists from the first migration on."""
    return db.scalars(select(Organisation).where(Organisation.kind == "operator")).one()


_OPERATOR_ID = Ready(
    select(Organisation.id).where(Organisation.kind == literal_column("'operator'"))
)


def operator_id(db: Reader) -> int:
    """The id of that body alone; asked with every order."""
    found: int = _OPERATOR_ID.rows(db, {})[0].id
    return found
