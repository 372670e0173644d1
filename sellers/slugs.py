"""Addresses of shops and products: made once from a name, unique, and never changed again."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.errors import DomainError
from core.words import SLUG_CHARACTERS_MAX, slug

# What people would take for the house itself, and words that pages may need under /toko and /p.
RESERVED = frozenset(
    {
        "admin", "aduan", "akun", "bantuan", "baru", "bazar", "biaya", "cari", "edit", "hapus",
        "ibu", "kas", "kelola", "keranjang", "kios", "koord", "lumbung", "masuk", "operator",
        "p", "pengelola", "privasi", "produk", "resmi", "semua", "syarat", "toko", "ubah",
    }
)  # fmt: skip


class ReservedName(DomainError):
    """The name would look like the house speaking."""

    sentence = _l("Nama ini sudah dipakai Lumbung. Tulis nama yang lebih lengkap.")


def choose(db: Session, column: InstrumentedAttribute[str], name: str) -> str:
    """A free address for this name in a table's slug column; raises ReservedName.

    One writer at a time chooses, so that two products of one name cannot meet.
    """
    wish = slug(name)
    if wish in RESERVED:
        raise ReservedName
    db.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"slug of {column}"))))
    # A slug is letters, digits and dashes, so it means nothing else to LIKE.
    taken = set(
        db.scalars(select(column).where(column.like(f"{wish[: SLUG_CHARACTERS_MAX - 6]}%")))
    )
    if wish not in taken:
        return wish
    number = 2
    while (numbered := _numbered(wish, number)) in taken:
        number += 1
    return numbered


def _numbered(wish: str, number: int) -> str:
    tail = f"-{number}"
    return wish[: SLUG_CHARACTERS_MAX - len(tail)].rstrip("-") + tail
