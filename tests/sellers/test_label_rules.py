"""What a label lacks, in every combination, and which days may stand on it."""

from datetime import date, timedelta
from itertools import product

import pytest

from sellers.checks import PermitFact, Sheet
from sellers.label_rules import WrongDay, lacking, proposed, settle
from sellers.settings import SellerSettings

TODAY = date(2026, 11, 26)
RULES = SellerSettings()
PERMITS = {
    "given": (PermitFact("pirt", True, date(2031, 12, 31)), None),
    "last_day": (PermitFact("md", True, TODAY), None),
    "waits": (PermitFact("pirt", False, None), "food_permit_waits"),
    "ended": (PermitFact("pirt", True, date(2026, 11, 25)), "food_permit_ended"),
    "other": (PermitFact("nib", True, None), "no_food_permit"),
}
CERTIFICATES = (None, PermitFact("halal", False, None), PermitFact("halal", True, None))


def a_sheet(*, ingredients="Pisang 90 %, garam", name="Keripik", storage="", **more):
    texts = {"name": name, "description": "", "ingredients": ingredients, "storage": storage}
    return Sheet(**{"texts": texts, "is_food": True, "shelf_life_days": 90, **more})


def codes(sheet, weight=250):
    return {gap.code for gap in lacking(sheet, weight, RULES, TODAY)}


@pytest.mark.parametrize("halal", ["certified", "in_process", "not_halal", "none"])
def test_every_combination_names_exactly_what_is_missing(halal):
    for ingredients, weight, days, permit, paper in product(
        ("Pisang", " "), (250, None), (90, 7, None), PERMITS, CERTIFICATES
    ):
        held, wanting = PERMITS[permit]
        expected = set()
        if ingredients == " ":
            expected.add("no_ingredients")
        if weight is None:
            expected.add("no_net_weight")
        if wanting and days != 7:
            expected.add(wanting)
        if halal == "certified" and not (paper and paper.has_number):
            expected.add("no_halal_number")
        sheet = a_sheet(
            ingredients=ingredients,
            shelf_life_days=days,
            halal=halal,
            permits=(held, *([paper] if paper else [])),
        )
        assert codes(sheet, weight) == expected, (ingredients, weight, days, permit, paper)


@pytest.mark.parametrize(
    ("permits", "wanting"),
    [((), {"no_herbal_permit"}), ((PermitFact("tr", True, None),), set())],
)
def test_herbal_goods_need_their_own_number(permits, wanting):
    assert codes(a_sheet(is_food=False, is_herbal=True, permits=permits)) == wanting


def test_what_cannot_be_eaten_has_no_such_label():
    assert codes(a_sheet(is_food=False)) == {"not_edible"}


def test_a_label_rests_on_a_permit_even_where_the_shop_does_not():
    free = SellerSettings(food_needs_permit=False)
    found = lacking(a_sheet(permits=()), 250, free, TODAY)
    assert [gap.code for gap in found] == ["no_food_permit"]


@pytest.mark.parametrize("box", ["name", "ingredients", "storage"])
def test_forbidden_claims_are_not_printed(box):
    sheet = a_sheet(permits=(PERMITS["given"][0],), **{box: "menyembuhkan diabetes"})
    assert "claim" in codes(sheet)


def test_a_claim_that_is_not_printed_holds_no_label_up():
    sheet = a_sheet(permits=(PERMITS["given"][0],))
    sheet.texts["description"] = "menyembuhkan diabetes"
    assert codes(sheet) == set()


def test_each_gap_leads_somewhere_and_says_a_sentence(app):
    with app.test_request_context():
        for gap in lacking(a_sheet(ingredients="", halal="certified"), None, RULES, TODAY):
            assert gap.part in ("isi", "varian", "izin")
            assert gap.sentence.endswith(".")
            assert gap.blocks or gap.code in ("no_halal_number",)


def test_the_last_good_day_is_proposed():
    assert proposed(TODAY, 5) == date(2026, 12, 1)
    assert proposed(TODAY, None) is None


def days(n):
    return TODAY + timedelta(days=n)


@pytest.mark.parametrize(
    ("made", "typed", "keeps", "last"),
    [
        (0, None, 90, 90),
        (0, 90, 90, 90),
        (-30, None, 90, 60),
        (-30, 10, 90, 10),
        (-90, None, 90, 0),
        (7, 7, None, 7),
        (0, 4000, None, 4000),
    ],
)
def test_days_that_may_be_printed(made, typed, keeps, last):
    wanted = None if typed is None else days(typed)
    assert settle(days(made), wanted, keeps, TODAY) == days(last)


@pytest.mark.parametrize(
    ("made", "typed", "keeps", "box"),
    [
        (8, 20, 90, "made_on"),
        (0, None, None, "best_before"),
        (0, -1, 90, "best_before"),
        (7, 6, 90, "best_before"),
        (-30, -1, 90, "best_before"),
        (-91, None, 90, "best_before"),
        (0, 91, 90, "best_before"),
        (-30, 61, 90, "best_before"),
    ],
)
def test_days_that_may_not(made, typed, keeps, box):
    wanted = None if typed is None else days(typed)
    with pytest.raises(WrongDay) as refused:
        settle(days(made), wanted, keeps, TODAY)
    assert refused.value.box == box
