"""Helping hands as a cooperative knows them: who asks for help, and what a coordinator writes down
or ends on a member's word. Stock that a helper changed finds its way back here.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from cooperatives import home_stock
from cooperatives.rights import COORDINATE
from core import access, audit, clock, files, jobs, notify, tasks
from core.actors import SYSTEM, Actor
from core.audit import Audit
from core.db import Reader, in_transaction
from core.errors import NotFound
from core.files import Attachment, Stored
from core.people import Person
from sellers.helping import deeds, mandates
from sellers.helping.deeds import WayBack
from sellers.helping.mandates import Terms
from sellers.helping.models import Mandate
from sellers.models import Seller
from sellers.owning import mine, own_shop

ASKS_FOR_HELP = tasks.declare("help.asked", _("%(call_me)s minta dibantu berjualan."))
SHOPS_MAX = 200
RECENT = timedelta(days=1)


def may_speak_for(db: Reader, actor: Actor) -> ColumnElement[bool]:
    """The condition on `Seller` under which the actor may write down what its owner says: the owner
    herself, and whoever coordinates her cooperative.
    """
    boards = access.subjects(db, actor, COORDINATE)
    return or_(mine(actor, Seller.id), Seller.organisation_id.in_(boards))


def list_shops(db: Reader, actor: Actor) -> list[Any]:
    """Homes whose owners the actor may speak for: id, name, owner."""
    query = (
        select(Seller.id, Seller.store_name, Person.name, Person.call_me)
        .join(Person, Person.id == Seller.person_id)
        .where(Seller.closed_at.is_(None), may_speak_for(db, actor))
        .order_by(Person.name, Seller.id)
        .limit(SHOPS_MAX)
    )
    return list(db.execute(query))


def get_shop(db: Session, actor: Actor, seller_id: int, *, lock: bool = False) -> Seller:
    """One of those; raises NotFound."""
    query = select(Seller).where(
        Seller.id == seller_id,
        Seller.closed_at.is_(None),
        Seller.person_id.is_not(None),
        may_speak_for(db, actor),
    )
    found = db.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


@in_transaction(retries=3)
def record(
    db: Session, *, actor: Actor, seller_id: int, terms: Terms, proof: Stored, text: str = ""
) -> Mandate:
    """The owner, or a coordinator on her word, writes it down. Raises as `mandates.write`."""
    shop = get_shop(db, actor, seller_id, lock=True)
    made = mandates.write(db, actor=actor, shop=shop, terms=terms, proof=proof, text=text)
    tasks.close(db, ASKS_FOR_HELP, actor=actor, doc=("seller", shop.id), reason="mandate")
    notify.tell(
        db,
        event_key=f"mandate:{made.id}:begun",
        people=[made.owner_id, made.helper_id],
        title=_("Izin membantu sudah dicatat"),
        text=_("Izin ini bisa dicabut kapan saja, cukup dengan satu kalimat."),
        link=f"/titip-tangan/{made.id}",
    )
    return made


@in_transaction(retries=3)
def end(db: Session, *, actor: Actor, mandate_id: int, reason: str) -> Mandate:
    """Owner, helper, or a coordinator on the owner's word: it is over at once. Raises NoReason."""
    mandate = mandates.get(db, mandate_id, lock=True)
    _require_party(db, actor, mandate)
    mandates.finish(db, actor, mandate, reason)
    notify.tell(
        db,
        event_key=f"mandate:{mandate.id}:ended",
        people=[mandate.owner_id, mandate.helper_id],
        title=_("Izin membantu sudah dicabut"),
        text=_("Mulai sekarang tidak ada yang dikerjakan atas nama pemilik toko."),
        link=f"/titip-tangan/{mandate.id}",
    )
    return mandate


def get_mandate(db: Session, actor: Actor, mandate_id: int) -> Mandate:
    """A mandate as owner, helper and coordinator may see it; raises NotFound."""
    found = mandates.get(db, mandate_id)
    _require_party(db, actor, found)
    return found


