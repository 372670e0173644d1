"""Working days: Monday to Friday in Wonosobo, weekends counted right.

National holidays are not known here: they are announced year by year, and a day too many is no harm
to a buyer.
"""

from datetime import date, datetime, time, timedelta

from core import words
from core.clock import WIB

SATURDAY = 5


def end_of(start: datetime, days: int) -> datetime:
    """The end of the so manieth working day after the day of `start`."""
    day: date = start.astimezone(WIB).date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return datetime.combine(day + timedelta(days=1), time.min, WIB)


def spoken(moment: datetime) -> str:
    """A deadline as people say it: one at midnight is the end of the day before."""
    local = moment.astimezone(WIB)
    if local.time() == time.min:
        return words.tanggal(local.date() - timedelta(days=1))
    return words.tanggal_jam(moment)
