"""What the sellers' floor keeps of a person: her shops, permits and trainings."""

from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from core import album, clock, files, privacy
from core.actors import SYSTEM
from core.privacy import Keeper, copied
from sellers.helping import mandates
from sellers.helping.models import HelpedDeed, Mandate
from sellers.models import (
    ExpectedPhoto,
    Inviter,
    Listing,
    ListingPicture,
    Permit,
    Referral,
    Seller,
)
from sellers.training.car import CarWish
from sellers.training.mentoring_models import Mentoring, MentorNote
from sellers.training.models import Certificate, Enrolment
from sellers.training.scholarship_models import Application

EMPTY_TEXTS = (
    "call_me", "story", "story_en", "mission", "difference", "district_code", "language_gained",
    "rest_note", "device", "signal",
)  # fmt: skip
EMPTY_YEARS = ("away_from_year", "away_until_year", "turnover_statement_year", "picture_id")


def _export(db: Session, person_id: int) -> dict[str, Any]:
    hers = select(Seller.id).where(Seller.person_id == person_id)
    seats = select(Enrolment.id).where(Enrolment.person_id == person_id)
    own = {
        "shops": select(*Seller.__table__.c).where(Seller.person_id == person_id),
        "products": select(
            Listing.name, Listing.state, Listing.description, Listing.created_at
        ).where(Listing.seller_id.in_(hers)),
        "permits": select(Permit.kind, Permit.number, Permit.valid_until).where(
            Permit.seller_id.in_(hers)
        ),
        **_mandates(person_id),
        "trainings": select(
            Enrolment.cohort_id, Enrolment.state, Enrolment.enrolled_at, Enrolment.is_shown
        ).where(Enrolment.person_id == person_id),
        "scholarships": select(
            Application.cohort_id, Application.words, Application.applied_at
        ).where(Application.person_id == person_id),
        "car_wishes": select(
            CarWish.district_code,
            CarWish.landmark,
            CarWish.women,
            CarWish.words,
            CarWish.asked_at,
            CarWish.answer,
        ).where(CarWish.person_id == person_id),
        "links": select(
            Referral.code, Referral.listing_id, Referral.visits, Referral.created_at
        ).where(Referral.person_id == person_id),
        "inviter_code": select(Inviter.code, Inviter.created_at).where(
            Inviter.person_id == person_id
        ),
        "mentoring": select(Mentoring.goal, Mentoring.outcome, Mentoring.review, MentorNote.words)
        .outerjoin(MentorNote, MentorNote.mentoring_id == Mentoring.id)
        .where(Mentoring.enrolment_id.in_(seats)),
        "certificates": select(
            Certificate.code, Certificate.issued_at, Certificate.valid_until
        ).where(Certificate.person_id == person_id),
    }
    return {name: copied(db, query) for name, query in own.items()}


def _erase(db: Session, person_id: int) -> None:
    """Her shops close and fall silent; goods that were sold keep their names for the buyers."""
    _erase_mandates(db, person_id)
    db.execute(delete(ExpectedPhoto).where(ExpectedPhoto.person_id == person_id))
    db.execute(delete(CarWish).where(CarWish.person_id == person_id))
    db.execute(delete(Referral).where(Referral.person_id == person_id))
    db.execute(delete(Inviter).where(Inviter.person_id == person_id))
    for seller in db.scalars(select(Seller).where(Seller.person_id == person_id)):
        _silence(db, seller)
    asked = update(Application).where(Application.person_id == person_id)
    gone_at = func.coalesce(Application.withdrawn_at, clock.now())
    db.execute(asked.values(words="", withdrawn_at=gone_at))
    seats = select(Enrolment.id).where(Enrolment.person_id == person_id)
    pairs = select(Mentoring.id).where(Mentoring.enrolment_id.in_(seats))
    db.execute(
        update(MentorNote)
        .where(MentorNote.mentoring_id.in_(pairs))
        .values(words="", is_shown=False)
    )
    forgotten = update(Mentoring).where(Mentoring.enrolment_id.in_(seats))
    db.execute(forgotten.values(goal="", review="", opened=[]))
    living = Mentoring.ended_at.is_(None)
    db.execute(forgotten.where(living).values(ended_at=clock.now(), outcome="stopped"))
    enrolled = update(Enrolment).where(Enrolment.person_id == person_id)
    db.execute(enrolled.values(is_shown=False))
    db.execute(enrolled.where(Enrolment.state != "left").values(state="left", left_at=clock.now()))


def _silence(db: Session, seller: Seller) -> None:
    shown = select(ListingPicture.picture_id).join(Listing, Listing.id == ListingPicture.listing_id)
    pictures = list(db.scalars(shown.where(Listing.seller_id == seller.id)))
    pictures += [seller.picture_id] if seller.picture_id else []
    for name in EMPTY_TEXTS:
        setattr(seller, name, "")
    for name in EMPTY_YEARS:
        setattr(seller, name, None)
    seller.store_name, seller.slug = privacy.NOBODY, f"toko-{seller.id}-ditutup"
    seller.languages, seller.returned_from, seller.shows_return = ["id"], [], False
    seller.closed_at = seller.closed_at or clock.now()
    goods = update(Listing).where(Listing.seller_id == seller.id)
    db.execute(goods.values(state="archived", description="", description_en=""))
    db.execute(update(Permit).where(Permit.seller_id == seller.id).values(number=None))
    db.execute(delete(ListingPicture).where(ListingPicture.picture_id.in_(pictures)))
    hers = select(Listing.id).where(Listing.seller_id == seller.id)
    db.execute(delete(ExpectedPhoto).where(ExpectedPhoto.listing_id.in_(hers)))
    for picture_id in pictures:
        album.erase(db, picture_id)


def _mandates(person_id: int) -> dict[str, Any]:
    """What she agreed to, and where she helps."""
    told = (
        Mandate.text, Mandate.text_version, Mandate.consent, Mandate.witness, Mandate.until,
        Mandate.created_at, Mandate.ended_at, Mandate.end_reason,
    )  # fmt: skip
    return {
        "helped_by": select(*told).where(Mandate.owner_id == person_id),
        "helps": select(*told).where(Mandate.helper_id == person_id),
    }


def _erase_mandates(db: Session, person_id: int) -> None:
    """Both names stand in the text, so it goes with either; the proof and her words go with her."""
    either = or_(Mandate.owner_id == person_id, Mandate.helper_id == person_id)
    for mandate in db.scalars(select(Mandate).where(either).with_for_update()):
        mandates.finish(db, SYSTEM, mandate, "erased")
        mandate.text = mandate.witness = mandate.end_reason = privacy.NOBODY
        if mandate.owner_id == person_id:
            files.erase(db, mandates.doc_of(mandate.id))
            of_hers = update(HelpedDeed).where(HelpedDeed.mandate_id == mandate.id)
            db.execute(of_hers.values(before={}, after={}))


KEEPER = Keeper("sellers", _export, _erase)
