"""The pages of the ledger: how an account is named, found, and opened when first needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Text, and_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from cooperatives.models.books import OF_SOMEBODY, Account, Kind, Payee
from core.db import Base, Reader

CARRIED = "seller:"  # With her shop's number: the page of cash a maker took at the door.


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom the money on a page is for: a person or an organisation, member or not."""

    person_id: int | None = None
    organisation_id: int | None = None

    def __post_init__(self) -> None:
        assert (self.person_id is None) != (self.organisation_id is None), self


@dataclass(frozen=True, slots=True)
class Page:
    """The name of an account: what it is for, in whose books, and whose it is."""

    kind: Kind
    organisation_id: int
    owner: Owner
    label: str = ""
    currency: str = "IDR"

    def __post_init__(self) -> None:
        is_own = self.owner.organisation_id == self.organisation_id
        assert is_own or self.kind in OF_SOMEBODY, self


@dataclass(frozen=True, slots=True)
class Folio:
    """An account that exists, as far as posting must know it."""

    account_id: int
    kind: Kind
    currency: str


def own(kind: Kind, organisation_id: int, label: str = "") -> Page:
    """A page of an organisation's own: its cash, its bank, its share."""
    return Page(kind, organisation_id, Owner(organisation_id=organisation_id), label)


_ASKED = (
    func.unnest(
        bindparam("kinds", type_=ARRAY(Text)),
        bindparam("organisations", type_=ARRAY(BigInteger)),
        bindparam("persons", type_=ARRAY(BigInteger)),
        bindparam("owners", type_=ARRAY(BigInteger)),
        bindparam("labels", type_=ARRAY(Text)),
        bindparam("currencies", type_=ARRAY(Text)),
    )
    .table_valued(
        "kind", "organisation_id", "person_id", "owner_id", "label", "currency",
        with_ordinality="place",
    )
    .render_derived("asked")
)  # fmt: skip
_WITH_PAYEES = _ASKED.join(
    Payee,
    or_(Payee.person_id == _ASKED.c.person_id, Payee.organisation_id == _ASKED.c.owner_id),
)
_FIND = (
    select(_ASKED.c.place, Account.id, Account.kind, Account.currency)
    .select_from(_WITH_PAYEES)
    .join(
        Account,
        and_(
            Account.payee_id == Payee.id,
            *(
                getattr(Account, name) == _ASKED.c[name]
                for name in ("kind", "organisation_id", "label", "currency")
            ),
        ),
    )
)
_OPEN_PAYEES = (
    insert(Base.metadata.tables["payee"])
    .from_select(
        ["person_id", "organisation_id"],
        select(_ASKED.c.person_id, _ASKED.c.owner_id)
        .distinct()
        .order_by(_ASKED.c.person_id, _ASKED.c.owner_id),
    )
    .on_conflict_do_nothing()
)
_NEW = [Payee.id, *(_ASKED.c[name] for name in ("kind", "organisation_id", "label", "currency"))]
_OPEN_ACCOUNTS = (
    insert(Base.metadata.tables["account"])
    .from_select(
        ["payee_id", "kind", "organisation_id", "label", "currency"],
        select(*_NEW).select_from(_WITH_PAYEES).order_by(*_NEW),
    )
    .on_conflict_do_nothing()
)


def find_folios(db: Reader, pages: Sequence[Page]) -> dict[Page, Folio]:
    """The accounts of those pages that are open already."""
    found = db.execute(_FIND, _asked(pages))
    return {pages[row.place - 1]: Folio(row.id, Kind(row.kind), row.currency) for row in found}


def open_folios(db: Session, pages: Sequence[Page]) -> dict[Page, Folio]:
    """The accounts of these pages; missing ones are opened, in one order, so that rivals who open
    the same pages wait for each other and never in a circle.
    """
    found: dict[Page, Folio] = {}
    for steps in ((), (_OPEN_ACCOUNTS,), (_OPEN_PAYEES, _OPEN_ACCOUNTS)):  # Mostly all are open.
        missing = [page for page in pages if page not in found]
        if not missing:
            break
        for step in steps:
            db.execute(step, _asked(missing))
        found |= find_folios(db, missing)
    return found


def _asked(pages: Sequence[Page]) -> dict[str, list[Any]]:
    return {
        "kinds": [page.kind.value for page in pages],
        "organisations": [page.organisation_id for page in pages],
        "persons": [page.owner.person_id for page in pages],
        "owners": [page.owner.organisation_id for page in pages],
        "labels": [page.label for page in pages],
        "currencies": [page.currency for page in pages],
    }
