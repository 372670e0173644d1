"""Apa yang laku di mana: what members tell each other after a bazaar, with their names."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import extract, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives.bazaars.seats import seat_of
from cooperatives.models import Bazaar, BazaarNote
from core import audit, clock
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from sellers.models import Seller
from sellers.owning import own_shop

TEXT_MIN, TEXT_MAX = 5, 600
PAGE = 20


class NoNote(DomainError):
    """A note says something."""

    sentence = _("Tulis satu kalimat: apa yang laku, dan kenapa.")


class NotYet(DomainError):
    """Nobody knows yet what sells there."""

    status = 409
    sentence = _("Bazarnya belum mulai. Tulis catatan setelah bazar.")


@in_transaction(retries=3)
def write(db: Session, *, actor: Actor, bazaar_id: int, seller_id: int, text: str) -> None:
    """A member who joined tells what sold; writing again changes her note.

    Raises NoNote, NotYet, NotFound.
    """
    seller = own_shop(db, actor, seller_id)
    bazaar, seat = db.get(Bazaar, bazaar_id), seat_of(db, bazaar_id, seller.id)
    if bazaar is None or seat is None or seat.state != "joined":
        raise NotFound
    if bazaar.starts_on > clock.today():
        raise NotYet
    text = text.strip()
    if not TEXT_MIN <= len(text) <= TEXT_MAX:
        raise NoNote
    values = {"text": text, "written_at": clock.now()}
    db.execute(
        insert(BazaarNote)
        .values(bazaar_id=bazaar.id, seller_id=seller.id, **values)
        .on_conflict_do_update(index_elements=["bazaar_id", "seller_id"], set_=values)
    )
    audit.record(db, actor, "bazaar.note", "bazaar", bazaar.id, seller=seller.id)


def note_of(db: Session, bazaar_id: int, seller_id: int) -> str:
    """What she wrote herself."""
    query = select(BazaarNote.text).where(
        BazaarNote.bazaar_id == bazaar_id, BazaarNote.seller_id == seller_id
    )
    return db.scalar(query) or ""


def find(
    db: Session, *, asked: str = "", month: int | None = None, page: int = 1
) -> tuple[Sequence[Any], bool]:
    """Notes by place, bazaar or words, and by the month of the year, the newest first: text, shop,
    bazaar, spot, day; whether more follow.
    """
    query = (
        select(
            BazaarNote.text,
            Seller.store_name.label("shop"),
            Seller.call_me,
            Bazaar.name.label("bazaar"),
            Bazaar.spot,
            Bazaar.starts_on.label("day"),
        )
        .join(Bazaar, Bazaar.id == BazaarNote.bazaar_id)
        .join(Seller, Seller.id == BazaarNote.seller_id)
        .order_by(Bazaar.starts_on.desc(), BazaarNote.id.desc())
    )
    for word in asked.split()[:5]:
        pattern = f"%{word}%"
        hits = [column.ilike(pattern) for column in (BazaarNote.text, Bazaar.name, Bazaar.spot)]
        query = query.where(hits[0] | hits[1] | hits[2])
    if month is not None:
        query = query.where(extract("month", Bazaar.starts_on) == month)
    found = db.execute(query.limit(PAGE + 1).offset(PAGE * (page - 1))).all()
    return found[:PAGE], len(found) > PAGE
