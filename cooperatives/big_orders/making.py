"""A binding plan: what is ready, who falls out, and how it ends."""

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives.big_orders import asking, keeping, planning, states
from cooperatives.big_orders.asking import ASKED, NEXT, BadAnswer, open_share
from cooperatives.big_orders.planning import DOC, locked
from cooperatives.big_orders.states import Event, Share
from cooperatives.models import BigOrder, BigShare
from cooperatives.rights import COORDINATE
from core import access, audit, clock, notify, tasks
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError
from sellers.rights import SELL


class NoReason(DomainError):
    """Whoever ends something says why."""

    sentence = _("Tulis alasannya, satu kalimat.")


@in_transaction(retries=3)
def say_ready(db: Session, *, actor: Actor, share_id: int, ready: int) -> BigShare:
    """So many of her share are made. Raises BadAnswer, NotNow, NotFound."""
    share, _order = open_share(db, actor, share_id)
    if not 0 <= ready <= (share.agreed or 0):
        raise BadAnswer(share.agreed or 0)
    share.ready = ready
    audit.record(db, actor, "big_order.ready", "big_share", share.id, ready=ready)
    return share


@in_transaction(retries=3)
def drop(db: Session, *, actor: Actor, share_id: int, why: str) -> BigOrder:
    """She cannot make the rest: what she brought stays hers, the rest looks for other hands.

    Raises NoReason, NotNow, NotFound.
    """
    share, order = open_share(db, actor, share_id)
    access.require(db, actor, COORDINATE, order.organisation_id)
    if len(why.strip()) < 3:
        raise NoReason
    brought = min(keeping.collected(db, [order.id]).get(share.id, 0), share.agreed or 0)
    if brought == share.agreed:
        raise states.NotNow
    order.state = states.after(order.state, Event.DROP)
    share.state = states.becomes(share.state, Share.YES if brought else Share.DROPPED)
    share.ready = min(share.ready, brought)
    share.agreed = brought or None
    keeping.expect_no_more(db, actor, share)
    tasks.write(
        db, NEXT, doc=(DOC, order.id), link=f"{asking.DESK}/{order.id}",
        holders=(COORDINATE, order.organisation_id), facts={"what": order.what},
    )  # fmt: skip
    audit.record(db, actor, "big_order.drop", "big_share", share.id, why=why.strip()[:200])
    return order


@in_transaction(retries=3)
def finish(db: Session, *, actor: Actor, order_id: int) -> BigOrder:
    """It is done: what is still kept for it is free for everybody. Raises NotNow, NotFound."""
    order = locked(db, actor, order_id)
    order.state = states.after(order.state, Event.FINISH)
    _end(db, actor, order)
    audit.record(db, actor, "big_order.finish", DOC, order.id)
    return order


@in_transaction(retries=3)
def cancel(db: Session, *, actor: Actor, order_id: int, why: str) -> BigOrder:
    """Nobody needs to make it any more, and everybody who was asked hears why.

    Raises NoReason, NotNow, NotFound.
    """
    order = locked(db, actor, order_id)
    if len(why.strip()) < 3:
        raise NoReason
    order.state = states.after(order.state, Event.CANCEL)
    for share in planning.proposed(db, order):
        db.delete(share)
    _end(db, actor, order)
    order.why = why.strip()[:200]
    shares = keeping.shares_of(db, order.id)
    for share in shares:
        if share.state in (Share.ASKED, Share.YES):
            notify.tell(
                db,
                event_key=f"big_share:{share.id}:cancelled",
                people=access.people_who(db, SELL, share.seller_id),
                title=_("Pesanan besar batal"),
                text=_("%(what)s tidak jadi. Alasan: %(why)s.", what=order.what, why=order.why),
                link=f"{asking.HERS}/{order.id}",
            )
    audit.record(db, actor, "big_order.cancel", DOC, order.id, why=order.why)
    return order


def _end(db: Session, actor: Actor, order: BigOrder) -> None:
    order.ended_at = clock.now()
    keeping.let_go(db, order.id)
    for share in keeping.shares_of(db, order.id):
        keeping.expect_no_more(db, actor, share)
        tasks.close(db, ASKED, actor=actor, doc=("big_share", share.id), reason="ended")
    tasks.close(db, NEXT, actor=actor, doc=(DOC, order.id), reason="ended")
