"""The short name of a lot, for its label, its QR code and whoever types it: `L114RS`.

`L`, then the number in 31 signs that no eye mixes up (no 0, I, L, O, U), then a check sign. With
weights of a prime's remainders, one misread sign or two that changed places never name another lot.
"""

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
BEGINS = "L"
WIDTH, WIDTH_MAX = 4, 12
NUMBER_MAX = len(ALPHABET) ** WIDTH_MAX - 1
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def code_of(lot_id: int) -> str:
    """What the label of a lot says."""
    assert 0 < lot_id <= NUMBER_MAX, "a lot has a number"
    signs, rest = "", lot_id
    while rest or len(signs) < WIDTH:
        rest, value = divmod(rest, len(ALPHABET))
        signs = ALPHABET[value] + signs
    return f"{BEGINS}{signs}{_check(signs)}"


def lot_of(code: str) -> int | None:
    """The lot that a scanned or typed code names; None for anything else, a misread one too."""
    said = "".join(code.upper().replace("-", " ").split())
    signs, check = said[1:-1], said[-1:]
    if not said.startswith(BEGINS) or not WIDTH <= len(signs) <= WIDTH_MAX:
        return None
    if not set(signs) <= _VALUES.keys() or check != _check(signs):
        return None
    number = 0
    for sign in signs:
        number = number * len(ALPHABET) + _VALUES[sign]
    return number if number and code_of(number) == said else None


def _check(signs: str) -> str:
    """Weights 2, 3, 4 … from the right: all different and none zero modulo 31."""
    total = sum((place + 2) * _VALUES[sign] for place, sign in enumerate(reversed(signs)))
    return ALPHABET[-total % len(ALPHABET)]
