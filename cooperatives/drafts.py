"""A draft of the five questions that follows her to another phone (facts W20).

Each field carries the time at which she typed it, and the later one wins: whichever phone speaks
first or twice, the draft is the same. Publishing ends it for all her phones.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives.models import ProductDraft
from cooperatives.settings import CooperativeSettings
from core import album, arrivals, clock, jobs
from core.actors import Actor
from core.acts import Act
from core.album import Picture
from core.config import settings
from core.db import in_transaction
from core.images import Photo
from sellers.owning import own_shop
from sellers.rights import GOODS

TYPED = ("name", "category", "price", "cost", "stock", "weight", "paper", "halal", "training")
FIELDS = (*TYPED, "step", "photo")
VALUE_MAX = 200
AHEAD_MS = 5 * 60 * 1000  # A phone's clock is believed so far, as for acts.
Fields = Mapping[str, tuple[str, int]]


def find(db: Session, actor: Actor, seller_id: int) -> ProductDraft | None:
    """Her own draft for this shop; nobody else's, not even a helper's of the same shop."""
    return db.get(ProductDraft, (actor.person_id, seller_id))


def is_published(db: Session, act_id: UUID) -> bool:
    """Whether one of her phones has sent it already: then no phone goes on with it."""
    return db.get(Act, act_id) is not None


@in_transaction(retries=3)
def save(
    db: Session,
    *,
    actor: Actor,
    seller_id: int,
    act_id: UUID,
    fields: Fields,
    ended: UUID | None = None,
) -> dict[str, Any] | None:
    """Take in what one phone knows, and answer with the whole; None where it was published.

    The first phone's act stays the draft's. `ended` is a draft that this phone has sent off, though
    it has not arrived yet: its answers do not run into the next product's. Raises NotFound for a
    shop where she may not add.
    """
    own_shop(db, actor, seller_id, GOODS)
    if is_published(db, act_id):
        return None
    if ended and ended != act_id:
        forget(db, actor, ended)
    fresh: dict[str, Any] = {
        "person_id": actor.person_id,
        "seller_id": seller_id,
        "act_id": act_id,
        "answers": {},
    }
    db.execute(insert(ProductDraft).values(**fresh, saved_at=clock.now()).on_conflict_do_nothing())
    draft = db.get(
        ProductDraft, (actor.person_id, seller_id), with_for_update=True, populate_existing=True
    )
    if draft is None:  # Her other phone published it this very moment.
        return None
    if is_published(db, draft.act_id):  # The same, and this phone came a moment later.
        db.delete(draft)
        return None
    draft.answers = merged(draft.answers, fields, _latest())
    draft.saved_at = clock.now()
    return told(draft)


def told(draft: ProductDraft) -> dict[str, Any]:
    """A draft as her phones read it."""
    return {"act": str(draft.act_id), "fields": draft.answers}


def photo(db: Session, actor: Actor, answers: Mapping[str, Any]) -> Photo | None:
    """The photo she took for it, once it is here and drawn; her own only."""
    _at, photo_id = answers.get("photo", (0, ""))
    try:
        found = arrivals.find(db, actor, UUID(photo_id))
    except ValueError:
        return None
    picture = db.get(Picture, found.picture_id) if found and found.picture_id else None
    return album.photo_of(picture) if picture and picture.state == "ready" else None


def _latest() -> int:
    return int(clock.now().timestamp() * 1000) + AHEAD_MS


def merged(known: Mapping[str, Any], told: Fields, latest: int) -> dict[str, Any]:
    """The later of each field; where two were typed in the same moment, always the same one."""
    answers = dict(known)
    for name, (value, at) in told.items():
        if name not in FIELDS:
            continue
        fresh = [min(at, latest), value[:VALUE_MAX]]
        if name not in answers or fresh > list(answers[name]):
            answers[name] = fresh
    return answers


def forget(db: Session, actor: Actor, act_id: UUID) -> None:
    """It was published: no other phone of hers goes on with it."""
    hers = delete(ProductDraft).where(ProductDraft.person_id == actor.person_id)
    db.execute(hers.where(ProductDraft.act_id == act_id))


@jobs.job("cooperatives.forget_drafts", key=None, cron="12 19 * * *")
def forget_drafts() -> None:
    """Erase drafts that nobody has touched for a long time; erased ones stay erased."""
    _forget_old()


@in_transaction(retries=3)
def _forget_old(db: Session) -> None:
    days = timedelta(days=settings(CooperativeSettings).product_draft_days)
    db.execute(delete(ProductDraft).where(ProductDraft.saved_at < clock.now() - days))
