"""A form of a bazaar's page that was refused: it comes back as it was typed, with the reason.

A page has many forms, so the deed and the hidden boxes say which one it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cooperatives.bazaars.coming_back import SayWhy
from cooperatives.bazaars.contesting import SaysNothing, TooManyUnits
from cooperatives.bazaars.costs import NotACost
from cooperatives.bazaars.notes import NoNote
from cooperatives.bazaars.planning import TooManySlots
from cooperatives.bazaars.seats import ReasonNeeded
from cooperatives.receiving.asked import WrongBoxes
from core.errors import DomainError

BESIDE: dict[type[DomainError], str] = {
    NotACost: "amount",
    NoNote: "text",
    ReasonNeeded: "why",
    SaysNothing: "words",
    SayWhy: "reason",
    TooManySlots: "quota",
    TooManyUnits: "units",
}
"""The box that a refusal is about; any other one is about the whole form."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent, and what is wrong, by box; "" is the form itself."""

    sent: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def by(cls, why: DomainError, sent: Mapping[str, str]) -> "Refused":
        """The form that this refusal answers."""
        if isinstance(why, WrongBoxes):
            return cls(sent, why.wrong)
        return cls(sent, {BESIDE.get(type(why), ""): why.sentence})

    def of(self, deed: str, **boxes: object) -> "Refused":
        """This, if it is about the form with that deed and those hidden boxes, else nothing."""
        asked = {"deed": deed, **{name: str(value) for name, value in boxes.items()}}
        is_it = all(self.sent.get(name) == value for name, value in asked.items())
        return self if is_it else NOTHING

    def typed(self, box: str, otherwise: object = "") -> object:
        """What stood in a box."""
        return self.sent.get(box, otherwise)

    def __bool__(self) -> bool:
        return bool(self.wrong)


NOTHING = Refused()
