"""The owner's word on a *nota titip*: it fits, on her phone or on paper, or something does not."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from cooperatives.models import ConsignNote
from cooperatives.receiving import intake, note_news
from core import audit, clock, files
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.files import Attachment, Stored
from sellers.owning import may
from sellers.rights import SELL

WORDS_MAX = 200


class SaysNothing(DomainError):
    """What does not fit, or the answer to it, is said in words."""

    sentence = _l("Tulis dulu apa yang tidak cocok.")


class NotAPicture(DomainError):
    """A signature or a thumb print is shown as a picture."""

    sentence = _l("Ini bukan foto. Foto dulu tanda tangan atau cap jempolnya.")


def get_hers(db: Session, actor: Actor, note_id: UUID, *, lock: bool = False) -> ConsignNote:
    """A note about goods of a shop that is the actor's; raises NotFound."""
    note = db.get(ConsignNote, note_id, with_for_update=lock or None, populate_existing=lock)
    if note is None or not may(db, actor, note.owner_id, SELL):
        raise NotFound
    return note


@in_transaction()
def agree(db: Session, *, actor: Actor, note_id: UUID) -> None:
    """The owner says that it fits; what did not fit before is settled. Raises NotFound."""
    note = get_hers(db, actor, note_id, lock=True)
    if note.agreed_at is None:
        note.agreed_how, note.agreed_at = "phone", clock.now()
        if note.disputed_at is not None and note.answered_at is None:
            note.answered_at = clock.now()
            note_news.close(db, actor, note)
        audit.record(db, actor, "note.agree", intake.DOC, note.id)


@in_transaction()
def dispute(db: Session, *, actor: Actor, note_id: UUID, words: str) -> None:
    """The owner says what does not fit; the keeper gets a task. Raises SaysNothing, NotFound."""
    note = get_hers(db, actor, note_id, lock=True)
    said = words.strip()[:WORDS_MAX]
    if not said:
        raise SaysNothing
    note.dispute, note.disputed_at = said, clock.now()
    note.answer, note.answered_at = "", None
    note.agreed_how, note.agreed_at = "", None
    note_news.ask_keeper(db, note)
    audit.record(db, actor, "note.dispute", intake.DOC, note.id)


@in_transaction()
def answer(db: Session, *, actor: Actor, note_id: UUID, words: str) -> None:
    """The keeper answers what did not fit. Raises SaysNothing, NotFound."""
    note = intake.lock(db, actor, note_id)
    said = words.strip()[:WORDS_MAX]
    if not said:
        raise SaysNothing
    if note.disputed_at is None:
        raise NotFound
    note.answer, note.answered_at = said, clock.now()
    note_news.tell_answered(db, actor, note)
    audit.record(db, actor, "note.answer", intake.DOC, note.id)


def sign(*, actor: Actor, note_id: UUID, photo: bytes) -> None:
    """The photo of a signature or thumb print on paper: so agrees whoever has no phone.

    Raises NotAPicture, NotAFile, NotFound.
    """
    if not files.kind_of(photo).startswith("image/"):
        raise NotAPicture
    _signed(actor=actor, note_id=note_id, stored=files.store(photo))


@in_transaction()
def _signed(db: Session, *, actor: Actor, note_id: UUID, stored: Stored) -> None:
    note = intake.lock(db, actor, note_id)
    files.attach.within(db, actor=actor, stored=stored, doc=doc_of(note))
    note.agreed_how, note.agreed_at = "paper", clock.now()


def doc_of(note: ConsignNote) -> tuple[str, object]:
    """The document that its private files belong to."""
    return (intake.DOC, note.id)


def signatures(db: Session, note: ConsignNote) -> list[Attachment]:
    """Photos of what was signed; the caller has checked who asks."""
    return files.list_of(db, doc_of(note))
