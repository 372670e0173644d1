"""Builders for what members share: who saves, who lends, and what is written down."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

from cooperatives import members
from cooperatives.membership import advances, savings, vouchers
from cooperatives.membership.advances import Deal
from cooperatives.membership.vouchers import Wish
from cooperatives.models.vouchers import VoucherKind
from cooperatives.rights import COORDINATE
from core import access, clock, files
from core.actors import SYSTEM, Actor
from tests.cooperatives.books_factories import a_treasurer, somebody
from tests.cooperatives.factories import a_cooperative

VOICE = b"OggS" + bytes(60)


def a_board(cooperative=None):
    """A cooperative with two treasurers and a coordinator."""
    cooperative = cooperative or a_cooperative()
    coordinator = Actor(somebody())
    access.give(
        actor=SYSTEM, person_id=coordinator.person_id, right=COORDINATE, subject_id=cooperative.id
    )
    return SimpleNamespace(
        id=cooperative.id,
        treasurer=a_treasurer(cooperative.id),
        second=a_treasurer(cooperative.id),
        coordinator=coordinator,
    )


def a_member(board, *, joined_on=None):
    person_id = somebody()
    return members.join(
        actor=SYSTEM, cooperative_id=board.id, person_id=person_id, joined_on=joined_on
    )


def wish(board, kind, amount, **more):
    values = {"id": uuid4(), "money": "cash:kas", "happened_on": clock.today()}
    return Wish(organisation_id=board.id, kind=VoucherKind(kind), amount=amount, **(values | more))


def saved(board, member, amount, sort="voluntary", **more):
    asked = wish(board, "saved", amount, person_id=member.person_id, sort=sort, **more)
    return savings.write(actor=board.treasurer, wish=asked)


def withdrawn(board, member, amount, sort="voluntary", **more):
    asked = wish(board, "withdrawn", amount, person_id=member.person_id, sort=sort, **more)
    return savings.write(actor=board.treasurer, wish=asked)


def a_deal(board, member, amount=200_000, **more):
    values = {
        "id": uuid4(), "what": "Singkong 40 kg", "money": "cash:kas",
        "due_on": clock.today() + timedelta(days=60), "percent": 20, "floor": 50_000,
    }  # fmt: skip
    return Deal(
        organisation_id=board.id, person_id=member.person_id, amount=amount, **(values | more)
    )


def lent(board, member, amount=200_000, **more):
    """An advance that two people have given."""
    deal = a_deal(board, member, amount, **more)
    voucher = advances.lend(
        actor=board.treasurer, deal=deal, proof=files.store(VOICE), text="Saya setuju."
    )
    vouchers.agree(actor=board.second, voucher_id=voucher.id)
    return voucher.advance_id
