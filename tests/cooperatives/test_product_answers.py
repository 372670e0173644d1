"""Five answers as they were typed on a phone."""

from uuid import UUID

import pytest

from cooperatives.product_answers import Answers, read
from core.errors import DomainError

GOOD = {"name": " Keripik  Pisang ", "price": "25rb", "stock": "12", "weight": "250 g"}
PHOTO = "6b0f3d52-5ad5-4a53-9f1e-6d3f0f6f3c11"


def test_words_become_an_answer():
    assert read(GOOD) == Answers(name="Keripik Pisang", price=25_000, stock=12, weight_grams=250)


@pytest.mark.parametrize("typed", ["25rb", "25.000", "Rp25000", "25 ribu", "Rp 25.000,-", "25k"])
def test_a_price_is_read_as_people_write_it(typed):
    assert read({**GOOD, "price": typed}).price == 25_000


@pytest.mark.parametrize("typed", ["1,5 kg", "1.5kg", "15 ons", "3/2 kg", "1500"])
def test_a_weight_is_read_as_people_write_it(typed):
    assert read({**GOOD, "weight": typed}).weight_grams == 1_500


def test_everything_else_comes_along():
    full = read(
        {
            **GOOD, "category": "3", "keeps": "7", "permits": ["4", "5", "x"], "cost": "9rb",
            "photos": [PHOTO, PHOTO], "publish": False,
        }
    )  # fmt: skip
    assert (full.category_id, full.keeps_days, full.permit_ids) == (3, 7, (4, 5))
    assert (full.production_cost, full.photo_ids) == (9_000, (UUID(PHOTO),))
    assert full.wants_to_publish is False


@pytest.mark.parametrize(
    "odd",
    [
        {"name": ""}, {"name": "   "}, {"name": None}, {"name": ["a"]}, {"name": True},
        {"price": ""}, {"price": "0"}, {"price": "-5"}, {"price": "murah"}, {"price": "1.500 ribu"},
        {"price": {}}, {"stock": ""}, {"stock": "-1"}, {"stock": "10001"}, {"stock": "٣"},
        {"stock": "1e3"}, {"stock": "sepuluh"}, {"weight": ""}, {"weight": "1.500"},
        {"weight": "berat"}, {"cost": "mahal"}, {"photos": "x"}, {"photos": ["x"]},
        {"photos": [str(UUID(int=n)) for n in range(10)]}, {"permits": 4},
    ],
    ids=lambda odd: f"{odd}"[:40],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_words(speaking, odd):
    with pytest.raises(DomainError) as refused:
        read({**GOOD, **odd})
    assert str(refused.value.sentence)


@pytest.mark.parametrize("missing", GOOD)
def test_each_question_wants_its_answer(speaking, missing):
    with pytest.raises(DomainError):
        read({box: typed for box, typed in GOOD.items() if box != missing})


def test_no_stock_is_an_answer_too():
    assert read({**GOOD, "stock": "0"}).stock == 0
    assert read({**GOOD, "stock": 7}).stock == 7


def test_an_endless_name_is_cut():
    assert len(read({**GOOD, "name": "a" * 5_000}).name) == 120
