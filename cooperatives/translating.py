"""Translations by other members (W21): asked for, written, accepted, credited to who wrote them.

Whoever is a member of the maker's cooperative and speaks the language finds the request. The text
goes into the product only when the maker has accepted it. A fee is told, never booked.
"""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cooperatives import tongues
from cooperatives.models import Translation
from core import audit, clock, notify, tasks
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from sellers import listings
from sellers.listings import Details
from sellers.models import Listing
from sellers.owning import own_listing
from sellers.rights import SELL

LANGUAGES = ("en", "zh_hant", "ar", "ms", "ko", "ja")
OPEN = ("asked", "written", "returned")
TO_READ = tasks.declare(
    "cooperatives.translation_written",
    _l("Baca terjemahan baru untuk %(name)s."),
    deed=_l("Baca"),
    many=_l("Baca %(count)s terjemahan baru."),
    urgency=63,
)


class AskedAlready(DomainError):
    """One open request for a language is enough."""

    status = 409
    sentence = _l("Terjemahan bahasa ini sudah diminta dan belum selesai.")


class TakenMeanwhile(DomainError):
    """Another member was faster, or the maker no longer waits for it."""

    status = 409
    sentence = _l("Permintaan ini sudah dikerjakan anggota lain atau dibatalkan.")


class NothingToDecide(DomainError):
    """Only a written translation is accepted or sent back."""

    status = 409
    sentence = _l("Terjemahan ini sudah dijawab, atau belum ditulis.")


class NoReason(DomainError):
    """Whoever sends a text back says what should be different."""

    sentence = _l("Tulis dulu apa yang perlu diperbaiki.")


@in_transaction(retries=3)
def ask(
    db: Session,
    *,
    actor: Actor,
    listing_id: int,
    language: str,
    note: str = "",
    fee: int | None = None,
) -> Translation:
    """Ask members for a product's text in a language. Raises NotFound, AskedAlready."""
    assert language in LANGUAGES, language
    listing = own_listing(db, actor, listing_id, lock=True)
    waiting = select(Translation.id).where(
        Translation.listing_id == listing.id,
        Translation.language == language,
        Translation.state.in_(OPEN),
    )
    if db.scalar(waiting) is not None:
        raise AskedAlready
    asked = Translation(
        listing_id=listing.id, language=language, note=note, fee=fee or None,
        asked_by=actor.person_id,
    )  # fmt: skip
    db.add(asked)
    db.flush()
    audit.record(db, actor, "translation.ask", "translation", asked.id, language=language)
    return asked


@in_transaction(retries=3)
def withdraw(db: Session, *, actor: Actor, listing_id: int, translation_id: int) -> None:
    """Wait for it no longer; what was written is not used. Raises NotFound, NothingToDecide."""
    found = _hers(db, actor, listing_id, translation_id)
    if found.state not in OPEN:
        raise NothingToDecide
    _decide(db, actor, found, "withdrawn")


@in_transaction(retries=3)
def write(
    db: Session,
    *,
    actor: Actor,
    translation_id: int,
    name: str,
    description: str = "",
    may_name: bool = False,
) -> None:
    """Write the text, or write it anew after it came back. Raises NotFound, TakenMeanwhile."""
    found = _locked(db, tongues.for_translator(actor), translation_id)
    is_hers = found.translator_id == actor.person_id
    if found.state != "asked" and not (is_hers and found.state in ("written", "returned")):
        raise TakenMeanwhile
    listing = db.get_one(Listing, found.listing_id)
    found.translator_id, found.state, found.written_at = actor.person_id, "written", clock.now()
    found.name, found.description, found.may_name, found.reason = name, description, may_name, ""
    tasks.write(
        db,
        TO_READ,
        doc=("translation", found.id),
        link=f"/ibu/produk/{listing.id}/terjemahan/{found.id}",
        holders=(SELL, listing.seller_id),
        facts={"name": listing.name},
    )
    audit.record(db, actor, "translation.write", "translation", found.id)


@in_transaction(retries=3)
def accept(db: Session, *, actor: Actor, listing_id: int, translation_id: int) -> None:
    """Put the text into the product. Raises NotFound, NothingToDecide, and NotReady for a claim."""
    found = _to_decide(db, actor, listing_id, translation_id)
    listing = db.get_one(Listing, listing_id)
    listings.edit.within(db, actor=actor, listing_id=listing_id, changes=_changes(listing, found))
    _decide(db, actor, found, "accepted")
    _tell(db, found, _l("Terjemahan Ibu untuk %(name)s dipakai. Terima kasih.", name=listing.name))


@in_transaction(retries=3)
def send_back(
    db: Session, *, actor: Actor, listing_id: int, translation_id: int, reason: str
) -> None:
    """Ask its writer to mend it. Raises NotFound, NothingToDecide, NoReason."""
    found = _to_decide(db, actor, listing_id, translation_id)
    if not reason.strip():
        raise NoReason
    name = db.get_one(Listing, listing_id).name
    _decide(db, actor, found, "returned")
    found.reason = reason.strip()
    _tell(db, found, _l("Terjemahan %(name)s perlu diperbaiki. Lihat pesannya.", name=name))


@in_transaction(retries=3)
def name_me(db: Session, *, actor: Actor, translation_id: int, may_name: bool) -> None:
    """The translator lets buyers read who she is, or takes that back. Raises NotFound."""
    hers = Translation.translator_id == actor.person_id
    found = _locked(db, hers, translation_id)
    found.may_name = may_name
    audit.record(db, actor, "translation.name", "translation", found.id, may_name=may_name)


def _changes(listing: Listing, found: Translation) -> Details:
    """What the accepted text changes; a description that was not written leaves the old one."""
    texts = {"name": found.name}
    if found.description:
        texts["description"] = found.description
    if found.language == "en":
        changes = Details(name_en=found.name)
        if found.description:
            changes["description_en"] = found.description
        return changes
    before = dict(listing.translations.get(found.language, {}))
    return Details(translations={**listing.translations, found.language: before | texts})


def _hers(db: Session, actor: Actor, listing_id: int, translation_id: int) -> Translation:
    """A request of a product she may decide on, product first so that locks keep their order."""
    own_listing(db, actor, listing_id, lock=True)
    return _locked(db, Translation.listing_id == listing_id, translation_id)


def _to_decide(db: Session, actor: Actor, listing_id: int, translation_id: int) -> Translation:
    found = _hers(db, actor, listing_id, translation_id)
    if found.state != "written":
        raise NothingToDecide
    return found


def _locked(db: Session, whose: ColumnElement[bool], translation_id: int) -> Translation:
    query = select(Translation).where(Translation.id == translation_id, whose)
    query = query.with_for_update().execution_options(populate_existing=True)
    found = db.scalar(query)
    if found is None:
        raise NotFound
    return found


def _decide(db: Session, actor: Actor, found: Translation, state: str) -> None:
    found.state, found.decided_by, found.decided_at = state, actor.person_id, clock.now()
    tasks.close(db, TO_READ, actor=actor, doc=("translation", found.id), reason=state)
    audit.record(db, actor, f"translation.{state}", "translation", found.id)


def _tell(db: Session, found: Translation, text: Any) -> None:
    assert found.translator_id is not None
    assert found.written_at is not None
    notify.tell(
        db,
        event_key=f"translation:{found.id}:{found.state}:{found.written_at.isoformat()}",
        people=[found.translator_id],
        title=_l("Terjemahan Ibu"),
        text=text,
        link=f"/ibu/terjemah/{found.id}",
    )
