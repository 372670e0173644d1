"""Time: one source for now, and the three Indonesian zones people live in."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
ZONES = {"WIB": WIB, "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}
"""By the name people say after the hour."""


def now() -> datetime:
    """The present moment in UTC. Code asks here, for tests cannot move the database's now()."""
    return datetime.now(UTC)


def is_today(moment: datetime) -> bool:
    """Whether a moment lies on today's date in Wonosobo."""
    return moment.astimezone(WIB).date() == today()


def today() -> date:
    """The date on a wall calendar in Wonosobo (WIB); best-before dates are compared with this."""
    return now().astimezone(WIB).date()
