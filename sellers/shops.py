"""Shops: opened once, told in her own words, and allowed to rest.

Whether somebody may have a shop in a cooperative is asked on the floor above, where members are
known; here counts who holds SELL on it.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, TypedDict

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core import access, audit, clock, jobs
from core.access import NotForHer, Right
from core.actors import SYSTEM, Actor
from core.db import Base, Reader, in_transaction
from core.errors import DomainError, NotFound
from sellers import claims, slugs
from sellers.helping import deeds
from sellers.models import Seller
from sellers.owning import mine, own_shop
from sellers.rights import SELL, SHOP

SHOPS_MAX = 50  # Of one person; somebody who helps many has her own page on the floor above.
SCANNED = ("store_name", "story", "story_en", "mission", "difference")
REST = ("resting", "resting_until", "rest_note")
TOLD_BY_HELPERS = frozenset({"story", "story_en", "mission", "difference", "languages", "cutoff"})
"""What a helper may write; name, district, return from abroad and tax are the maker's own word."""


class Profile(TypedDict, total=False):
    """What may be changed of a shop; what is left out stays."""

    store_name: str
    call_me: str
    story: str
    story_en: str
    mission: str
    difference: str
    languages: list[str]
    district_code: str
    returned_from: list[str]
    away_from_year: int | None
    away_until_year: int | None
    language_gained: str
    shows_return: bool
    cutoff: time | None
    device: str
    signal: str
    turnover_statement_year: int | None


class NoShopName(DomainError):
    """A shop is called something."""

    sentence = _l("Nama toko belum diisi.")


class AlreadyOpen(DomainError):
    """One open shop for each person in each cooperative."""

    status = 409
    sentence = _l("Toko ini sudah ada di koperasi yang sama.")


class TooLong(DomainError):
    """A text does not fit; forms say so earlier and nearer."""

    sentence = _l("Ada isian yang terlalu panjang. Pendekkan, lalu simpan lagi.")


class YearsTurned(DomainError):
    """She came home before she left."""

    sentence = _l("Tahun pulang harus sama atau sesudah tahun berangkat.")


class RestInThePast(DomainError):
    """The last day of a rest has gone by."""

    sentence = _l("Tanggal libur sudah lewat. Pilih hari ini atau sesudahnya.")


class ForbiddenWords(DomainError):
    """A claim or clause stands in a text; `box` names the text."""

    def __init__(self, box: str, claim: claims.Claim) -> None:
        self.box = box
        super().__init__(claim.sentence)


def list_own(db: Reader, actor: Actor, *rights: Right) -> list[Any]:
    """Id, slug and name of every open shop for which the actor holds any of the rights (without
    any named, the whole), her own first.
    """
    query = (
        select(Seller.id, Seller.slug, Seller.store_name)
        .where(Seller.closed_at.is_(None), mine(actor, Seller.id, *rights))
        .order_by(Seller.person_id.is_distinct_from(actor.person_id), Seller.id)
        .limit(SHOPS_MAX)
    )
    return list(db.execute(query))


def is_at_rest(resting: bool, until: date | None, today: date) -> bool:
    """Whether a shop rests on this day; its last day of rest still counts."""
    return resting and (until is None or until >= today)


def open_ones() -> Select[int, str]:
    """Every open shop, `id, name`: what a right to sell can be given on."""
    return select(Seller.id, Seller.store_name.label("name")).where(Seller.closed_at.is_(None))


def homes() -> Select[int, int | None]:
    """Every home shop, `id, owner_id`: others sell there only as its owner agreed."""
    return select(Seller.id, Seller.person_id.label("owner_id")).where(
        Seller.person_id.is_not(None)
    )


def get_asked(db: Session, actor: Actor, slug: str, *rights: Right) -> Seller:
    """The shop of this address, or the first of her own where none is asked; raises NotFound."""
    shops = [shop.id for shop in list_own(db, actor, *rights) if not slug or shop.slug == slug]
    if not shops:
        raise NotFound
    return own_shop(db, actor, shops[0], *rights)


def fit(table: type[Base], changes: Mapping[str, Any]) -> None:
    """Raise TooLong where a text, or one text of a list, would not go into its column."""
    for name, value in changes.items():
        kind = table.__table__.c[name].type
        room = getattr(getattr(kind, "item_type", kind), "length", None)
        texts = value if isinstance(value, list) else [value]
        if room is not None and any(isinstance(one, str) and len(one) > room for one in texts):
            raise TooLong


def _check(changes: Profile) -> None:
    if not changes.get("store_name", "-").strip():
        raise NoShopName
    fit(Seller, changes)
    for box in SCANNED:
        for claim in claims.scan(str(changes.get(box, ""))):
            raise ForbiddenWords(box, claim)


