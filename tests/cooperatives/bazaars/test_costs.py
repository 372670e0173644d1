"""What the host has paid for a bazaar is shared as its cash book says, once."""

import uuid

import pytest
from sqlalchemy import text

from cooperatives.bazaars import closing, costs
from cooperatives.bazaars.costs import AlreadyShared, NotForThisBazaar
from cooperatives.bazaars.promises import ALL
from cooperatives.membership import expenses, vouchers
from cooperatives.membership.vouchers import Wish
from cooperatives.models.vouchers import VoucherKind
from cooperatives.rights import COORDINATE, TREASURE
from core import clock
from core.db import db
from core.errors import NotFound
from tests.cooperatives.bazaars.factories import a_bazaar, joins
from tests.cooperatives.factories import a_cooperative, a_seller, broken
from tests.factories import an_actor, give, sign_in, token_in
from tests.orders.factories import holder

pytestmark = pytest.mark.service


@pytest.fixture
def house(session):
    house = a_cooperative()
    house.treasurer, house.leads = holder(TREASURE, house.id), holder(COORDINATE, house.id)
    house.bazaar = a_bazaar(house)
    joins(house.bazaar, a_seller(house))
    return house


def paid(house, amount=150_000, category="bazaar"):
    wish = Wish(
        id=uuid.uuid4(), organisation_id=house.id, kind=VoucherKind.COST, amount=amount,
        money="cash:kas", happened_on=clock.today(), category=category, words="Sewa lapak",
    )  # fmt: skip
    return expenses.write(actor=house.treasurer, wish=wish, receipt=None)


def share(house, voucher, bazaar=None):
    return costs.share_voucher(
        actor=house.leads, cost_id=uuid.uuid4(), voucher_id=voucher.id,
        bazaar_id=(bazaar or house.bazaar).id,
    )  # fmt: skip


def undo(house, voucher):
    vouchers.undo(actor=house.treasurer, voucher_id=voucher.id, reason="salah")


def test_a_voucher_becomes_a_cost_with_its_words_and_amount_once(house):
    voucher = paid(house)
    (offered,) = costs.vouchers_for(db.session, house.bazaar)
    assert offered.id == voucher.id
    cost = share(house, voucher)
    assert (cost.what, cost.amount, cost.voucher_id) == ("Sewa lapak", 150_000, voucher.id)
    assert costs.vouchers_for(db.session, house.bazaar) == []
    with pytest.raises(NotForThisBazaar):
        share(house, voucher, a_bazaar(house))
    costs.strike(actor=house.leads, bazaar_id=house.bazaar.id, cost_id=cost.id)
    share(house, voucher)  # Struck out it is free again.
    assert broken(ALL) == set()
    db.session.execute(text("update bazaar_cost set amount = amount + 1 where struck_at is null"))
    assert "Z5" in broken(ALL)


def test_what_is_for_something_else_or_of_somebody_else_is_not_shared(house):
    with pytest.raises(NotForThisBazaar):
        share(house, paid(house, category="rent"))
    undone = paid(house)
    undo(house, undone)
    with pytest.raises(NotForThisBazaar):
        share(house, undone)
    other = a_cooperative()
    other.treasurer = holder(TREASURE, other.id)
    with pytest.raises(NotFound):
        share(house, paid(other))


def test_a_voucher_that_was_a_mistake_is_struck_until_its_bazaar_is_closed(house):
    first, second = paid(house), paid(house, 60_000)
    share(house, first)
    share(house, second)
    undo(house, first)
    written = costs.list_costs(db.session, house.bazaar.id)
    assert costs.total(written) == 60_000
    closing.close(actor=house.leads, bazaar_id=house.bazaar.id)
    with pytest.raises(AlreadyShared):
        undo(house, second)
    assert broken(ALL) == set()


def test_a_coordinator_shares_what_was_paid_by_one_press(house, client):
    give(an_actor(), COORDINATE, house.id)
    sign_in(client)
    voucher, here = paid(house), f"/koord/bazar/{house.bazaar.id}"
    costs.write(
        actor=house.leads, cost_id=uuid.uuid4(), bazaar_id=house.bazaar.id, what="Parkir", amount=1
    )
    page = client.get(here)
    assert "Belum ada bukti kas" in page.text
    sent = {"deed": "voucher", "act_id": str(uuid.uuid4()), "voucher": str(voucher.id)}
    answer = client.post(here, data={"csrf_token": token_in(page), **sent})
    told = client.get(answer.location).text
    assert "Biaya dicatat dari bukti kas." in told
    assert "Ada bukti kas" in told