def speaks_for_owner(db: Session, actor: Actor, mandate: Mandate) -> bool:
    """Whether the actor is the owner, or coordinates her cooperative."""
    query = select(Seller.id).where(Seller.id == mandate.seller_id, may_speak_for(db, actor))
    return actor.person_id == mandate.owner_id or db.scalar(query) is not None


def _require_party(db: Session, actor: Actor, mandate: Mandate) -> None:
    if actor.person_id != mandate.helper_id and not speaks_for_owner(db, actor, mandate):
        raise NotFound


def list_mandates(db: Reader, actor: Actor) -> dict[str, list[Any]]:
    """Whom the actor helps, who helps her, and what she looks after as coordinator."""
    boards = access.subjects(db, actor, COORDINATE)
    nobody = Mandate.id.is_(None)
    others = Seller.organisation_id.in_(boards) & (Mandate.helper_id != actor.person_id)
    return {
        "i_help": mandates.listed(db, Mandate.helper_id == actor.person_id),
        "help_me": mandates.listed(db, Mandate.owner_id == actor.person_id),
        "watched": mandates.listed(db, others if boards else nobody),
    }


@in_transaction()
def read_proof(db: Session, *, actor: Actor, mandate_id: int) -> Attachment:
    """The spoken consent or thumb print, for those it concerns; each reading is written down."""
    mandate = get_mandate(db, actor, mandate_id)
    found = files.list_of(db, mandates.doc_of(mandate.id))
    if not found:
        raise NotFound
    audit.record(db, actor, "mandate.proof_read", "mandate", mandate.id)
    return found[0]


@in_transaction(retries=3)
def ask_for_help(db: Session, *, actor: Actor, seller_id: int) -> None:
    """She wants help with selling: her coordinator is asked, once until it is seen to."""
    shop = own_shop(db, actor, seller_id)
    tasks.write(
        db,
        ASKS_FOR_HELP,
        doc=("seller", shop.id),
        link=f"/titip-tangan/baru?toko={shop.id}",
        holders=(COORDINATE, shop.organisation_id),
        facts={"call_me": shop.call_me or shop.store_name},
    )
    audit.record(db, actor, "help.ask", "seller", shop.id)


@in_transaction(retries=3)
def undo(db: Session, *, actor: Actor, audit_id: int) -> int:
    """What a helper did is taken back by the owner, or by a coordinator on her word; returns the
    mandate. Raises ChangedSince, TooLate, NotFound.
    """
    row, detail, mandate = deeds.get(db, audit_id)
    if not speaks_for_owner(db, actor, mandate):
        raise NotFound
    deeds.put_back(db, actor, row, detail)
    return mandate.id


def _put_stock(db: Session, key: str, old: dict[str, Any]) -> None:  # noqa: ARG001
    """A press is undone by its mirror image; what has moved since does not matter."""
    undoes = UUID(old["_after"]["act"])
    again = uuid5(undoes, "undone by its owner")
    home_stock.undo(db, actor=SYSTEM, act_id=again, undoes=undoes)


deeds.undoes("stock.press", WayBack(lambda _db, _key, after: dict(after), _put_stock))


@jobs.job("cooperatives.tell_help", key=None, cron="30 11 * * *")  # 18.30 in Wonosobo.
def tell_help() -> None:
    """Tell owners once a day that somebody worked for them; twice a day tells nothing new."""
    _tell_help(actor=SYSTEM)


@in_transaction(retries=3)
def _tell_help(db: Session, *, actor: Actor) -> int:  # noqa: ARG001
    query = select(Audit.on_behalf_of).where(
        Audit.on_behalf_of.is_not(None), Audit.at > clock.now() - RECENT
    )
    owners = [owner_id for owner_id in db.scalars(query.distinct()) if owner_id is not None]
    for owner_id in owners:
        notify.tell(
            db,
            event_key=f"help:{owner_id}:{clock.today()}",
            people=[owner_id],
            title=_("Hari ini ada yang membantu toko Ibu"),
            text=_("Lihat apa yang dikerjakan. Kalau keliru, tekan Batalkan."),
            link="/titip-tangan",
        )
    return len(owners)
