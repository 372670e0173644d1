"""Things of the matrix that members share: a membership, savings, an advance, a cost, a unit."""

from datetime import timedelta
from uuid import uuid4

from cooperatives import members
from cooperatives.membership import advances, expenses, units, vouchers
from cooperatives.membership.advances import Deal
from cooperatives.membership.vouchers import Wish
from cooperatives.models.surplus import PARTS, Surplus, SurplusPolicy
from cooperatives.models.vouchers import VoucherKind
from core import clock, files
from core.actors import SYSTEM
from core.db import db
from tests.cooperatives.books_factories import a_treasurer
from tests.cooperatives.factories import saved


def a_share_of(cooperative, actor):
    """What one member has in her group, with a cost of the group that has its receipt."""
    membership = members.join(
        actor=SYSTEM, cooperative_id=cooperative.id, person_id=actor.person_id
    )
    writes, agrees = a_treasurer(cooperative.id), a_treasurer(cooperative.id)
    unit = units.open_unit(
        actor=writes, organisation_id=cooperative.id, name=f"Unit {membership.id}"
    )
    spent = Wish(
        id=uuid4(), organisation_id=cooperative.id, kind=VoucherKind.COST, amount=10_000,
        money="cash:kas", happened_on=clock.today(), category="other", unit_id=unit.id,
    )  # fmt: skip
    receipt = files.store(b"%PDF-" + bytes(20))
    cost = expenses.write(actor=writes, wish=spent, receipt=receipt)
    deal = Deal(
        id=uuid4(), organisation_id=cooperative.id, person_id=actor.person_id, amount=50_000,
        what="Singkong", money="cash:kas", due_on=clock.today() + timedelta(days=30), percent=10,
        floor=0,
    )  # fmt: skip
    lent = advances.lend(actor=writes, deal=deal, proof=files.store(b"OggS"), text="Ya.")
    vouchers.agree(actor=agrees, voucher_id=lent.id)
    return {
        "membership_id": membership.id,
        "unit_id": unit.id,
        "voucher_id": cost.id,
        "advance_id": lent.advance_id,
        "surplus_id": a_surplus_of(cooperative, writes),
        "word": "batal",
        "answer": "setuju",
    }


def a_surplus_of(cooperative, actor):
    """A year that is shared out, with the minutes of the meeting; each is another year."""
    year = 2001 + db.session.query(Surplus).count()
    whole = dict.fromkeys(PARTS, 0) | {"reserve": 10_000}
    policy = SurplusPolicy(
        organisation_id=cooperative.id, version=year, decided_on=clock.today(), **whole
    )
    made = Surplus(
        organisation_id=cooperative.id, year=year, policy_id=saved(policy).id,
        income=2, costs=1, total=1, made_by=actor.person_id, state="booked",
    )  # fmt: skip
    files.keep(actor=actor, doc=("surplus", saved(made).id), content=b"%PDF-")
    return made.id
