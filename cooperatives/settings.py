"""The cooperatives' floor's settings."""

from dataclasses import dataclass

from core.config import setting


@dataclass(frozen=True)
class CooperativeSettings:
    """What stock reads from the environment."""

    hold_units_max: int = setting(
        "LUMBUNG_HOLD_UNITS_MAX", "Units one buyer may hold without having paid", 60
    )
    lease_minutes: int = setting(
        "LUMBUNG_LEASE_MINUTES", "A till silent for so long gives its kept goods back", 30
    )
    transit_days: int = setting(
        "LUMBUNG_TRANSIT_DAYS", "Days after which goods that are still on the way ask somebody", 3
    )
    payout_days: int = setting(
        "LUMBUNG_PAYOUT_DAYS", "Days after which a payout not known to have come asks somebody", 3
    )
    bag_days: int = setting(
        "LUMBUNG_BAG_DAYS", "Days after which a bag of cash not seen at the bank asks somebody", 2
    )
    ready_news_max: int = setting(
        "LUMBUNG_READY_NEWS_MAX", "News of goods just made that one member hears in a day", 3
    )
    ready_news_members: int = setting(
        "LUMBUNG_READY_NEWS_MEMBERS", "Members who are told of goods just made, at most", 500
    )
    units_max: int = setting("LUMBUNG_UNITS_MAX", "Units in one line of goods", 10_000)
    count_alone_max: int = setting(
        "LUMBUNG_COUNT_ALONE_MAX",
        "Differences of a count up to so many rupiah need no second person",
        50_000,
    )
    count_contest_days: int = setting(
        "LUMBUNG_COUNT_CONTEST_DAYS",
        "Days in which an owner can say that a count or a bazaar of her goods is wrong",
        14,
    )
    count_lots_max: int = setting("LUMBUNG_COUNT_LOTS_MAX", "Lots in one count", 500)
    goods_lines_max: int = setting("LUMBUNG_GOODS_LINES_MAX", "Lines in one goods document", 100)
    product_draft_days: int = setting(
        "LUMBUNG_PRODUCT_DRAFT_DAYS", "Days after which an untouched draft is erased", 60
    )
    pay_weekday: int = setting(
        "LUMBUNG_PAY_WEEKDAY", "The day on which makers are paid, 1 for Monday to 7 for Sunday", 1
    )
    pay_way_wait_hours: int = setting(
        "LUMBUNG_PAY_WAY_WAIT_HOURS",
        "Hours for which a new account for payouts waits and can be stopped",
        72,
    )
