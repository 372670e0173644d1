"""Builders of classes and of the women in them."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

from core import clock
from core.actors import SYSTEM
from core.db import db
from sellers.models import Category, Listing, Seller
from sellers.training import attendance, cohorts, enrolments, programmes, sessions
from sellers.training.models import Enrolment
from sellers.training.programmes import Plan
from sellers.training.rights import TEACH, VERIFY
from sellers.training.sessions import Meeting
from tests.factories import an_actor, an_organisation, give

_numbers = count(1)


def a_phone():
    return f"+62812{next(_numbers):07d}"


def a_woman(name="Parti", **more):
    return an_actor(name, phone=more.pop("phone", None) or a_phone(), **more)


def a_provider(slug="komunitas"):
    return an_organisation(slug, kind="provider")


def a_facilitator(provider, name="Rina", **more):
    actor = a_woman(name, **more)
    give(actor, TEACH, provider.id)
    return actor


def an_issuer(provider, name="Ratna", **more):
    actor = a_woman(name, **more)
    give(actor, VERIFY, provider.id)
    return actor


def a_programme(provider, name="Jualan dari HP", **more):
    plan = Plan(name=name, **{"gives_certificate": True, **more})
    return programmes.open_programme(actor=SYSTEM, provider_id=provider.id, plan=plan)


def a_cohort(provider, *, name="2026-11", seats=20, programme_id=None, **plan):
    programme_id = programme_id or a_programme(provider, **plan)
    return cohorts.open_cohort(actor=SYSTEM, programme_id=programme_id, name=name, seats=seats)


def a_session(cohort_id, *, days=-1, title="Foto terang", **more):
    meeting = Meeting(title=title, starts_at=clock.now() + timedelta(days=days), minutes=90, **more)
    return sessions.add_session(actor=SYSTEM, cohort_id=cohort_id, meeting=meeting)


def enrolled(cohort_id, woman):
    """The id of her enrolment; she joins by herself."""
    enrolments.join(actor=woman, cohort_id=cohort_id)
    return (
        db.session.query(Enrolment)
        .filter_by(cohort_id=cohort_id, person_id=woman.person_id)
        .one()
        .id
    )


def present(session_id, *enrolment_ids, was_there=True, actor=SYSTEM):
    return attendance.note(
        actor=actor,
        act_id=uuid4(),
        session_id=session_id,
        marks=dict.fromkeys(enrolment_ids, was_there),
    )


def a_completed(provider, woman, **more):
    """The id of an enrolment whose every session she attended."""
    cohort_id = a_cohort(provider, **more)
    enrolment_id = enrolled(cohort_id, woman)
    present(a_session(cohort_id), enrolment_id)
    return enrolment_id


def a_seller(woman, organisation, slug="parti"):
    seller = Seller(
        slug=slug,
        person_id=woman.person_id,
        organisation_id=organisation.id,
        store_name=slug.title(),
    )
    db.session.add(seller)
    db.session.commit()
    return seller


def a_listing(seller, name="Keripik pisang", slug="keripik"):
    category = db.session.query(Category).filter_by(slug="pangan").one_or_none()
    category = category or Category(slug="pangan", name="Pangan")
    db.session.add(category)
    db.session.flush()
    listing = Listing(
        slug=slug, seller_id=seller.id, category_id=category.id, name=name, state="live"
    )
    db.session.add(listing)
    db.session.commit()
    return listing
