"""What reconciling reads from the environment."""

from dataclasses import dataclass

from core.config import setting


@dataclass(frozen=True)
class ReportSettings:
    """How long a payment may stand in no report, and a difference may stay open."""

    reported_days: int = setting(
        "LUMBUNG_REPORTED_DAYS",
        "Days after which a payment must stand in a report of its gateway",
        7,
    )
    difference_days: int = setting(
        "LUMBUNG_DIFFERENCE_DAYS",
        "Days after which an open difference to a gateway is a broken promise",
        30,
    )
