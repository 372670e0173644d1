"""The ladder tells what is there, what is lacking, and what comes next."""

import pytest
from sqlalchemy import event

from core.db import db
from sellers import ladder, listings
from sellers.models import Variant
from tests.sellers.factories import HALAL, NIB, PIRT, a_category, a_draft, a_permit, a_shop, a_size

pytestmark = pytest.mark.service


def states(session, shop):
    return {rung.name: rung.state for rung in ladder.climb(session, shop.id)}


def rung(session, shop, name):
    return next(one for one in ladder.climb(session, shop.id) if one.name == name)


def next_name(session, shop):
    found = ladder.next_rung(ladder.climb(session, shop.id))
    return found.name if found else None


def test_an_empty_shop_begins_with_its_nib(session):
    shop, _ = a_shop()
    assert states(session, shop) == {
        "nib": "todo", "food": "spare", "halal": "spare", "label": "spare",
    }  # fmt: skip
    assert next_name(session, shop) == "nib"
    assert [one.offers for one in ladder.climb(session, shop.id)] == [("nib",), (), (), ()]


def test_step_by_step_to_the_top(session):
    shop, actor = a_shop()
    made = a_draft(shop, size=a_size(net_weight_grams=200))
    a_permit(shop, "nib", NIB)
    assert next_name(session, shop) == "food"
    assert rung(session, shop, "food").lacking == (made,)
    a_permit(shop, "pirt", PIRT, [made.id])
    assert next_name(session, shop) == "halal"
    a_permit(shop, "halal", HALAL, [made.id])
    assert next_name(session, shop) == "label"
    assert rung(session, shop, "label").lacking == (made,)
    listings.edit(
        actor=actor,
        listing_id=made.id,
        changes={"ingredients": "pisang", "shelf_life_days": 120},
    )
    assert set(states(session, shop).values()) == {"done"}
    assert next_name(session, shop) is None


def test_what_is_being_applied_for_waits_for_others(session):
    shop, _ = a_shop()
    made = a_draft(shop)
    a_permit(shop, "nib", "")
    a_permit(shop, "pirt", "", [made.id])
    a_permit(shop, "halal", "", [made.id])
    assert states(session, shop) | {"label": ""} == {
        "nib": "moving", "food": "moving", "halal": "moving", "label": "",
    }  # fmt: skip
    assert next_name(session, shop) == "label"


def test_goods_put_away_and_cloth_ask_for_nothing(session):
    shop, actor = a_shop()
    a_draft(shop, "Selendang", category=a_category("batik", is_food=False))
    away = a_draft(shop, "Opak")
    listings.archive(actor=actor, listing_id=away.id)
    assert states(session, shop)["food"] == "spare"


def test_fresh_food_needs_no_number_but_halal(session):
    shop, _ = a_shop()
    a_draft(shop, "Nagasari", shelf_life_days=2)
    assert states(session, shop)["food"] == "spare"
    assert states(session, shop)["halal"] == "todo"


def test_herbal_goods_ask_for_their_own_number(session):
    shop, _ = a_shop()
    made = a_draft(
        shop, "Jamu", category=a_category("jamu", is_food=False, is_herbal=True), shelf_life_days=3
    )
    food = rung(session, shop, "food")
    assert (food.state, food.lacking, food.offers) == ("todo", (made,), ("tr",))
    a_permit(shop, "tr", "TR 123456789", [made.id])
    assert states(session, shop)["food"] == "done"


def test_an_ended_nib_is_to_be_renewed(session):
    shop, _ = a_shop()
    permit = a_permit(shop, "nib", NIB)
    permit.valid_until = permit.created_at.date().replace(year=2020)
    session.commit()
    assert states(session, shop)["nib"] == "moving"


def test_many_products_ask_no_more_questions_than_one(session):
    shop, _ = a_shop()

    def questions():
        asked = []
        session.expire_all()
        listener = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        ladder.climb(session, shop.id)
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(asked)

    a_draft(shop)
    one = questions()
    for _ in range(5):
        a_draft(shop)
    assert questions() == one > 0


def test_herbal_goods_climb_to_the_label_too(session):
    shop, _ = a_shop()
    herbal = a_category("jamu", is_food=False, is_herbal=True)
    made = a_draft(shop, "Jamu", category=herbal, shelf_life_days=30)
    label = rung(session, shop, "label")
    assert (label.state, label.lacking) == ("todo", (made,))
    made.ingredients = "Kunyit"
    session.query(Variant).filter_by(listing_id=made.id).one().net_weight_grams = 200
    session.commit()
    assert states(session, shop)["label"] == "done"
