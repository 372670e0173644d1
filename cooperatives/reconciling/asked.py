"""What somebody wants to see add up: which days, and which place, owner or lot."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _

from core import clock
from core.clock import WIB
from core.errors import DomainError

DAYS_MAX = 400


class BadDays(DomainError):
    """Days that are no period."""

    sentence = _("Tulis hari pertama dan hari terakhir, paling lama 400 hari.")


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last one, both whole, in the calendar of Wonosobo."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not timedelta() <= self.last - self.first <= timedelta(days=DAYS_MAX):
            raise BadDays

    @property
    def since(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), WIB)

    @property
    def until(self) -> datetime:
        """The first moment after."""
        return datetime.combine(self.last + timedelta(days=1), time(), WIB)


def days_of(first: str, last: str) -> Days:
    """The days of an address: today where it names none, and until today where it names no last.

    Raises BadDays.
    """
    try:
        begins = date.fromisoformat(first) if first else None
        ends = date.fromisoformat(last) if last else None
    except ValueError:
        raise BadDays from None
    ends = ends or max(begins or clock.today(), clock.today())
    begins = begins or ends
    if not date(2000, 1, 1) <= begins <= ends <= date(2100, 1, 1):
        raise BadDays
    return Days(begins, ends)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which goods: all that she answers for, or those of a place, an owner or a lot."""

    days: Days
    place_id: int | None = None
    owner_id: int | None = None
    lot_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """What stood, came, left, was put right, and stands; `is_whole` if that adds up."""

    opening: int
    came: int
    left: int
    adjusted: int
    closing: int

    @property
    def is_whole(self) -> bool:
        """Whether it adds up."""
        return self.opening + self.came - self.left + self.adjusted == self.closing


def added(rows: list[Sums]) -> Sums:
    """The foot of a table."""
    return Sums(
        sum(row.opening for row in rows),
        sum(row.came for row in rows),
        sum(row.left for row in rows),
        sum(row.adjusted for row in rows),
        sum(row.closing for row in rows),
    )
