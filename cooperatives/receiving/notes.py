"""Reading a *nota titip*: for the keeper, for the owner, and as words for WhatsApp."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from cooperatives import consignment, places, sharing
from cooperatives.consignment import NotSoldHere, Sheet
from cooperatives.counts import bearing
from cooperatives.lot_codes import code_of
from cooperatives.models import ConsignNote, ConsignNoteLine, Lot, Movement, Place
from cooperatives.receiving import asked, intake, offers
from core import words
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.people import Person
from sellers.models import Listing, Seller, Variant

LIST_MAX = 12
WHATSAPP_MAX = 700
CHANNELS = {
    "counter": _l("Laku di kios"),
    "bazaar": _l("Laku di bazar"),
    "web": _l("Laku lewat web"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One size of a note; `quantity` is what was taken in, as corrected since."""

    line: int
    variant_id: int
    name: str
    unit: str
    price: int
    for_owner: int
    quantity: int
    offered: int | None
    refused: int
    reason: Any
    lot_id: int | None
    batch: str
    best_before: date | None

    @property
    def code(self) -> str:
        """What its label says."""
        return code_of(self.lot_id) if self.lot_id else ""


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole note."""

    note: ConsignNote
    place: Place
    owner: Seller
    keeper: str
    terms: Sheet
    rows: Sequence[Row]
    absent: Sequence[Any]  # Offered, and nothing of it came.

    @property
    def rates(self) -> list[str]:
        """What the terms say of a sale here."""
        return rates(self.terms, self.place.kind)


def rates(terms: Sheet, place_kind: str) -> list[str]:
    """What terms take of each sale here, and when goods leave the shelf, in words."""
    known = [(c, terms.rates[c, place_kind]) for c in CHANNELS if (c, place_kind) in terms.rates]
    said = [f"{CHANNELS[channel]}: {_taken(rate)}." for channel, rate in known]
    if known:
        pull = known[0][1].pull_days
        said.append(_("Barang ditarik %(n)s hari sebelum tanggal baiknya.", n=pull))
        said.append(_("Barang hilang di rak: %(who)s.", who=bearing.WORDS[terms.missing]))
    return said


def _taken(rate: sharing.Rate) -> str:
    parts = (
        (_("koperasi"), rate.cooperative_bp),
        (_("kios"), rate.kiosk_bp),
        ("Lumbung", rate.operator_bp),
    )
    taken = [f"{who} {words.persen(points)}" for who, points in parts if points]
    return ", ".join(taken) or _("tanpa potongan")


def get_kept(db: Session, actor: Actor, note_id: UUID) -> Paper:
    """A note of a place that the actor tends; raises NotFound."""
    note = db.get(ConsignNote, note_id)
    if note is None:
        raise NotFound
    places.tended(db, actor, note.place_id)
    return paper(db, note)


def paper(db: Session, note: ConsignNote) -> Paper:
    """All of a note; the caller has checked who asks."""
    place, terms = db.get_one(Place, note.place_id), intake.terms_of(db, note)
    keeper = db.get(Person, note.received_by) if note.received_by else None
    rows = _rows(db, note, place, terms)
    named = {row.variant_id for row in rows}
    offered = offers.lines_of(db, [note.offer_id])[note.offer_id] if note.offer_id else []
    return Paper(
        note,
        place,
        db.get_one(Seller, note.owner_id),
        keeper.call_me if keeper else "",
        terms,
        rows,
        [one for one in offered if one.variant_id not in named],
    )


def _rows(db: Session, note: ConsignNote, place: Place, terms: Sheet) -> list[Row]:
    twin = aliased(Movement)
    came = and_(
        Movement.lot_id == ConsignNoteLine.lot_id,
        Movement.doc_type == intake.DOC,
        Movement.doc_id == str(note.id),
        Movement.kind == "receive",
        ~select(twin.id).where(twin.reverses_id == Movement.id).exists(),
    )
    query = (
        select(
            ConsignNoteLine, Listing.name, Variant.name, Variant.unit, Lot.batch, Lot.best_before,
            func.coalesce(func.sum(Movement.quantity), 0),
        )
        .join(Variant, Variant.id == ConsignNoteLine.variant_id)
        .join(Listing, Listing.id == Variant.listing_id)
        .outerjoin(Lot, Lot.id == ConsignNoteLine.lot_id)
        .outerjoin(Movement, came)
        .where(ConsignNoteLine.note_id == note.id)
        .group_by(ConsignNoteLine.note_id, ConsignNoteLine.line, Listing.id, Variant.id, Lot.id)
        .order_by(ConsignNoteLine.line)
    )  # fmt: skip
    return [
        Row(
            line=line.line,
            variant_id=line.variant_id,
            name=f"{name} {size}".strip(),
            unit=unit,
            price=line.price,
            for_owner=for_owner(terms, place.kind, line.price),
            quantity=int(quantity),
            offered=line.offered,
            refused=line.refused,
            reason=asked.REASONS.get(line.reason, ""),
            lot_id=line.lot_id,
            batch=batch or "",
            best_before=best_before,
        )
        for line, name, size, unit, batch, best_before, quantity in db.execute(query)
    ]


def for_owner(terms: Sheet, place_kind: str, price: int) -> int:
    """What the owner gets of one that is sold over this counter; nothing where none is sold."""
    try:
        rate = consignment.rate(terms, *intake.SOLD_AS[place_kind])
    except (NotSoldHere, KeyError):
        return 0
    return sharing.split_line(price, rate).maker


def latest_at(db: Reader, place_id: int) -> list[Any]:
    """The newest notes of a place, those in dispute first."""
    return _listed(db, ConsignNote.place_id == place_id)


def latest_of(db: Reader, seller_id: int) -> list[Any]:
    """The newest notes of a shop; the caller has checked whose it is."""
    return _listed(db, ConsignNote.owner_id == seller_id)


def _listed(db: Reader, condition: Any) -> list[Any]:
    """Those in dispute, then the newest of the others; each by an index of its own."""
    is_open = and_(ConsignNote.disputed_at.is_not(None), ConsignNote.answered_at.is_(None))
    found: list[Any] = []
    for part in (is_open, ~is_open):
        query = (
            select(ConsignNote, Seller.store_name.label("owner"), Place.name.label("place"))
            .join(Seller, Seller.id == ConsignNote.owner_id)
            .join(Place, Place.id == ConsignNote.place_id)
            .where(condition, part)
            .order_by(ConsignNote.posted_at.desc())
            .limit(LIST_MAX - len(found))
        )
        found += db.execute(query)
    return found


def whatsapp(told: Paper) -> str:
    """The note as a message: first what it is, then line by line, as many as fit."""
    lines = [
        _("*Nota titip %(number)s*", number=told.note.number),
        f"{told.owner.store_name} → {told.place.name}, {words.tanggal(told.note.received_at)}",
    ]
    for row in told.rows:
        if row.quantity:
            lines.append(
                _("%(count)s %(name)s, %(price)s. Untuk Ibu %(share)s.", count=row.quantity,
                  name=row.name, price=words.rupiah(row.price),
                  share=words.rupiah(row.for_owner))
            )  # fmt: skip
        if row.refused:
            lines.append(
                _("%(count)s %(name)s belum diterima: %(reason)s.", count=row.refused,
                  name=row.name, reason=row.reason)
            )  # fmt: skip
    end = _("Tidak cocok? Buka Lumbung, Barang titipan, lalu tekan Tidak cocok.")
    while len("\n".join([*lines, end])) > WHATSAPP_MAX and len(lines) > 2:
        lines = [*lines[:-2], "…"] if lines[-1] == "…" else [*lines[:-1], "…"]
    return "\n".join([*lines, end])
