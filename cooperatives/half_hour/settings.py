"""After how long something becomes a line of the coordinator's half hour."""

from dataclasses import dataclass

from core.config import setting


@dataclass(frozen=True)
class HalfHourSettings:
    """What the half hour reads from the environment."""

    silent_days: int = setting(
        "LUMBUNG_SILENT_DAYS", "Days without a sign of a member after which she is called", 14
    )
    money_wait_days: int = setting(
        "LUMBUNG_MONEY_WAIT_DAYS",
        "Days for which members' money may wait before their coordinator is told",
        10,
    )
    bag_wait_days: int = setting(
        "LUMBUNG_BAG_WAIT_DAYS",
        "Days for which a bag of cash may be on its way before the coordinator is told",
        3,
    )
    offer_wait_hours: int = setting(
        "LUMBUNG_OFFER_WAIT_HOURS",
        "Hours for which an offer of goods may wait before the coordinator is told",
        24,
    )
    differences_days: int = setting(
        "LUMBUNG_DIFFERENCES_DAYS",
        "Days for which a difference is told that nobody has noted as seen to",
        30,
    )
    fairness_months: int = setting(
        "LUMBUNG_FAIRNESS_MONTHS",
        "Months of sales, the present one included, that are compared between members",
        3,
    )
