"""The words of tus 1.0, the open protocol for uploads that are resumed: headers in, values out.

Pure: nothing here knows a database or a request. `core/views/upload.py` speaks them.
"""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _

from core.errors import DomainError

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
CHECKSUMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
METADATA_LENGTH_MAX = 2_000
CONTENT_TYPE = "application/offset+octet-stream"
WHOLE_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})


class NotTus(DomainError):
    """A header is missing or cannot be read."""

    status = 400
    sentence = _("Kiriman foto ini tidak bisa dibaca. Kirim sekali lagi.")


class WrongVersion(NotTus):
    """Another version of the protocol, or none."""

    status = 412


class WrongKind(NotTus):
    """A piece that does not say that it is one."""

    status = 415


class WrongChecksum(DomainError):
    """The piece was damaged on its way and is thrown away; the phone sends it again."""

    status = 460
    sentence = _("Sebagian foto rusak di jalan. Kirim sekali lagi.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the phone wants to send: its own id for it, and what it says about the bytes."""

    photo_id: UUID
    bytes: int
    content_type: str = ""
    sha256: str = ""  # Of the whole, as base64; blank where the phone cannot count it.


def number(header: str | None) -> int:
    """A whole number, digits only; raises NotTus."""
    if header is None or not WHOLE_NUMBER.fullmatch(header):
        raise NotTus
    return int(header)


def wish(length: str | None, metadata: str) -> Wish:
    """What a creation asks for; raises NotTus without a length or the phone's own id."""
    said = _metadata(metadata)
    try:
        photo_id = UUID(said.get("id", ""))
    except ValueError:
        raise NotTus from None
    kind, digest = said.get("filetype", ""), said.get("sha256", "")
    if digest and len(_unpacked(digest)) != hashlib.sha256().digest_size:
        raise NotTus
    return Wish(
        photo_id,
        number(length),
        kind if kind in TYPES else "",
        digest,
    )


def _metadata(header: str) -> dict[str, str]:
    """Pairs of a name and its value in base64, with commas between them."""
    if len(header) > METADATA_LENGTH_MAX:
        raise NotTus
    said = {}
    for pair in header.split(","):
        name, _blank, value = pair.strip().partition(" ")
        try:
            said[name] = _unpacked(value).decode()
        except UnicodeDecodeError:
            raise NotTus from None
    return said


def _unpacked(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise NotTus from None


def check(header: str | None, content: bytes) -> None:
    """Hold a piece against the checksum that came with it; raises WrongChecksum or NotTus."""
    if header is None:
        return
    kind, _blank, value = header.partition(" ")
    if kind not in CHECKSUMS:
        raise NotTus
    if not hmac.compare_digest(CHECKSUMS[kind](content).digest(), _unpacked(value)):
        raise WrongChecksum


def is_whole(content: bytes, length: int, sha256: str) -> bool:
    """Whether these are the bytes that the phone announced."""
    counted = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return len(content) == length and sha256 in ("", counted)
