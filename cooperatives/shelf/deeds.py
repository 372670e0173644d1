"""What a keeper does with one lot of the shelf: waste, sample, back to its owner, to another shelf.

Each is an act, also from a phone without signal. Waste is a fact, even where goods were promised;
the others need goods that are there and promised to nobody. The owner hears of what left her.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from cooperatives import goods, movements, places
from cooperatives.goods import Portion
from cooperatives.holds import Doc
from cooperatives.models import Lot, Movement, Place
from cooperatives.receiving import asked
from core import access, acts, notify
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from sellers.models import Listing, Seller, Variant
from sellers.rights import SELL

ACT = "shelf.take"
DOC = "shelf"
LATEST_MAX = 12
WHY: dict[str, dict[str, Any]] = {
    "waste": {
        "broken": _l("Rusak atau pecah"),
        "spoilt": _l("Basi atau berjamur"),
        "past": _l("Lewat tanggal baiknya"),
        "lost": _l("Hilang"),
    },
    "sample": {"tasted": _l("Untuk dicicip"), "shown": _l("Untuk contoh atau foto")},
    "return": {
        "pulled": _l("Ditarik, tanggalnya dekat"),
        "asked": _l("Diminta pemiliknya"),
        "unsold": _l("Tidak laku"),
    },
}
HEADINGS = {
    "waste": _l("Dibuang"),
    "sample": _l("Contoh"),
    "return": _l("Dikembalikan ke pemilik"),
    "move": _l("Pindah ke"),
}
WORDS = {f"{what}:{code}": words for what, codes in WHY.items() for code, words in codes.items()}


TAKE_OFF: dict[str, Callable[..., object]] = {
    "waste": goods.write_off.within,
    "sample": goods.give_samples.within,
    "return": goods.return_to_owner.within,
}


class NoWhy(DomainError):
    """Whoever takes goods off the shelf says why, or where to."""

    sentence = _l("Pilih dulu alasannya.")


@acts.handles(ACT, label=_l("Barang keluar dari rak"))
def handle(
    db: Session, *, actor: Actor, act_id: UUID, at: datetime, content: Mapping[str, Any]
) -> dict[str, Any]:
    """One deed, as its form says it: `place`, `lot`, `units`, and `why` as `waste:broken` or, to
    another place of hers, `move:12`. Raises NoWhy, BadGoods, NotSoMany, NotFound.
    """
    place = places.tended(db, actor, asked.number(content, "place"))
    lot = db.get(Lot, asked.number(content, "lot"))
    units = asked.number(content, "units")
    if lot is None:
        raise NotFound
    what, _sign, code = str(content.get("why")).partition(":")
    said: dict[str, Any] = {
        "actor": actor,
        "doc": Doc(DOC, str(act_id)),
        "portions": [Portion(lot.id, units)],
        "device_at": at,
    }
    if what == "move":
        target = asked.number({"to": code}, "to")
        goods.transfer_goods.within(db, from_place_id=place.id, to_place_id=target, **said)
    elif code in WHY.get(what, {}):
        TAKE_OFF[what](db, place_id=place.id, reason=code, **said)
        _tell_owner(db, act_id, place, lot, units, WORDS[f"{what}:{code}"])
    else:
        raise NoWhy
    return {"sentence": _("Dicatat.")}


def _tell_owner(db: Session, act_id: UUID, place: Place, lot: Lot, units: int, why: Any) -> None:
    notify.tell(
        db,
        event_key=f"shelf:{act_id}",
        people=access.people_who(db, SELL, lot.owner_id),
        title=_l("Barang Ibu keluar dari rak"),
        text=_l("%(place)s, %(units)s %(name)s: %(why)s.", place=place.name, units=units,
                name=_name(db, lot), why=why),
        link="/ibu/titip",
    )  # fmt: skip


def _name(db: Session, lot: Lot) -> str:
    query = select(Listing.name).join(Variant, Variant.listing_id == Listing.id)
    return db.scalar(query.where(Variant.id == lot.variant_id)) or ""


@in_transaction(retries=3)
def undo(db: Session, *, actor: Actor, movement_id: int) -> None:
    """Noted by mistake: its mirror image, once. Raises NotReversible, NotSoMany, NotFound."""
    movement = db.get(Movement, movement_id)
    if movement is None or movement.doc_type != DOC:
        raise NotFound
    movements.reverse.within(db, actor=actor, movement_id=movement.id, reason="mistake")


def latest(db: Reader, place: Place) -> list[Any]:
    """What left this shelf last, with whether it was undone."""
    twin = aliased(Movement)
    query = (
        select(
            Movement.id, Movement.kind, Movement.reason, Movement.quantity, Movement.posted_at,
            Listing.name, Seller.store_name.label("owner"), twin.id.label("undone"),
        )
        .join(Lot, Lot.id == Movement.lot_id)
        .join(Variant, Variant.id == Lot.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .join(Seller, Seller.id == Lot.owner_id)
        .outerjoin(twin, twin.reverses_id == Movement.id)
        .where(Movement.doc_type == DOC, Movement.from_place_id == place.id)
        .order_by(Movement.id.desc())
        .limit(LATEST_MAX)
    )  # fmt: skip
    return list(db.execute(query))


def words_of(kind: str, reason: str) -> Any:
    """Why goods left, for people."""
    return WORDS.get(f"{kind}:{reason}", HEADINGS["move"] if kind == "transfer" else reason)
