"""The code that an inviter says: short, her own, and never mistaken for another one."""

import itertools

import pytest

from core import privacy
from sellers import inviters
from sellers.inviters import code_of, is_code, words_of
from sellers.models import Inviter
from tests.factories import an_actor


@pytest.mark.parametrize(
    ("call_me", "word"),
    [("Mbak Mira", "MIRA"), ("Bu Sri Lestari", "SRI"), ("Mbak Zoë", "ZOE"), ("Ibu", "TEMAN"),
     ("Q", "TEMAN"), ("小梅", "TEMAN"), ("Kusumaningrum", "KUSUMANI")],
)  # fmt: skip
def test_a_code_begins_as_she_is_called(call_me, word):
    assert next(words_of(call_me)) == word


@pytest.mark.parametrize("said", ["mira 57", "MIRA-57", " mira57 "])
def test_a_code_is_read_however_it_is_spaced(said):
    assert code_of("MIRA") == "MIRA57"
    assert is_code(said) == "MIRA57"


def test_one_wrong_letter_or_two_that_changed_places_are_no_code():
    word, digits = "MIRA", code_of("MIRA")[-2:]
    others = {word[:at] + letter + word[at + 1 :] for at in range(4) for letter in "ABIMRXYZ"}
    others |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(3)}
    assert [other for other in others - {word} if is_code(other + digits)] == []
    assert not any(is_code(f"MIRA{tens}") for tens in ("", "5", "58", "057", "5٧"))


@pytest.mark.service
def test_two_of_one_name_have_two_codes_each_for_good(session):
    ones = [an_actor("Mira") for _ in range(3)]
    codes = [inviters.my_code(actor=one) for one in ones]
    assert codes == [code_of(word) for word in ("MIRA", "MIRAA", "MIRAB")]
    assert [inviters.my_code(actor=one) for one in ones] == codes
    found = [inviters.behind(session, code) for code in codes]
    assert found == [one.person_id for one in ones]
    assert inviters.behind(session, "MIRA99") is None


@pytest.mark.service
def test_her_code_goes_with_her(session):
    she = an_actor("Mira")
    code = inviters.my_code(actor=she)
    told = privacy.gather(session, she.person_id)["sellers"]["inviter_code"]
    assert [each["code"] for each in told] == [code]
    privacy.erase(actor=she)
    assert session.query(Inviter).count() == 0


def test_there_are_words_enough_for_a_common_name():
    found = list(itertools.islice(words_of("Bu Sri"), 700))
    assert len(set(found)) == 700
    assert all(is_code(code_of(word)) for word in found)
