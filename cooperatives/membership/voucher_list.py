"""Reading vouchers: one with its people, and the newest of some kinds."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from cooperatives.membership.vouchers import FIRST_DRAWER
from cooperatives.models import Account, Unit, Voucher
from cooperatives.models.books import Kind
from cooperatives.models.vouchers import VoucherKind, VoucherState
from cooperatives.rights import COORDINATE, TREASURE
from core import access
from core.actors import Actor
from core.db import Reader
from core.errors import NotFound
from core.people import Person

LIST_MAX = 100


def places_of_money(db: Reader, organisation_id: int) -> list[str]:
    """Drawers and banks in an organisation's books; a first drawer can always be opened."""
    query = select(Account.kind, Account.label).where(
        Account.organisation_id == organisation_id, Account.kind.in_((Kind.CASH, Kind.BANK))
    )
    found = [f"{kind}:{label}" for kind, label in db.execute(query.order_by(Account.id))]
    return list(dict.fromkeys([FIRST_DRAWER, *found]))


_MAKER, _SECOND = aliased(Person), aliased(Person)


def _shown() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Voucher,
            Person.name.label("person"),
            Unit.name.label("unit"),
            _MAKER.call_me.label("maker"),
            _SECOND.call_me.label("second"),
        )
        .outerjoin(Person, Person.id == Voucher.person_id)
        .outerjoin(Unit, Unit.id == Voucher.unit_id)
        .outerjoin(_MAKER, _MAKER.id == Voucher.made_by)
        .outerjoin(_SECOND, _SECOND.id == Voucher.decided_by)
    )


def get_shown(db: Reader, actor: Actor, voucher_id: UUID) -> Any:
    """One voucher with its people, for the boards of its organisation; raises NotFound."""
    boards = access.subjects(db, actor, TREASURE, COORDINATE)
    query = _shown().where(Voucher.id == voucher_id, Voucher.organisation_id.in_(boards))
    found = db.execute(query).first()
    if found is None:
        raise NotFound
    return found


def list_shown(
    db: Reader, actor: Actor, organisation_id: int, kinds: Sequence[VoucherKind], *where: Any
) -> list[Any]:
    """The newest vouchers of some kinds; those that wait stand first."""
    access.require(db, actor, TREASURE, organisation_id)
    query = _shown().where(Voucher.organisation_id == organisation_id, Voucher.kind.in_(kinds))
    waits = Voucher.state != VoucherState.WAITING
    newest = (waits, Voucher.happened_on.desc(), Voucher.created_at.desc())
    return list(db.execute(query.where(*where).order_by(*newest).limit(LIST_MAX)))
