"""What a courier bills for a parcel: its weight or its size, rounded up in steps; whole grams only.

Several goods in one parcel: their weights are added, and so are the volumes of their boxes, as if
the boxes filled the carton without a gap. Goods without a box add weight and no volume. The larger
of weight and volumetric weight counts; couriers' published rules and where they disagree are told
in `docs/shipping.md`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from core.errors import DomainError

Box = tuple[int, int, int]
"""Length, width and height of one packed piece, in centimetres."""

GRAMS_MAX = 100_000_000
SIDE_CM_MAX = 500
BOXES_MAX = 10_000
SERVICE_GRAMS_MAX = 1_000_000
DIVISOR_MIN, DIVISOR_MAX = 1_000, 10_000
STEP_GRAMS_MAX = 100_000


class OddParcel(DomainError):
    """A weight or size that no parcel has: nothing, less than nothing, more than a lorry takes."""

    sentence = _l("Berat atau ukuran paket ini tidak wajar. Periksa lagi angkanya.")


class OddRule(DomainError):
    """A service cannot weigh like this; the numbers contradict each other."""

    sentence = _l("Aturan berat kurir belum benar. Periksa batas, langkah, dan toleransinya.")


@dataclass(frozen=True, slots=True)
class Load:
    """A parcel as a courier's scale and tape see it."""

    grams: int
    volume_cm3: int = 0

    @classmethod
    def packed(cls, grams: int, boxes: Iterable[Box] = (), packaging_grams: int = 0) -> "Load":
        """Put goods of this weight and these boxes into one parcel. Raises OddParcel."""
        boxes = tuple(boxes)
        sides = {side for box in boxes for side in box}
        if not _within(grams, 1, GRAMS_MAX) or not _within(packaging_grams, 0, GRAMS_MAX):
            raise OddParcel
        if len(boxes) > BOXES_MAX or not all(_within(side, 1, SIDE_CM_MAX) for side in sides):
            raise OddParcel
        volume = sum(length * width * height for length, width, height in boxes)
        return cls(grams + packaging_grams, volume)

    def volumetric_grams(self, divisor: int) -> int:
        """What this size counts as, when so many cubic centimetres are one kilogram; rounded up."""
        return -(-self.volume_cm3 * 1000 // divisor)


@dataclass(frozen=True, slots=True)
class WeighRule:
    """How one service weighs. Raises OddRule when made of numbers that cannot work.

    `divisor` is the cubic centimetres that count as one kilogram; without one only weight counts.
    `tolerance_grams` above a full step still count as the lower step; exactly that much does so
    only if `is_inclusive`, which is switched off where a courier's sources disagree, so that the
    buyer's fee covers the dearer reading. Nothing above `max_grams` is taken.
    """

    divisor: int | None = 6000
    tolerance_grams: int = 300
    is_inclusive: bool = True
    min_grams: int = 1000
    step_grams: int = 1000
    max_grams: int = 30_000

    def __post_init__(self) -> None:
        fits = (
            (self.divisor is None or _within(self.divisor, DIVISOR_MIN, DIVISOR_MAX))
            and _within(self.max_grams, 1, SERVICE_GRAMS_MAX)
            and _within(self.min_grams, 1, self.max_grams)
            and _within(self.step_grams, 1, STEP_GRAMS_MAX)
            and _within(self.tolerance_grams, 0, self.step_grams - 1)
        )
        if not fits:
            raise OddRule

    def chargeable_grams(self, load: Load) -> int:
        """Weight or volumetric weight, whichever is more, before rounding."""
        if self.divisor is None:
            return load.grams
        return max(load.grams, load.volumetric_grams(self.divisor))

    def carries(self, load: Load) -> bool:
        """Whether the service takes a parcel this heavy and this large."""
        return self.chargeable_grams(load) <= self.max_grams

    def steps(self, load: Load) -> int:
        """Billed steps above the minimum weight."""
        above = max(0, self.chargeable_grams(load) - self.min_grams)
        full, rest = divmod(above, self.step_grams)
        forgiven = rest == 0 or rest < self.tolerance_grams + self.is_inclusive
        return full if forgiven else full + 1

    def billed_grams(self, load: Load) -> int:
        """The rounded weight on the bill."""
        return self.min_grams + self.step_grams * self.steps(load)

    def fee(self, load: Load, *, base_rupiah: int, step_rupiah: int) -> int:
        """Rupiah for a parcel: the base pays for the minimum weight, each further step costs."""
        return base_rupiah + step_rupiah * self.steps(load)


def _within(number: object, least: int, most: int) -> bool:
    """A whole number within the bounds; True and 1.0 are none."""
    return type(number) is int and least <= number <= most
