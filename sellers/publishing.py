"""What buyers may see: the check before, the act itself, and the operator's hand."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, literal_column
from sqlalchemy.orm import Session

from core import access, audit, clock, news, orgs, tasks
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.rights import OPERATE
from sellers import checks, sheets
from sellers.checks import Gap
from sellers.helping import deeds
from sellers.models import Category, Listing, Seller
from sellers.owning import own_listing
from sellers.rights import GOODS, PUBLISH, SELL
from sellers.settings import SellerSettings
from sellers.shops import fit

# Literals, because a partial index does not serve a plan that learns the state only later.
SHOWN = and_(
    Listing.state == literal_column("'live'"), Listing.hidden_reason == literal_column("''")
)
"""What a listing must be for buyers to see it."""

OPEN = and_(Category.closed_reason == literal_column("''"), Seller.closed_at.is_(None))
"""What its category and its seller must be besides."""

HALAL_MISSING = tasks.declare(
    "halal_missing",
    _l("Urus halal untuk %(name)s."),
    deed=_l("Isi halal"),
    many=_l("Urus halal untuk %(count)s barang."),
    urgency=62,
)
LISTING_HIDDEN = tasks.declare(
    "listing_hidden",
    _l("%(name)s disembunyikan pengelola: %(reason)s"),
    deed=_l("Perbaiki"),
    urgency=45,
)


class NotReady(DomainError):
    """The product lacks something that blocks; `gaps` says what."""

    def __init__(self, gaps: list[Gap]) -> None:
        self.gaps = gaps
        super().__init__(gaps[0].sentence)


class NoReason(DomainError):
    """Whoever hides a product says why."""

    sentence = _l("Alasan belum diisi. Tulis satu kalimat untuk penjualnya.")


def check(db: Session, listing: Listing) -> list[Gap]:
    """Everything the product lacks, what blocks first."""
    sheet = sheets.collect(db, [listing])[listing.id]
    return checks.find_gaps(sheet, settings(SellerSettings), clock.today())


def blocking(db: Session, listing: Listing) -> list[Gap]:
    """What keeps the product from buyers."""
    return [gap for gap in check(db, listing) if gap.blocks]


def keep_ready(db: Session, listing: Listing, before: list[Gap]) -> None:
    """After a change: raise NotReady where it would newly unfit what buyers see.

    A gap that stood `before`, as a permit that has ended, does not stop her other work.
    """
    if listing.state != "live":
        return
    with db.no_autoflush:  # What cannot be must be refused here, not by the database.
        new = [gap for gap in blocking(db, listing) if gap not in before]
    if new:
        raise NotReady(new)


@in_transaction()
def publish(db: Session, *, actor: Actor, listing_id: int) -> Listing:
    """Show the product to buyers; raises NotReady. Publishing again does not make it newer."""
    listing = own_listing(db, actor, listing_id, PUBLISH, lock=True)
    gaps = blocking(db, listing)
    if gaps:
        raise NotReady(gaps)
    if listing.state != "live":
        before, listing.state = listing.state, "live"
        listing.published_at = listing.published_at or clock.now()
        deeds.record(
            db, actor, "listing.publish", "listing", listing.id,
            seller_id=listing.seller_id, before={"state": before}, after={"state": "live"},
        )  # fmt: skip
        news.tell(db, "listing_published", listing_id=listing.id)
    ask_for_halal(db, actor, listing)
    return listing


def ask_for_halal(db: Session, actor: Actor, listing: Listing) -> None:
    """Keep the red task in step: open while a food that is not put away has no halal state."""
    category = db.get(Category, listing.category_id) if listing.category_id else None
    is_open = (
        category is not None
        and category.is_food
        and listing.halal in ("none", "not_food")
        and listing.state != "archived"
    )
    doc = ("listing", listing.id)
    if is_open:
        tasks.write(
            db,
            HALAL_MISSING,
            doc=doc,
            link="/ibu/izin",
            holders=(SELL, listing.seller_id),
            facts={"name": listing.name},
        )
    else:
        tasks.close(db, HALAL_MISSING, actor=actor, doc=doc, reason="halal")


@in_transaction()
def hide(db: Session, *, actor: Actor, listing_id: int, reason: str) -> Listing:
    """The operator hides a product and tells its seller why; raises NoReason, TooLong."""
    listing = get_any(db, actor, listing_id, lock=True)
    if not reason.strip():
        raise NoReason
    fit(Listing, {"hidden_reason": reason})
    listing.hidden_reason = reason.strip()
    doc = ("listing", listing.id)
    tasks.close(db, LISTING_HIDDEN, actor=actor, doc=doc, reason="new reason")
    tasks.write(
        db,
        LISTING_HIDDEN,
        doc=doc,
        link=f"/ibu/produk/{listing.id}",
        holders=(GOODS, listing.seller_id),
        facts={"name": listing.name, "reason": listing.hidden_reason},
    )
    audit.record(db, actor, "listing.hide", "listing", listing.id)
    return listing


@in_transaction()
def show_again(db: Session, *, actor: Actor, listing_id: int) -> Listing:
    """The operator lifts what she had hidden."""
    listing = get_any(db, actor, listing_id, lock=True)
    listing.hidden_reason = ""
    tasks.close(db, LISTING_HIDDEN, actor=actor, doc=("listing", listing.id), reason="shown again")
    audit.record(db, actor, "listing.show_again", "listing", listing.id)
    news.tell(db, "listing_published", listing_id=listing.id)
    return listing


def get_any(db: Session, actor: Actor, listing_id: int, *, lock: bool = False) -> Listing:
    """Anybody's product, for an operator; raises NotFound."""
    access.require(db, actor, OPERATE, orgs.operator_id(db))
    listing = db.get(Listing, listing_id, with_for_update=lock or None, populate_existing=lock)
    if listing is None:
        raise NotFound
    return listing
