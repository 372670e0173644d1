"""The fairness warning: a rule that anybody can redo by hand, and figures out of the books."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives.accounts import Owner
from cooperatives.carrying import nightly
from cooperatives.half_hour import fairness
from cooperatives.half_hour.fairness import spread
from cooperatives.reconciling import comparing
from core import tasks
from core.actors import SYSTEM
from core.db import db
from core.errors import NotFound
from tests.cooperatives.books_factories import earned_sale, parties
from tests.cooperatives.factories import a_seller
from tests.cooperatives.half_hour.factories import a_village, joins


def of(*sold):
    """Members 1, 2, 3 … with what each sold."""
    members = [(n, f"Ibu {n:02}") for n in range(1, len(sold) + 1)]
    return spread(members, dict(enumerate(sold, 1)))


@pytest.mark.parametrize(
    ("sold", "top", "percent", "is_uneven"),
    [
        ((60, 20, 10, 5, 5), 1, 60, True),
        ((50, 20, 20, 5, 5), 1, 50, False),  # Exactly half is not more than half.
        ((51, 20, 19, 5, 5), 1, 51, True),
        ((90, 10, 0, 0), 1, 90, False),  # Among four it says nothing.
        ((30, 30, 10, 10, 10, 10), 2, 60, True),  # A fifth of six, rounded up, is two.
        ((0, 0, 0, 0, 0), 1, 0, False),
        ((-40, 10, 10, 10, 10), 1, 25, False),  # More came back than was sold: she sold nothing.
        ((), 0, 0, False),
    ],
)
def test_the_top_fifth_and_half_of_all_sales(sold, top, percent, is_uneven):
    one = of(*sold)
    assert (len(one.top), one.percent, one.is_uneven) == (top, percent, is_uneven)


@given(st.lists(st.integers(-1000, 10_000), max_size=40))
def test_every_line_adds_up_to_the_sums_that_are_shown(sold):
    one = of(*sold)
    assert one.total == sum(max(0, each) for each in sold)
    assert one.top_sum == sum(sorted((max(0, each) for each in sold), reverse=True)[: len(one.top)])
    assert 5 * (len(one.top) - 1) < len(one.seats) <= 5 * len(one.top) or not one.seats
    assert len(one.left_out) == len(one.top)


@pytest.fixture
def uneven(session):
    """Five members; one of them sold 80 of 100."""
    village = a_village()
    shops = [village.shop, *(a_seller(village.cooperative) for _ in range(4))]
    for shop, sold in zip(shops, (80_000, 10_000, 10_000, 0, 0), strict=True):
        joins(village, shop.person_id)
        if sold:
            earned_sale((parties(Owner(person_id=shop.person_id), village.id), sold))
    return village


@pytest.mark.service
def test_what_buyers_paid_is_counted_from_the_books(session, uneven):
    days = fairness.period()
    one = fairness.of_cooperative(session, uneven.id, days)
    assert [seat.sold for seat in one.seats] == [80_000, 10_000, 10_000, 0, 0]
    nightly.carry()
    assert fairness.of_cooperative(session, uneven.id, days) == one
    for seat in one.seats:
        rows = fairness.days_of(session, uneven.id, seat.person_id, days)
        assert sum(row.total for row in rows) == seat.sold


@pytest.mark.service
def test_the_night_asks_once_and_a_plan_keeps_it_quiet(session, uneven):
    (comparison,) = (one for one in comparing.COMPARISONS if one.kind is fairness.UNEVEN)

    def asked():
        comparing.compare(actor=SYSTEM, comparison=comparison)
        return [task.sentence for task in tasks.list_for(db.session(), uneven.umi)]

    assert asked() == asked() != []
    assert "80" in asked()[0]
    fairness.talked(actor=uneven.umi, cooperative_id=uneven.id, words="Dibagi di bazar")
    assert asked() == []


@pytest.mark.service
def test_only_her_own_cooperative_is_told(session, uneven):
    other = a_village()
    assert not fairness.of_cooperative(session, other.id, fairness.period()).total
    with pytest.raises(NotFound):
        fairness.seen_by(session, other.umi, uneven.id)
    with pytest.raises(NotFound):
        fairness.talked(actor=other.umi, cooperative_id=uneven.id, words="")
