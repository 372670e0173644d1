"""Pick-up codes: four digits, never one in use, never one that a guesser tries first."""

import pytest

from orders.pickup_codes import CODES, NoCodeLeft, choose, is_obvious, is_same


class Last:
    """Draws the last of what it is offered."""

    def choice(self, seq):
        return seq[-1]


@pytest.mark.parametrize(
    "code", ["0000", "7777", "1212", "1122", "0007", "1234", "7890", "4321", "3210", "0987"]
)
def test_what_a_guesser_tries_first_is_obvious(code):
    assert is_obvious(code)
    assert code not in CODES


@pytest.mark.parametrize("code", ["4821", "0135", "9204", "1243"])
def test_an_ordinary_code_is_not(code):
    assert not is_obvious(code)
    assert code in CODES


def test_every_code_is_four_digits_and_there_are_thousands():
    assert all(len(code) == 4 and code.isdecimal() and code.isascii() for code in CODES)
    assert len(CODES) == len(set(CODES)) == 10_000 - 640 - 16


def test_an_open_code_is_not_given_twice():
    kept = "4821"
    assert choose(set(CODES) - {kept}) == kept


def test_the_drawing_is_left_to_chance():
    assert choose(set(), Last()) == CODES[-1]
    assert choose({CODES[-1]}, Last()) == CODES[-2]
    assert len({choose(set()) for _ in range(50)}) > 40


def test_a_place_full_of_parcels_says_so():
    with pytest.raises(NoCodeLeft):
        choose(CODES)


@pytest.mark.parametrize("said", ["4821", " 4821 ", "48 21", "48-21"])
def test_the_code_is_known_however_it_is_spaced(said):
    assert is_same(said, "4821")


@pytest.mark.parametrize("said", ["", "4822", "482", "48211", "٤٨٢١", "\ud800", "x" * 10_000])
def test_another_code_is_not(said):
    assert not is_same(said, "4821")


def test_no_code_fits_none():
    assert not is_same("", "")
    assert not is_same("4821", "")
