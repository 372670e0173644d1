"""Who brings buyers: a short code that a person says for herself, her name and two check digits.

`MIRA42` is easy to say at a counter. Any one letter misheard, or two that changed places, make the
digits wrong, so a till without signal knows a misread code by itself (static/js/till/sums.js).
"""

import itertools
import re
import string
import unicodedata
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.actors import Actor
from core.db import Reader, in_transaction
from core.people import SALUTATIONS, Person, get_person
from sellers.models import Inviter, Referral

PRIME, BASE = 97, 27
LETTERS_MAX = 8
SOMEBODY = "TEMAN"
_SHAPE = re.compile(r"([A-Z]{2,10})([0-9]{2})")
_FORMS = {word.upper() for word in SALUTATIONS} | {"BU", "PAK", "MBAH", "TEH", "MAK"}


def code_of(word: str) -> str:
    """The code that a word of capital letters makes."""
    rest = 0
    for letter in word:
        rest = (rest * BASE + ord(letter) - ord("A") + 1) % PRIME
    return f"{word}{rest:02}"


def is_code(said: str) -> str:
    """The code in what was typed, however it was spaced; empty for what cannot be one."""
    told = re.sub(r"[\s-]", "", said.upper())
    found = _SHAPE.fullmatch(told)
    return told if found and code_of(found[1]) == told else ""


def words_of(call_me: str) -> Iterator[str]:
    """Words for a code of somebody's: how she is called, then with a letter or two more."""
    plain = unicodedata.normalize("NFKD", call_me).encode("ascii", "ignore").decode().upper()
    said = [word for word in re.findall("[A-Z]{2,}", plain) if word not in _FORMS]
    first = (said[0] if said else SOMEBODY)[:LETTERS_MAX]
    yield first
    for more in (1, 2):
        for letters in itertools.product(string.ascii_uppercase, repeat=more):
            yield first + "".join(letters)


@in_transaction(retries=3)
def my_code(db: Session, *, actor: Actor) -> str:
    """The actor's own code, made on first need."""
    person = get_person(db, actor.person_id or 0)
    for word in words_of(person.call_me):
        known = db.scalar(select(Inviter.code).where(Inviter.person_id == person.id))
        if known is not None:
            return known
        values = {"person_id": person.id, "code": code_of(word)}
        db.execute(insert(Inviter).values(values).on_conflict_do_nothing())
    raise AssertionError("seven hundred people of one name have a code")


def behind(db: Reader, said: str) -> int | None:
    """Who said this code; None where nobody has it."""
    code = is_code(said)
    found = db.execute(select(Inviter.person_id).where(Inviter.code == code)).scalar()
    return None if found is None else int(found)


def behind_links(db: Reader, codes: Sequence[str], *, phone: str) -> dict[int, int]:
    """By listing, who passed it on by one of these links, the later of two; not whoever has the
    phone of the buyer herself.
    """
    query = (
        select(Referral.code, Referral.listing_id, Referral.person_id)
        .join(Person, Person.id == Referral.person_id)
        .where(Referral.code.in_(codes), Person.phone.is_distinct_from(phone))
    )
    rows = sorted(db.execute(query), key=lambda row: codes.index(row.code))
    return {row.listing_id: row.person_id for row in rows}
