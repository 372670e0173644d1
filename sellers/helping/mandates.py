"""Mandates: agreed to aloud, written down with proof, alive until their day or until she says no.

`record` and `end` are the owner's and the helper's own acts; the floor above, which knows members,
lets a coordinator do the same on a member's word by `write` and `finish`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, aliased

from core import access, audit, clock, files
from core.access import Grant, Right
from core.actors import Actor
from core.clock import WIB
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.files import Stored
from core.people import Person, get_person
from sellers.helping import consent
from sellers.helping.consent import Limits
from sellers.helping.models import Mandate
from sellers.helping.settings import HelpSettings
from sellers.models import Seller
from sellers.owning import own_shop
from sellers.rights import PARTS

LIST_MAX = 100
NO_LIMITS = Limits()


class NothingAllowed(DomainError):
    """A helper is allowed something, or there is no agreement."""

    sentence = _("Pilih dulu apa yang boleh dikerjakan.")


class BadDay(DomainError):
    """An agreement ends on a day to come, within the longest time."""

    sentence = _("Pilih hari sesudah hari ini, paling lama satu tahun.")


class HelpsHerself(DomainError):
    """Nobody is her own helper."""

    sentence = _("Pemilik toko tidak perlu izin dari dirinya sendiri.")


class WitnessNeeded(DomainError):
    """Who writes down her own mandate has somebody beside her."""

    sentence = _("Ibu mencatat izin untuk diri sendiri. Tulis nama saksinya.")


class NoReason(DomainError):
    """Who ends an agreement says why, in one sentence."""

    sentence = _("Tulis satu kalimat mengapa izin ini dicabut.")


REFUSALS = (NothingAllowed, BadDay, HelpsHerself, WitnessNeeded)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed to, and how it was proved: a spoken consent or a thumb print."""

    helper_id: int
    parts: Sequence[Right]
    until: date
    limits: Limits = NO_LIMITS
    consent: str = "thumb"
    witness: str = ""


def doc_of(mandate_id: int) -> tuple[str, int]:
    """Under which its private proof is kept."""
    return "mandate", mandate_id


def is_alive(now: datetime) -> ColumnElement[bool]:
    """The SQL condition under which a mandate counts."""
    return and_(Mandate.ended_at.is_(None), Mandate.until > now)


@in_transaction(retries=3)
def record(
    db: Session, *, actor: Actor, seller_id: int, terms: Terms, proof: Stored, text: str = ""
) -> Mandate:
    """The owner herself agrees, on her own phone. Raises as `write`, or NotFound."""
    shop = own_shop(db, actor, seller_id, lock=True)
    return write(db, actor=actor, shop=shop, terms=terms, proof=proof, text=text)


def write(
    db: Session, *, actor: Actor, shop: Seller, terms: Terms, proof: Stored, text: str = ""
) -> Mandate:
    """Write a mandate down and give its parts; one that this helper had for this shop ends by it.

    The caller has checked that the actor may speak for the owner, and has locked the shop; `text`
    is what was read to her. Raises NothingAllowed, BadDay, HelpsHerself, WitnessNeeded, NotFound.
    """
    if shop.person_id is None:
        raise NotFound
    check(actor, shop, terms)
    helper, owner = get_person(db, terms.helper_id), get_person(db, shop.person_id)
    for old in db.scalars(_open_of(shop.id, helper.id).with_for_update()):
        finish(db, actor, old, "renewed")
    until = datetime.combine(terms.until, time(23, 59), WIB)
    mandate = Mandate(
        seller_id=shop.id, owner_id=owner.id, helper_id=helper.id, recorded_by=actor.person_id,
        witness=terms.witness.strip(), consent=terms.consent, text_version=consent.VERSION,
        text=text or text_of(db, shop, terms), until=until,
        price_percent_max=terms.limits.price_percent, stock_units_max=terms.limits.stock_units,
        order_rupiah_max=terms.limits.order_rupiah,
    )  # fmt: skip
    db.add(mandate)
    db.flush()
    for part in terms.parts:
        access.give.within(
            db, actor=actor, person_id=helper.id, right=part, subject_id=shop.id, until=until,
            evidence=evidence_of(mandate.id), on_behalf_of=owner.id,
        )  # fmt: skip
    files.attach.within(db, actor=actor, stored=proof, doc=doc_of(mandate.id))
    audit.record(db, actor, "mandate.record", "mandate", mandate.id, helper=helper.id)
    return mandate


