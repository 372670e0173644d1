"""What a phone sends when it has signal again: read strictly, before anything is done with it.

Pure rules. A list that cannot be read at all is refused as a whole; an act that cannot be read is
refused alone, so that the others still arrive.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn
from uuid import UUID

from flask_babel import lazy_gettext as _

from core.addresses import BIGINT_MAX
from core.errors import DomainError

ACTS_MAX = 50
BODY_BYTES_MAX = 256 * 1024
CONTENT_DEPTH_MAX = 6
VERSION_MAX = 1_000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_KIND = re.compile(r"[a-z_]{1,20}(\.[a-z_]{1,19})+", re.ASCII)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL keeps neither.
KIND_CHARACTERS_MAX = 40
TIME_CHARACTERS_MAX = 40


class Unreadable(DomainError):
    """It has not the shape that our own scripts give it."""

    sentence = _("Kiriman ini tidak terbaca oleh Lumbung. Buka halamannya, lalu isi lagi.")


class TooMuch(DomainError):
    """More acts at once than we take; phones send in smaller parts."""

    status = 413
    sentence = _("Kiriman terlalu banyak sekaligus.")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One act on its way: who says she did what, and when by her phone's clock.

    `behalf` names whom she was helping when she did it.
    """

    id: UUID
    kind: str
    version: int
    by: int
    device_at: datetime | None
    content: dict[str, Any]
    behalf: int | None = None


def opened(body: bytes) -> list[Any]:
    """The acts in a request, unread. Raises Unreadable or TooMuch."""
    if len(body) > BODY_BYTES_MAX:
        raise TooMuch
    try:
        told = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable from None
    acts = told.get("acts") if isinstance(told, dict) else None
    if not isinstance(acts, list):
        raise Unreadable
    if len(acts) > ACTS_MAX:
        raise TooMuch
    return acts


def read(raw: Any) -> Envelope:
    """One act. Raises Unreadable."""
    if not isinstance(raw, dict):
        raise Unreadable
    key, kind, version, by = (raw.get(name) for name in ("id", "kind", "version", "by"))
    behalf = raw.get("for")
    content = raw.get("content")
    if not (
        isinstance(key, str)
        and _UUID.fullmatch(key)
        and isinstance(kind, str)
        and _KIND.fullmatch(kind)
        and len(kind) <= KIND_CHARACTERS_MAX
        and type(version) is int
        and 0 < version <= VERSION_MAX
        and type(by) is int
        and (behalf is None or (type(behalf) is int and 0 < behalf <= BIGINT_MAX))
        and isinstance(content, dict)
        and all(_is_storable(value) for value in _leaves(content))
    ):
        raise Unreadable
    return Envelope(UUID(key), kind, version, by, _moment(raw.get("at")), content, behalf)


def name_of(raw: Any) -> str:
    """The id under which even an unreadable act is answered; empty where it has none."""
    key = raw.get("id") if isinstance(raw, dict) else None
    return key if isinstance(key, str) and _UUID.fullmatch(key) else ""


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)  # NaN and Infinity are no JSON.


def _leaves(value: Any, depth: int = 0) -> Iterator[Any]:
    """Every name and value in it; what is nested too deep is handed out whole."""
    if depth < CONTENT_DEPTH_MAX and isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _leaves(inner, depth + 1)
    elif depth < CONTENT_DEPTH_MAX and isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, depth + 1)
    else:
        yield value


def _is_storable(value: Any) -> bool:
    """Whether PostgreSQL can keep it: no NUL, no half characters, nothing nested too deep."""
    if isinstance(value, str):
        return not _UNSTORABLE.search(value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, bool | int)


def _moment(at: Any) -> datetime | None:
    """When the phone says it was; None where that cannot be read, so that nothing is lost by it."""
    if not isinstance(at, str) or len(at) > TIME_CHARACTERS_MAX:
        return None
    try:
        found = datetime.fromisoformat(at)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
