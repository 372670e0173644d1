"""Which permit a food asks for. Pure rules, given as advice: a person of the health office decides.

P-IRT is for dry, home-made food that keeps more than seven days at room temperature (PerBPOM
4/2024); what is sterile, pasteurised, frozen, in syrup or of moist meat needs BPOM MD.
"""

import re
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from sellers.claims import TYPED_MAX

_DRY = re.compile(r"\b(?:keripik|kripik|kerupuk|krupuk|abon|dendeng|rambak|opak|stik|kering)\b")
_HIGH_RISK = re.compile(
    r"\b(?:dipasteurisasi|pasteurisasi|pasteuri[sz]ed|disterilkan|sterilisasi|sterili[sz]ed|uht"
    r"|(?:dalam|in) (?:sirup|sirop|syrup)|sirup|sirop|syrup|kaleng|canned"
    r"|beku|frozen|es krim|ice cream|yog(?:h)?urt|susu (?:segar|cair|murni|sapi|kambing)|keju segar"
    r"|daging|ayam|sapi|bebek|meat|chicken|beef|bakso|sosis|nugget|rendang|ikan|udang|fish|shrimp"
    r"|sari buah|jus|juice|minuman (?:botol|gelas|kemasan))\b"
)


@dataclass(frozen=True, slots=True)
class Advice:
    """What the goods seem to ask for: `md`, `fresh` (no P-IRT possible) or `pirt`."""

    kind: str
    sentence: Any


_MD = Advice("md", _l("Barang seperti ini biasanya perlu BPOM MD, bukan P-IRT."))
_FRESH = Advice("fresh", _l("P-IRT hanya untuk pangan yang tahan lebih dari 7 hari."))
_PIRT = Advice("pirt", _l("Pangan kering yang tahan lama cukup dengan P-IRT."))
PIRT_DAYS_MIN = 8


def advise(words: str, shelf_life_days: int | None) -> Advice:
    """The permit for a food of these words (name and description) that keeps so many days.

    Dry goods come first: mushroom chips with chicken taste are still chips.
    """
    plain = words[:TYPED_MAX].casefold()
    if _HIGH_RISK.search(plain) and not _DRY.search(plain):
        return _MD
    if shelf_life_days is not None and shelf_life_days < PIRT_DAYS_MIN:
        return _FRESH
    return _PIRT


def as_data() -> dict[str, str]:
    """The same rules for a phone without signal."""
    return {"dry": _DRY.pattern, "risky": _HIGH_RISK.pattern, "md": str(_MD.sentence)}
