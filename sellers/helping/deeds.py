"""What was done on a seller's behalf: every act with both names, what changed, and the way back.

The audit trail has every act of a helper, whichever command wrote it; a command that can be taken
back says besides what was before and after. Whoever changes such a thing registers how it is read
and put back (`undoes`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core import audit, clock
from core.actors import Actor
from core.audit import Audit
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.people import Person
from sellers.helping import mandates
from sellers.helping.models import HelpedDeed, Mandate
from sellers.helping.settings import HelpSettings
from sellers.models import Listing, Variant
from sellers.owning import own_shop

LIST_MAX = 200
SILENT = frozenset({"file.keep"})  # A part of another deed, which is shown.


class ChangedSince(DomainError):
    """It was changed again after the helper did it, so the way back is no longer plain."""

    status = 409
    sentence = _("Ini sudah diubah lagi sesudahnya. Ubah langsung di halamannya.")


class TooLate(DomainError):
    """The days in which it could be taken back are over, or it never could."""

    status = 409
    sentence = _("Perubahan ini sudah tidak bisa dibatalkan dari sini.")


@dataclass(frozen=True)
class WayBack:
    """How the thing of an action is read, and how old values are put back into it."""

    read: Callable[[Session, str, Mapping[str, Any]], dict[str, Any]]
    put: Callable[[Session, str, dict[str, Any]], None]


WAYS_BACK: dict[str, WayBack] = {}


def undoes(action: str, way: WayBack) -> None:
    """Let deeds of this action be taken back; called once at import by who writes them."""
    WAYS_BACK[action] = way


def record(
    db: Session,
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: object,
    *,
    seller_id: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    **facts: Any,
) -> None:
    """Write a deed into the audit trail, and, where a helper did it, what it changed."""
    row = audit.record(db, actor, action, object_kind, object_id, **facts)
    if actor.on_behalf_of is None:
        return
    mandate = mandates.living(db, actor, seller_id)
    db.flush()
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    db.add(
        HelpedDeed(
            audit_id=row.id,
            mandate_id=mandate.id,
            before={name: before.get(name) for name in changed},
            after=changed,
        )
    )


@dataclass(frozen=True, slots=True)
class Deed:
    """One act for a seller, as she reads it."""

    audit_id: int
    at: datetime
    action: str
    object_id: str
    thing: str
    helper: str
    owner: str
    facts: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    is_undone: bool
    can_undo: bool


def list_for(
    db: Reader, owner_id: int, *, helper_id: int | None = None, since: datetime | None = None,
    until: datetime | None = None,
) -> list[Deed]:  # fmt: skip
    """All that was done on behalf of somebody, newest first; the caller has checked who asks."""
    helper, owner = aliased(Person), aliased(Person)
    query = (
        select(Audit, HelpedDeed, helper.call_me, owner.call_me)
        .join(helper, helper.id == Audit.actor_id)
        .join(owner, owner.id == Audit.on_behalf_of)
        .outerjoin(HelpedDeed, HelpedDeed.audit_id == Audit.id)
        .where(Audit.on_behalf_of == owner_id, Audit.action.not_in(SILENT))
        .order_by(Audit.id.desc())
        .limit(LIST_MAX)
    )
    if helper_id is not None:
        query = query.where(Audit.actor_id == helper_id)
    if since is not None:
        query = query.where(Audit.at >= since)
    if until is not None:
        query = query.where(Audit.at < until)
    rows = list(db.execute(query))
    names = _names(db, [row[0] for row in rows])
    return [_deed(*row, names.get((row[0].object_kind, row[0].object_id), "")) for row in rows]


def _names(db: Reader, rows: Sequence[Audit]) -> dict[tuple[str, str], str]:
    """How the products are called that were worked on, or whose sizes were."""
    ids: dict[str, set[int]] = {"listing": set(), "variant": set()}
    for row in rows:
        if row.object_kind in ids:
            ids[row.object_kind].add(int(row.object_id))
    goods = select(Listing.id, Listing.name).where(Listing.id.in_(ids["listing"]))
    sizes = select(Variant.id, Listing.name).join(Listing, Listing.id == Variant.listing_id)
    found = {("listing", str(row[0])): row[1] for row in db.execute(goods)}
    for size in db.execute(sizes.where(Variant.id.in_(ids["variant"]))):
        found["variant", str(size[0])] = size[1]
    return found


def _deed(row: Audit, detail: HelpedDeed | None, helper: str, owner: str, thing: str) -> Deed:
    return Deed(
        thing=thing,
        audit_id=row.id,
        at=row.at,
        action=row.action,
        object_id=row.object_id,
        helper=helper,
        owner=owner,
        facts=row.facts,
        before=detail.before if detail else {},
        after=detail.after if detail else {},
        is_undone=detail is not None and detail.undone_at is not None,
        can_undo=detail is not None and _can_undo(row, detail),
    )


def _can_undo(row: Audit, detail: HelpedDeed) -> bool:
    young = clock.now() - row.at < timedelta(days=settings(HelpSettings).undo_days)
    return detail.undone_at is None and row.action in WAYS_BACK and bool(detail.after) and young


@in_transaction(retries=3)
def undo(db: Session, *, actor: Actor, audit_id: int) -> None:
    """The owner takes back what a helper did. Raises as `put_back`, NotFound."""
    row, detail, mandate = get(db, audit_id)
    own_shop(db, actor, mandate.seller_id)
    put_back(db, actor, row, detail)


def get(db: Session, audit_id: int) -> tuple[Audit, HelpedDeed, Mandate]:
    """A deed that can be asked back, locked, with the mandate it rested on. Raises NotFound."""
    detail = db.get(HelpedDeed, audit_id, with_for_update=True, populate_existing=True)
    if detail is None:
        raise NotFound
    return db.get_one(Audit, audit_id), detail, db.get_one(Mandate, detail.mandate_id)


def put_back(db: Session, actor: Actor, row: Audit, detail: HelpedDeed) -> None:
    """What was before is so again, by the house on somebody's word; twice changes nothing.

    Raises TooLate, ChangedSince, and what the thing itself refuses.
    """
    if detail.undone_at is not None:
        return
    if not _can_undo(row, detail):
        raise TooLate
    way = WAYS_BACK[row.action]
    if way.read(db, row.object_id, detail.after) != detail.after:
        raise ChangedSince
    way.put(db, row.object_id, dict(detail.before) | {"_deed": row.id, "_after": detail.after})
    detail.undone_at, detail.undone_by = clock.now(), actor.person_id
    audit.record(db, actor, "help.undo", "audit", row.id)
