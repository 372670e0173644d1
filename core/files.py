"""Private files: a voice that consents, a photo of what arrived broken, a signature.

They are read only by somebody whose page asks for them after its own check; no address leads to
them, and nothing of them is ever public.
"""

from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, Index, String
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


def keep(*, actor: Actor, doc: tuple[str, object], content: bytes) -> Attachment:
    """Store a private file for a document; raises NotAFile. Stored before the transaction opens."""
    content_type = next((kind for kind, sign in KINDS.items() if content.startswith(sign)), None)
    if content_type is None or len(content) > BYTES_MAX:
        raise NotAFile
    file_id = uuid4()
    storage().put(f"private/file/{file_id.hex}", content, content_type)
    return _write(actor=actor, file_id=file_id, doc=doc, kind=content_type, size=len(content))


@in_transaction()
def _write(
    db: Session, *, actor: Actor, file_id: UUID, doc: tuple[str, object], kind: str, size: int
) -> Attachment:
    found = Attachment(
        id=file_id,
        doc_type=doc[0],
        doc_id=str(doc[1]),
        key=f"private/file/{file_id.hex}",
        content_type=kind,
        bytes=size,
        sent_by=actor.person_id,
    )
    db.add(found)
    audit.record(db, actor, "file.keep", "attachment", file_id, doc=doc[0])
    return found


def read(attachment: Attachment) -> bytes:
    """The bytes; the caller has checked that its visitor may see the document."""
    return storage().get(attachment.key)
