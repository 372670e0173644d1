"""What a product lacks, rule by rule."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from core.config import load
from sellers.checks import _SENTENCES, PermitFact, Sheet, find_gaps
from sellers.settings import SellerSettings

TODAY = date(2026, 11, 22)
RULES = load(SellerSettings, {})
PIRT = PermitFact("pirt", has_number=True, valid_until=date(2031, 12, 31))
HALAL = PermitFact("halal", has_number=True, valid_until=None)
TEXTS = {"name": "Keripik Pisang", "description": "Renyah", "ingredients": "pisang, garam"}
FOOD = Sheet(
    texts=TEXTS,
    is_food=True,
    halal="certified",
    shelf_life_days=120,
    permits=(PIRT, HALAL),
    photos=1,
)
CLOTH = Sheet(texts={"name": "Batik"}, halal="not_food", photos=1)


def codes(sheet, rules=RULES, **changes):
    return [gap.code for gap in find_gaps(replace(sheet, **changes), rules, TODAY)]


def blocking(sheet, rules=RULES, **changes):
    return [gap.code for gap in find_gaps(replace(sheet, **changes), rules, TODAY) if gap.blocks]


def test_a_complete_food_lacks_nothing():
    assert codes(FOOD) == []


def test_a_complete_cloth_lacks_nothing():
    assert codes(CLOTH) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"texts": {"name": " "}}, "no_name"),
        ({"has_variant": False}, "no_variant"),
        ({"has_category": False}, "no_category"),
        ({"closed_reason": "Menunggu izin"}, "closed_category"),
        ({"texts": {"name": "Batik", "description": "tidak bisa ditukar"}}, "claim"),
    ],
)
def test_each_of_these_blocks_on_all_goods(changes, code):
    assert blocking(CLOTH, **changes) == [code]


def test_no_photo_is_an_advice_because_a_drawing_is_shown():
    assert codes(CLOTH, photos=0) == ["no_photo"]
    assert blocking(CLOTH, photos=0) == []


def test_a_refused_photo_is_told():
    assert codes(CLOTH, photos=2, photos_refused=1) == ["photo_refused"]


def test_every_text_is_scanned_for_claims():
    texts = TEXTS | {"zh_hant_name": "no refunds", "storage_en": "cures all"}
    assert [gap.box for gap in find_gaps(replace(FOOD, texts=texts), RULES, TODAY)] == [
        "zh_hant_name",
        "storage_en",
    ]


def test_a_claim_counts_while_the_category_is_unknown():
    texts = {"name": "Obat diabetes"}
    assert blocking(CLOTH, texts=texts) == []
    assert blocking(CLOTH, texts=texts, has_category=False) == ["no_category", "claim", "claim"]


def test_food_without_a_number_is_not_shown():
    assert blocking(FOOD, permits=(HALAL,)) == ["no_food_permit"]


def test_food_whose_number_is_being_applied_for_is_not_shown():
    waits = PermitFact("pirt", has_number=False, valid_until=None)
    assert blocking(FOOD, permits=(waits, HALAL)) == ["food_permit_waits"]


@pytest.mark.parametrize(("day", "found"), [(22, []), (21, ["food_permit_ended"])])
def test_a_permit_counts_through_its_last_day(day, found):
    ends = PermitFact("pirt", has_number=True, valid_until=date(2026, 11, day))
    assert blocking(FOOD, permits=(ends, HALAL)) == found


def test_md_serves_as_well_as_pirt():
    assert codes(FOOD, permits=(replace(PIRT, kind="md"), HALAL)) == []


def test_where_no_permit_is_asked_the_missing_one_is_an_advice():
    rules = replace(RULES, food_needs_permit=False)
    assert codes(FOOD, rules, permits=(HALAL,)) == ["no_food_permit"]
    assert blocking(FOOD, rules, permits=(HALAL,)) == []


@pytest.mark.parametrize(
    ("days", "found"), [(7, []), (8, ["no_food_permit"]), (None, ["no_food_permit"])]
)
def test_fresh_food_needs_no_number(days, found):
    assert blocking(FOOD, permits=(HALAL,), shelf_life_days=days) == found


def test_the_days_of_fresh_food_are_a_setting():
    rules = replace(RULES, fresh_food_days=0)
    assert blocking(FOOD, rules, permits=(HALAL,), shelf_life_days=1) == ["no_food_permit"]


def test_a_pirt_number_on_fresh_food_is_doubted():
    assert codes(FOOD, shelf_life_days=5) == ["fresh_with_pirt"]


def test_food_in_syrup_is_told_that_it_needs_md():
    texts = TEXTS | {"name": "Carica dalam sirup"}
    assert codes(FOOD, texts=texts) == ["needs_md"]
    assert codes(FOOD, texts=texts, permits=(replace(PIRT, kind="md"), HALAL)) == []
    assert blocking(FOOD, texts=texts) == []


def test_herbal_goods_need_their_own_number():
    herbal = replace(CLOTH, is_herbal=True)
    assert blocking(herbal) == ["no_herbal_permit"]
    assert blocking(herbal, permits=(PIRT,)) == ["no_herbal_permit"]
    assert blocking(herbal, permits=(replace(PIRT, kind="tr"),)) == []


@pytest.mark.parametrize(
    ("halal", "permits", "found"),
    [
        ("certified", (PIRT, HALAL), []),
        ("certified", (PIRT,), ["no_halal_number"]),
        ("in_process", (PIRT,), []),
        ("not_halal", (PIRT,), []),
        ("none", (PIRT,), ["no_halal"]),
        ("not_food", (PIRT,), ["no_halal"]),
    ],
)
def test_a_setting_decides_whether_halal_blocks(halal, permits, found):
    changes = {"halal": halal, "permits": permits}
    assert codes(FOOD, **changes) == found
    assert blocking(FOOD, **changes) == []
    assert blocking(FOOD, replace(RULES, halal_blocks=True), **changes) == found


def test_the_label_is_advice():
    texts = {"name": "Keripik"}
    missing = codes(FOOD, texts=texts, has_net_weight=False)
    assert missing == ["no_ingredients", "no_net_weight"]
    assert codes(FOOD, shelf_life_days=None) == ["no_shelf_life"]
    assert blocking(FOOD, texts=texts, has_net_weight=False) == []


def test_what_blocks_comes_first():
    found = find_gaps(replace(FOOD, photos=0, permits=(), closed_reason="x"), RULES, TODAY)
    blocks = [gap.blocks for gap in found]
    assert blocks == sorted(blocks, reverse=True)
    assert len(set(blocks)) == 2


def test_every_gap_speaks(speaking):
    seen = {}
    flags = product([True, False], repeat=3)
    for is_food, is_herbal, has_variant in flags:
        for days, photos, refused in ((None, 0, 0), (3, 2, 1), (90, 1, 0)):
            for permits in (
                (),
                (PIRT,),
                (replace(PIRT, has_number=False),),
                (replace(PIRT, valid_until=TODAY.replace(year=2020)),),
            ):
                for halal in ("none", "certified"):
                    for name in ("", "obat", "carica dalam sirup"):
                        sheet = Sheet(
                            texts={"name": name}, is_food=is_food, is_herbal=is_herbal,
                            has_category=days != 3, closed_reason="Tutup" if days else "",
                            has_variant=has_variant, has_net_weight=False, halal=halal,
                            shelf_life_days=days, permits=permits, photos=photos,
                            photos_refused=refused,
                        )  # fmt: skip
                        seen |= {gap.code: gap.sentence for gap in find_gaps(sheet, RULES, TODAY)}
    assert set(seen) | {"not_edible"} == set(_SENTENCES)  # That one is said by `label_rules`.
    assert all(sentence and "%" not in sentence for sentence in seen.values())


def test_a_sentence_is_plain_text_that_pages_escape(speaking):
    (gap,) = find_gaps(replace(CLOTH, closed_reason="<b>tutup</b>"), RULES, TODAY)
    assert type(gap.sentence) is str
    assert "<b>tutup</b>" in gap.sentence
