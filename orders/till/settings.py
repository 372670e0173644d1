"""The till's settings."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from core.config import setting


@dataclass(frozen=True)
class TillSettings:
    """What the till reads from the environment."""

    discount_points_max: int = setting(
        "LUMBUNG_TILL_DISCOUNT_POINTS_MAX",
        "Most that a keeper may let off a price, in hundredths of a percent",
        1_000,
        law=_l("Potongan harga terbesar di kasir, per sepuluh ribu; ditanggung semua bagian"),
    )
