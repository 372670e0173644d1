"""What the label of a packed food must say, and what of it is still missing. Pure rules.

The minimum (PerBPOM 31/2018) and the words beside each part stand in docs/listings.md.
"""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from core.errors import DomainError
from sellers import checks
from sellers.checks import Gap, Sheet
from sellers.settings import SellerSettings

PERMIT_GAPS = frozenset(
    {
        "no_food_permit",
        "food_permit_waits",
        "food_permit_ended",
        "no_herbal_permit",
        "no_halal_number",
    }
)
PRINTED_TEXTS = frozenset({"name", "ingredients", "storage"})
AHEAD_DAYS_MAX = 7  # Labels may be printed some days before the kitchen begins, not years.


class WrongDay(DomainError):
    """A day that cannot stand on a label; `box` is where it was typed."""

    def __init__(self, box: str, sentence: object) -> None:
        self.box = box
        super().__init__(sentence)


def lacking(
    sheet: Sheet, net_weight_grams: int | None, rules: SellerSettings, today: date
) -> list[Gap]:
    """What the product, this size of it and its permits still owe to the label."""
    if not (sheet.is_food or sheet.is_herbal):
        return [Gap("not_edible", "isi", "category", blocks=True)]
    found = []
    if not sheet.texts["ingredients"].strip():
        found.append(Gap("no_ingredients", "isi", "ingredients", blocks=True))
    if net_weight_grams is None:
        found.append(Gap("no_net_weight", "varian", "net_weight_grams", blocks=True))
    return found + [gap for gap in checks.find_gaps(sheet, rules, today) if _is_for_label(gap)]


def _is_for_label(gap: Gap) -> bool:
    return gap.code in PERMIT_GAPS or (gap.code == "claim" and gap.box in PRINTED_TEXTS)


def proposed(made_on: date, shelf_life_days: int | None) -> date | None:
    """The last good day of what was made on a day, as far as the product says how long it keeps."""
    return made_on + timedelta(days=shelf_life_days) if shelf_life_days else None


def settle(
    made_on: date, best_before: date | None, shelf_life_days: int | None, today: date
) -> date:
    """The last good day to print; an empty box takes the proposed one. Raises WrongDay."""
    if made_on > today + timedelta(days=AHEAD_DAYS_MAX):
        raise WrongDay("made_on", _l("Tanggal ini masih jauh. Periksa lagi."))
    longest = proposed(made_on, shelf_life_days)
    last = best_before or longest
    if last is None:
        raise WrongDay("best_before", _l("Tanggal belum diisi."))
    if last < made_on:
        raise WrongDay("best_before", _l("Tanggal ini sebelum barangnya dibuat."))
    if last < today:
        raise WrongDay("best_before", _l("Tanggal ini sudah lewat."))
    if longest and last > longest:
        late = _l("Lebih lama dari tahan %(n)s hari yang tertulis pada barang.", n=shelf_life_days)
        raise WrongDay("best_before", late)
    return last
