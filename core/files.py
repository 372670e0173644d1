"""Private files: a voice that consents, a photo of what arrived broken, a signature.

They are read only by somebody whose page asks for them after its own check; no address leads to
them, and nothing of them is ever public.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, clock
from core.actors import Actor
from core.album import storage
from core.db import Base, in_transaction, moment, reference
from core.errors import DomainError

BYTES_MAX = 5 * 1024 * 1024
# First bytes by which each kind is known; what a client claims is never believed.
KINDS = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "audio/ogg": b"OggS",
    "audio/webm": b"\x1a\x45\xdf\xa3",
    "audio/mpeg": b"ID3",
    "audio/amr": b"#!AMR",
    "application/pdf": b"%PDF-",
}


class NotAFile(DomainError):
    """Too large, or of a kind we do not keep."""

    sentence = _("Berkas ini tidak bisa disimpan. Kirim foto, suara, atau PDF sampai 5 MB.")


class Attachment(Base):
    """One private file that belongs to a document of some floor."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("bytes > 0", name="bytes"),
        Index("ix_attachment_doc_type_doc_id", "doc_type", "doc_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    doc_type: Mapped[str] = mapped_column(String(20))
    doc_id: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    content_type: Mapped[str] = mapped_column(String(40))
    bytes: Mapped[int]
    sent_by: Mapped[int | None] = reference("person.id")
    created_at: Mapped[datetime] = moment(default=clock.now)


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that are stored and belong to no document yet."""

    id: UUID
    content_type: str
    bytes: int

    @property
    def key(self) -> str:
        """Where they are."""
        return f"private/file/{self.id.hex}"


def kind_of(content: bytes) -> str:
    """What bytes are, by how they begin; empty where we do not keep such."""
    if content[4:8] == b"ftyp" and content[8:11] in (b"M4A", b"mp4", b"iso", b"3gp"):
        return "audio/mp4"  # As phones record a voice.
    return next((kind for kind, sign in KINDS.items() if content.startswith(sign)), "")


def store(content: bytes) -> Stored:
    """Store bytes before the transaction opens that attaches them; raises NotAFile."""
    content_type = kind_of(content)
    if not content_type or len(content) > BYTES_MAX:
        raise NotAFile
    stored = Stored(uuid4(), content_type, len(content))
    storage().put(stored.key, content, content_type)
    return stored


@in_transaction()
def attach(db: Session, *, actor: Actor, stored: Stored, doc: tuple[str, object]) -> Attachment:
    """Let stored bytes belong to a document."""
    found = Attachment(
        id=stored.id,
        doc_type=doc[0],
        doc_id=str(doc[1]),
        key=stored.key,
        content_type=stored.content_type,
        bytes=stored.bytes,
        sent_by=actor.person_id,
    )
    db.add(found)
    audit.record(db, actor, "file.keep", "attachment", stored.id, doc=doc[0])
    return found


def keep(*, actor: Actor, doc: tuple[str, object], content: bytes) -> Attachment:
    """Store a private file for a document; raises NotAFile."""
    return attach(actor=actor, stored=store(content), doc=doc)


def drop(db: Session, stored: Stored) -> None:
    """Delete stored bytes unless a document has them: the deed was refused, or done before."""
    if db.get(Attachment, stored.id) is None:
        storage().delete(stored.key)


def erase(db: Session, doc: tuple[str, object]) -> None:
    """Delete every file of a document, bytes and all: somebody's data are erased."""
    for found in list_of(db, doc):
        storage().delete(found.key)
        db.delete(found)


def list_of(db: Session, doc: tuple[str, object]) -> list[Attachment]:
    """The files of a document, oldest first."""
    query = select(Attachment).where(
        Attachment.doc_type == doc[0], Attachment.doc_id == str(doc[1])
    )
    return list(db.scalars(query.order_by(Attachment.created_at, Attachment.id)))


def read(attachment: Attachment) -> bytes:
    """The bytes; the caller has checked that its visitor may see the document."""
    return storage().get(attachment.key)
