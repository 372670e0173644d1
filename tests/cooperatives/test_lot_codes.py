"""The short name of a lot: read back exactly, and a misread one names nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperatives.lot_codes import ALPHABET, NUMBER_MAX, code_of, lot_of

LOTS = st.integers(min_value=1, max_value=NUMBER_MAX)


@given(LOTS)
def test_every_lot_is_read_back(lot_id):
    assert lot_of(code_of(lot_id)) == lot_id


@given(LOTS, st.data())
def test_one_misread_sign_names_no_lot(lot_id, data):
    code = code_of(lot_id)
    place = data.draw(st.integers(1, len(code) - 1))
    wrong = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != code[place]]))
    assert lot_of(code[:place] + wrong + code[place + 1 :]) is None


@given(LOTS, st.data())
def test_two_signs_that_changed_places_name_no_lot(lot_id, data):
    code = code_of(lot_id)
    place = data.draw(st.integers(1, len(code) - 2))
    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert lot_of(turned) == (lot_id if turned == code else None)


@given(st.text(max_size=40))
def test_any_text_is_answered(text):
    found = lot_of(text)
    assert found is None or code_of(found) == "".join(text.upper().replace("-", " ").split())


def test_people_type_it_in_their_own_way():
    code = code_of(1234)
    assert lot_of(f" {code[:3].lower()}-{code[3:]} ") == 1234


@pytest.mark.parametrize("text", ["", "L", "8991234567890", "L1111", "LIIII1", "L" + "1" * 60])
def test_other_barcodes_name_no_lot(text):
    assert lot_of(text) is None


def test_short_enough_for_a_narrow_roll():
    assert max(len(code_of(lot_id)) for lot_id in (1, 9_999, 900_000)) == 6
