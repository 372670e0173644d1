"""Packages of several makers: what is in them, what they cost, and who has agreed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Base, moment, reference


class JointPackage(Base):
    """Goods of several makers that a cooperative or joint group offers together at one price.

    Price and content are never edited: another price is another package, agreed to anew.
    """

    __tablename__ = "joint_package"
    __table_args__ = (CheckConstraint("price > 0", name="price"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = reference("organisation.id", index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    story: Mapped[str] = mapped_column(String(300), default="")
    price: Mapped[int]
    made_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)
    ended_at: Mapped[datetime | None] = moment()


class JointPart(Base):
    """So many pieces of a variant in a package, and what one of them costs there.

    `agreed_at` is set by her who makes it, or her helper; without it nobody sees the package.
    """

    __tablename__ = "joint_part"
    __table_args__ = (CheckConstraint("units > 0 and piece_price > 0", name="amounts"),)

    package_id: Mapped[int] = reference("joint_package.id", primary_key=True, autoincrement=False)
    variant_id: Mapped[int] = reference(
        "variant.id", primary_key=True, autoincrement=False, index=True
    )
    seller_id: Mapped[int] = reference("seller.id", index=True)
    units: Mapped[int]
    piece_price: Mapped[int]
    agreed_at: Mapped[datetime | None] = moment()
    agreed_by: Mapped[int | None] = reference("person.id")
