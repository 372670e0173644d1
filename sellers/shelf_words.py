"""Which shelf a product belongs on, guessed from its name. Pure rules; she may choose another.

Indonesian names say first what a thing is and then of what: *keripik pisang*, *kue kering mocaf*,
*tas rajut daun carica*. So the first word that any shelf knows decides.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "pangan-singkong": """
            singkong ubi ketela tiwul thiwul gaplek gatot gathot mocaf tapioka tape tapai
            getuk gethuk combro misro lemet
        """,
        "keripik": """
            keripik kripik kerupuk krupuk opak rengginang rempeyek peyek rambak emping kremes
            makaroni basreng usus
        """,
        "dodol": "dodol jenang wajik madumongso",
        "carica": "carica karika",
        "batik": "batik selendang kain sarung jarik syal pashmina udeng taplak",
        "minuman": """
            kopi teh wedang jahe purwaceng cokelat coklat bandrek bajigur sirup sari jus minuman
        """,
        "kue-kering": """
            kue kukis cookies stik biskuit nastar kastengel semprong egg roll lidah sagu bagelen
            roti bolu brownies
        """,
        "kacang": "kacang koro kedelai almond mete mede marning jagung",
        "gula": "gula aren nira madu",
        "kerajinan": """
            tas dompet gantungan rajut rajutan anyaman anyam boneka bros keset topi kalung gelang
            hiasan vas bantal sepatu sandal lilin sabun tempat kotak keranjang
        """,
    }
)
"""What each shelf's goods are called, by the shelf's slug."""

_GENERIC = frozenset({"dan", "olahan", "aneka", "lain", "lainnya", "kering", "basah"})
_WORD_MIN = 3


def vocabulary(shelves: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every known word with the slug of its shelf; `shelves` are pairs of slug and name.

    A shelf that an operator added is known by the words of its own name.
    """
    found: dict[str, str] = {}
    for slug, name in shelves:
        own = WORDS[slug].split() if slug in WORDS else _own_words(name)
        for word in own:
            found.setdefault(word, slug)
    return found


def _own_words(name: str) -> list[str]:
    return [w for w in split(name) if len(w) >= _WORD_MIN and w not in _GENERIC]


def split(name: str) -> list[str]:
    """The words of a name in small letters without accents; figures are none."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.findall(r"[a-z]+", "".join(c for c in plain if not unicodedata.combining(c)))


def suggest(name: str, known: Mapping[str, str]) -> str | None:
    """The slug of the shelf that the first known word speaks of, or None."""
    return next((known[word] for word in split(name) if word in known), None)
