"""Permits of a shop: written down, tied to the goods they cover, and minded until they end."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core import audit, clock, jobs, tasks
from core.actors import SYSTEM, Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.words import tanggal
from sellers import permit_numbers, publishing, sheets
from sellers.checks import Gap
from sellers.models import Listing, ListingPermit, Permit
from sellers.owning import own_permit, own_shop
from sellers.rights import SELL
from sellers.settings import SellerSettings

PERMIT_ENDING = tasks.declare(
    "permit_ending",
    _l("%(permit)s berakhir tanggal %(until)s."),
    deed=_l("Lihat izin"),
    urgency=61,
)
PERMIT_ENDS_SOON = tasks.declare(
    "permit_ends_soon",
    _l("Segera perpanjang: %(permit)s berakhir tanggal %(until)s."),
    deed=_l("Lihat izin"),
    urgency=60,
)


class TwicePermit(DomainError):
    """The shop has this number already."""

    status = 409
    sentence = _l("Nomor ini sudah ada di toko Ibu. Ubah yang sudah ada saja.")


class TooManyPermits(DomainError):
    """The limit of permits of one shop is reached."""

    sentence = _l("Nomor izin toko ini sudah terlalu banyak. Hubungi pengelola.")


class PermitInUse(DomainError):
    """A product buyers can see rests on this permit."""

    sentence = _l("Izin ini dipakai barang yang tayang. Arsipkan dulu barangnya.")


@in_transaction()
def add(
    db: Session,
    *,
    actor: Actor,
    seller_id: int,
    kind: str,
    typed: str = "",
    valid_until: date | None = None,
    listing_ids: Collection[int] = (),
    is_sample: bool = False,
) -> tuple[Permit, tuple[Any, ...]]:
    """Write down a permit, or without a number that it was applied for; answers with warnings too.

    A P-IRT number says its own last year, so that `valid_until` may be left out. Raises
    NotAPermitNumber, TwicePermit, TooManyPermits, or NotFound for goods of another shop.
    """
    shop = own_shop(db, actor, seller_id, lock=True)
    count = select(func.count(Permit.id)).where(Permit.seller_id == shop.id)
    if (db.scalar(count) or 0) >= settings(SellerSettings).permits_max:
        raise TooManyPermits
    permit = Permit(seller_id=shop.id, kind=kind, is_sample=is_sample)
    goods = _goods(db, permit, frozenset(listing_ids))
    warnings = _write(db, permit, typed, valid_until)
    db.add(permit)
    db.flush()
    _cover(db, actor, permit, goods, frozenset(listing_ids))
    audit.record(db, actor, "permit.add", "permit", permit.id, permit=kind, seller=shop.id)
    return permit, warnings


@in_transaction()
def edit(
    db: Session,
    *,
    actor: Actor,
    permit_id: int,
    typed: str,
    valid_until: date | None = None,
    listing_ids: Collection[int] = (),
) -> tuple[Permit, tuple[Any, ...]]:
    """Correct a permit, renew it, or change which goods it covers; raises as `add`, PermitInUse."""
    permit = own_permit(db, actor, permit_id, lock=True)
    goods = _goods(db, permit, frozenset(listing_ids))
    warnings = _write(db, permit, typed, valid_until)
    _cover(db, actor, permit, goods, frozenset(listing_ids))
    _close_tasks(db, actor, permit, "edited")
    audit.record(db, actor, "permit.edit", "permit", permit.id)
    return permit, warnings


@in_transaction()
def cover_too(db: Session, *, actor: Actor, permit_id: int, listing_id: int) -> Permit:
    """Let a permit cover one more product of its shop; raises NotFound."""
    permit = own_permit(db, actor, permit_id, lock=True)
    wanted = covered_by(db, permit_id) | {listing_id}
    _cover(db, actor, permit, _goods(db, permit, wanted), wanted)
    audit.record(db, actor, "permit.cover_too", "permit", permit.id, listing=listing_id)
    return permit


@in_transaction()
def remove(db: Session, *, actor: Actor, permit_id: int) -> None:
    """Forget a permit that was written by mistake; raises PermitInUse."""
    permit = own_permit(db, actor, permit_id, lock=True)
    goods = _goods(db, permit, frozenset())
    _cover(db, actor, permit, goods, frozenset())
    _close_tasks(db, actor, permit, "removed")
    audit.record(db, actor, "permit.remove", "permit", permit.id, permit=permit.kind)
    db.delete(permit)


def _write(db: Session, permit: Permit, typed: str, valid_until: date | None) -> tuple[Any, ...]:
    """Put the number in; answers with what a person should look at."""
    if not typed.strip():
        permit.number, permit.valid_until = None, None
        return ()
    found = permit_numbers.parse(
        permit.kind, typed, today=clock.today(), is_sample=permit.is_sample
    )
    twin = select(Permit.id).where(
        Permit.seller_id == permit.seller_id,
        Permit.kind == permit.kind,
        Permit.number == found.number,
        Permit.id.is_distinct_from(permit.id),
    )
    if db.scalar(twin) is not None:
        raise TwicePermit
    if found.number != permit.number and valid_until == permit.valid_until:
        valid_until = None  # A renewed number was typed, and the old day was left in its box.
    permit.number, permit.valid_until = found.number, valid_until or found.expires
    return found.warnings


def _goods(db: Session, permit: Permit, wanted: frozenset[int]) -> list[tuple[Listing, list[Gap]]]:
    """The goods it covers or shall cover, locked, with what stops each before the change."""
    covered = select(ListingPermit.listing_id).where(ListingPermit.permit_id == permit.id)
    touched = wanted | frozenset(db.scalars(covered))
    query = select(Listing).where(Listing.seller_id == permit.seller_id, Listing.id.in_(touched))
    found = list(db.scalars(query.order_by(Listing.id).with_for_update()))
    if not wanted <= {listing.id for listing in found}:
        raise NotFound
    return [(one, publishing.blocking(db, one) if one.state == "live" else []) for one in found]


def _cover(
    db: Session,
    actor: Actor,
    permit: Permit,
    goods: list[tuple[Listing, list[Gap]]],
    wanted: frozenset[int],
) -> None:
    """Tie the permit to exactly the wanted goods; live ones must stay fit to be seen."""
    db.execute(delete(ListingPermit).where(ListingPermit.permit_id == permit.id))
    db.add_all([ListingPermit(listing_id=one, permit_id=permit.id) for one in sorted(wanted)])
    db.flush()
    for listing, before in goods:
        if permit.kind == "halal" and listing.halal in ("none", "in_process", "certified"):
            listing.halal = _halal_now(db, listing)
        try:
            publishing.keep_ready(db, listing, before)
        except publishing.NotReady as unfit:
            raise PermitInUse from unfit
        publishing.ask_for_halal(db, actor, listing)


def _halal_now(db: Session, listing: Listing) -> str:
    """The halal state that the certificates of a product speak of."""
    facts = sheets.permit_facts(db, [listing.id]).get(listing.id, [])
    held = [fact.has_number for fact in facts if fact.kind == "halal"]
    if any(held):
        return "certified"
    return "in_process" if held else "none"


def _close_tasks(db: Session, actor: Actor, permit: Permit, reason: str) -> None:
    for kind in (PERMIT_ENDING, PERMIT_ENDS_SOON):
        tasks.close(db, kind, actor=actor, doc=("permit", permit.id), reason=reason)


@jobs.job("sellers.mind_permits", key=None, cron="30 22 * * *")  # 05.30 in Wonosobo.
def mind_permits() -> None:
    """Remind of permits that end; running it twice writes nothing new."""
    remind(actor=SYSTEM)


@in_transaction()
def remind(db: Session, *, actor: Actor) -> int:
    """Write the first reminder, and later the second in its place; returns how many permits.

    The two spans do not overlap, so that a reminder once done does not come back.
    """
    rules, today = settings(SellerSettings), clock.today()
    early = months_after(today, rules.permit_early_months)
    late = months_after(today, rules.permit_late_months)
    query = select(Permit).where(Permit.number.is_not(None), Permit.valid_until <= early)
    ending = list(db.scalars(query.order_by(Permit.id)))
    for permit in ending:
        assert permit.valid_until is not None, "the query asks for a day"
        is_soon = permit.valid_until <= late
        if is_soon:
            tasks.close(
                db, PERMIT_ENDING, actor=actor, doc=("permit", permit.id), reason="ends soon"
            )
        _remind_of(db, PERMIT_ENDS_SOON if is_soon else PERMIT_ENDING, permit)
    return len(ending)


def _remind_of(db: Session, kind: tasks.TaskKind, permit: Permit) -> None:
    assert permit.number is not None
    assert permit.valid_until is not None
    ends = datetime.combine(permit.valid_until, time(23, 59), tzinfo=clock.WIB)
    shown = permit_numbers.display(permit.kind, permit.number, is_sample=permit.is_sample)
    tasks.write(
        db,
        kind,
        doc=("permit", permit.id),
        link=f"/ibu/izin/{permit.id}",
        holders=(SELL, permit.seller_id),
        due_at=ends,
        facts={"permit": shown, "until": tanggal(permit.valid_until)},
    )


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def list_of(db: Session, seller_id: int) -> list[Permit]:
    """Every permit of a shop, the given ones first within each kind."""
    query = select(Permit).where(Permit.seller_id == seller_id)
    return list(db.scalars(query.order_by(Permit.kind, Permit.number.is_(None), Permit.id)))


def covered_by(db: Session, permit_id: int) -> frozenset[int]:
    """Ids of the goods a permit covers."""
    query = select(ListingPermit.listing_id).where(ListingPermit.permit_id == permit_id)
    return frozenset(db.scalars(query))


def covering(db: Session, listing_id: int) -> list[Permit]:
    """The permits that cover a product."""
    query = select(Permit).join(ListingPermit, ListingPermit.permit_id == Permit.id)
    return list(db.scalars(query.where(ListingPermit.listing_id == listing_id).order_by(Permit.id)))
