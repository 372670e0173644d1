"""What the shop floor keeps of a person: the complaints she wrote, and how to reach her."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.privacy import Keeper, copied
from shop.models import Complaint, ComplaintContact, ComplaintMessage


def _export(db: Session, person_id: int) -> dict[str, Any]:
    hers = Complaint.person_id == person_id
    written = (
        select(
            Complaint.number, Complaint.topic, Complaint.state, Complaint.wish,
            Complaint.order_number, Complaint.opened_at, Complaint.closed_at,
            ComplaintContact.name, ComplaintContact.phone, ComplaintContact.email,
        )
        .join(ComplaintContact, ComplaintContact.complaint_id == Complaint.id)
        .where(hers)
    )  # fmt: skip
    said = (
        select(
            Complaint.number,
            ComplaintMessage.by_house,
            ComplaintMessage.text,
            ComplaintMessage.written_at,
        )
        .join(ComplaintMessage, ComplaintMessage.complaint_id == Complaint.id)
        .where(hers)
        .order_by(ComplaintMessage.id)
    )
    return {"complaints": copied(db, written), "complaint_words": copied(db, said)}


def _erase(db: Session, person_id: int) -> None:
    """The tickets stay, for they tell what went wrong; how to reach her goes."""
    hers = select(Complaint.id).where(Complaint.person_id == person_id)
    db.execute(
        update(ComplaintContact)
        .where(ComplaintContact.complaint_id.in_(hers), ComplaintContact.erased_at.is_(None))
        .values(name="", phone="", email="", erased_at=clock.now())
    )


KEEPER = Keeper("shop", _export, _erase)
