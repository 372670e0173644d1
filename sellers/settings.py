"""The sellers' floor's settings: what the law asks of goods, and limits."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from core.config import setting


@dataclass(frozen=True)
class SellerSettings:
    """What the sellers' floor reads from the environment; the defaults follow docs/listings.md."""

    halal_blocks: bool = setting(
        "LUMBUNG_HALAL_BLOCKS",
        "Refuse to publish food whose halal state is still open",
        False,
        law=_l("Pangan tanpa keterangan halal tidak boleh tayang (PP 42/2024)"),
    )
    food_needs_permit: bool = setting(
        "LUMBUNG_FOOD_NEEDS_PERMIT",
        "Refuse to publish food without a P-IRT or BPOM number",
        True,
        law=_l("Pangan perlu nomor P-IRT atau BPOM untuk tayang"),
    )
    fresh_food_days: int = setting(
        "LUMBUNG_FRESH_FOOD_DAYS",
        "Food that keeps at most so many days needs no P-IRT or BPOM number",
        7,
        law=_l("Pangan yang tahan paling lama sekian hari tidak perlu nomor izin"),
    )
    permit_early_months: int = setting(
        "LUMBUNG_PERMIT_EARLY_MONTHS", "First reminder, months before a permit ends", 6
    )
    permit_late_months: int = setting(
        "LUMBUNG_PERMIT_LATE_MONTHS", "Second reminder, months before a permit ends", 2
    )
    photos_max: int = setting("LUMBUNG_PHOTOS_MAX", "Photos of one product", 9)
    awaited_days: int = setting(
        "LUMBUNG_AWAITED_PHOTO_DAYS", "Days for which a product waits for a photo from a phone", 30
    )
    variants_max: int = setting("LUMBUNG_VARIANTS_MAX", "Sizes of one product", 12)
    listings_max: int = setting(
        "LUMBUNG_LISTINGS_MAX", "Products of one shop, archived ones too", 500
    )
    permits_max: int = setting("LUMBUNG_PERMITS_MAX", "Permit numbers of one shop", 200)