def text_of(db: Session, shop: Seller, terms: Terms) -> str:
    """What is read to the owner before she agrees to these terms. Raises NotFound."""
    return consent.read_aloud(
        owner=get_person(db, shop.person_id or 0).name,
        helper=get_person(db, terms.helper_id).name,
        parts=terms.parts,
        limits=terms.limits,
        until=terms.until,
    )


def check(actor: Actor, shop: Seller, terms: Terms) -> None:
    """Raise one of REFUSALS where this cannot be agreed to."""
    if not terms.parts or not set(terms.parts) <= set(PARTS):
        raise NothingAllowed
    if not 0 < (terms.until - clock.today()).days <= settings(HelpSettings).days_max:
        raise BadDay
    if terms.helper_id == shop.person_id:
        raise HelpsHerself
    if terms.helper_id == actor.person_id and not terms.witness.strip():
        raise WitnessNeeded


def evidence_of(mandate_id: int) -> str:
    """By which its grants name a mandate."""
    return f"mandate:{mandate_id}"


def _open_of(seller_id: int, helper_id: int) -> Select[Mandate]:
    return select(Mandate).where(
        Mandate.seller_id == seller_id, Mandate.helper_id == helper_id, Mandate.ended_at.is_(None)
    )


@in_transaction(retries=3)
def end(db: Session, *, actor: Actor, mandate_id: int, reason: str) -> Mandate:
    """The owner or the helper says that it is over; the helper's next request is refused.

    Raises NoReason, NotFound.
    """
    mandate = get(db, mandate_id, lock=True)
    if actor.person_id not in (mandate.owner_id, mandate.helper_id):
        raise NotFound
    finish(db, actor, mandate, reason)
    return mandate


def finish(db: Session, actor: Actor, mandate: Mandate, reason: str) -> None:
    """End a locked mandate and all that rests on it; ending it again changes nothing."""
    if not reason.strip():
        raise NoReason
    if mandate.ended_at is not None:
        return
    mandate.ended_at, mandate.ended_by = clock.now(), actor.person_id
    mandate.end_reason = reason.strip()[:200]
    query = select(Grant.id).where(
        Grant.evidence == evidence_of(mandate.id),
        Grant.person_id == mandate.helper_id,
        Grant.revoked_at.is_(None),
    )
    for grant_id in db.scalars(query).all():
        access.revoke.within(db, actor=actor, grant_id=grant_id)
    audit.record(db, actor, "mandate.end", "mandate", mandate.id)


def get(db: Session, mandate_id: int, *, lock: bool = False) -> Mandate:
    """One mandate, alive or not; the caller checks who asks. Raises NotFound."""
    found = db.get(Mandate, mandate_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFound
    return found


def living(db: Session, actor: Actor, seller_id: int) -> Mandate:
    """The mandate by which the actor does what she is doing, kept from ending until she is done.

    Raises HelpEnded where there is none (any more).
    """
    query = _open_of(seller_id, actor.person_id or 0).where(
        Mandate.owner_id == actor.on_behalf_of, is_alive(clock.now())
    )
    found: Mandate | None = db.scalar(query.with_for_update(read=True))
    if found is None:
        raise access.HelpEnded
    return found


def parts_of(db: Reader, mandate: Mandate) -> list[Right]:
    """The parts of her right that a mandate gives, or gave while it lived, in their order."""
    query = select(Grant.right_name).where(Grant.evidence == evidence_of(mandate.id))
    if mandate.ended_at is None:
        query = query.where(Grant.revoked_at.is_(None))
    names = set(db.scalars(query))
    return [part for part in PARTS if part.name in names]


def listed(db: Reader, which: ColumnElement[bool]) -> list[Any]:
    """Mandates with names of shop, owner and helper, those that are alive first."""
    owner, helper = aliased(Person), aliased(Person)
    query = (
        select(
            Mandate.id, Mandate.until, Mandate.ended_at, Mandate.owner_id, Mandate.helper_id,
            Mandate.seller_id, Seller.store_name, Seller.organisation_id,
            owner.call_me.label("owner"), helper.call_me.label("helper"),
            is_alive(clock.now()).label("is_alive"),
        )
        .join(Seller, Seller.id == Mandate.seller_id)
        .join(owner, owner.id == Mandate.owner_id)
        .join(helper, helper.id == Mandate.helper_id)
        .where(which)
        .order_by(is_alive(clock.now()).desc(), Mandate.until, Mandate.id)
        .limit(LIST_MAX)
    )  # fmt: skip
    return list(db.execute(query))