@in_transaction()
def open_shop(
    db: Session,
    *,
    actor: Actor,
    organisation_id: int,
    profile: Profile,
    maker_id: int | None,
    slug: str = "",
) -> Seller:
    """Open a shop: of the maker at home, or, without a maker, of the cooperative itself.

    The maker (or who opens the cooperative's shop) gets SELL. The address comes from `slug` or the
    name. Raises AlreadyOpen, NoShopName, ReservedName, TooLong or ForbiddenWords.
    """
    _check({"store_name": "", **profile})
    twin = select(Seller.id).where(
        Seller.organisation_id == organisation_id,
        Seller.person_id.is_not_distinct_from(maker_id),
        Seller.closed_at.is_(None),
    )
    address = slugs.choose(db, Seller.slug, slug or profile["store_name"])  # Also one at a time.
    if db.scalar(twin) is not None:
        raise AlreadyOpen
    shop = Seller(
        slug=address,
        kind="cooperative" if maker_id is None else "home",
        person_id=maker_id,
        organisation_id=organisation_id,
        **profile,
    )
    db.add(shop)
    db.flush()
    holder = maker_id if maker_id is not None else actor.person_id
    if holder is not None:
        access.give.within(
            db, actor=actor, person_id=holder, right=SELL, subject_id=shop.id, evidence="shop.open"
        )
    audit.record(db, actor, "shop.open", "seller", shop.id, organisation=organisation_id)
    return shop


@in_transaction()
def edit_profile(db: Session, *, actor: Actor, seller_id: int, changes: Profile) -> Seller:
    """Change what the shop tells; its address stays.

    Raises as `open_shop`, or YearsTurned, NotForHer.
    """
    shop = own_shop(db, actor, seller_id, SHOP, lock=True)
    if actor.on_behalf_of is not None and not changes.keys() <= TOLD_BY_HELPERS:
        raise NotForHer
    _check(changes)
    old = {name: getattr(shop, name) for name in changes}
    for name, value in changes.items():
        setattr(shop, name, value)
    if (shop.away_from_year or 0) > (shop.away_until_year or 9999):
        raise YearsTurned
    deeds.record(
        db, actor, "shop.edit", "seller", shop.id, seller_id=shop.id,
        before=plain(old), after=plain(changes), boxes=sorted(changes),
    )  # fmt: skip
    return shop


@in_transaction()
def rest(
    db: Session, *, actor: Actor, seller_id: int, until: date | None = None, note: str = ""
) -> Seller:
    """Close for a while, with no loss of anything; `until` is the last day of rest, if known."""
    shop = own_shop(db, actor, seller_id, SHOP, lock=True)
    if until is not None and until < clock.today():
        raise RestInThePast
    fit(Seller, {"rest_note": note})
    before = {name: getattr(shop, name) for name in REST}
    shop.resting, shop.resting_until, shop.rest_note = True, until, note
    after = {name: getattr(shop, name) for name in REST}
    deeds.record(
        db, actor, "shop.rest", "seller", shop.id, seller_id=shop.id,
        before=plain(before), after=plain(after), until=str(until or ""),
    )  # fmt: skip
    return shop


@in_transaction()
def reopen(db: Session, *, actor: Actor, seller_id: int) -> Seller:
    """Come back from a rest."""
    shop = own_shop(db, actor, seller_id, SHOP, lock=True)
    _wake(db, actor, shop)
    return shop


def _wake(db: Session, actor: Actor, shop: Seller) -> None:
    before = {name: getattr(shop, name) for name in REST}
    shop.resting, shop.resting_until, shop.rest_note = False, None, ""
    after = {name: getattr(shop, name) for name in REST}
    deeds.record(
        db, actor, "shop.reopen", "seller", shop.id,
        seller_id=shop.id, before=plain(before), after=plain(after),
    )  # fmt: skip


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Days and hours as text, so that they can be kept beside words."""
    return {
        name: value.isoformat() if isinstance(value, date | time) else value
        for name, value in values.items()
    }


@jobs.job("sellers.end_rests", key=None, cron="5 17 * * *")  # 00.05 in Wonosobo.
def end_rests() -> None:
    """Reopen every shop whose last day of rest has passed; running it twice changes nothing."""
    wake_rested(actor=SYSTEM)


@in_transaction()
def wake_rested(db: Session, *, actor: Actor) -> int:
    """Reopen what has rested long enough; returns how many."""
    query = select(Seller).where(Seller.resting, Seller.resting_until < clock.today())
    rested = list(db.scalars(query.with_for_update()))
    for shop in rested:
        _wake(db, actor, shop)
    return len(rested)
