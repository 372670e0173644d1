"""Words that may not stand on goods: claims of healing or purity, and refusing returns.

Pure rules. Home-made food may carry no claims (PerBPOM 4/2024), and a clause that refuses to take
goods back is void (UU 8/1999, art. 18). Every finding comes with a kinder way to say it.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

TYPED_MAX = 20_000  # Longer than every box; what lies behind it was never typed by a person.

_SENTENCES: dict[str, Any] = {
    "health": _l("Kalimat “%(words)s” tidak boleh ditulis pada makanan. Coba: “%(kinder)s”."),
    "purity": _l("Kalimat “%(words)s” tidak boleh ditulis pada makanan. Coba: “%(kinder)s”."),
    "clause": _l("Kalimat “%(words)s” tidak boleh ditulis. Coba: “%(kinder)s”."),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """Forbidden words as they were found, without marks and capitals, and what to write instead."""

    kind: str
    words: str
    kinder: Any

    @property
    def sentence(self) -> str:
        """What may not be written, and what to try."""
        return str(_SENTENCES[self.kind]) % {"words": self.words, "kinder": self.kinder}


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    pattern: re.Pattern[str]
    kinder: Any


def _rule(kind: str, kinder: Any, *patterns: str) -> _Rule:
    return _Rule(kind, re.compile(rf"\b(?:{'|'.join(patterns)})\b"), kinder)


# Patterns meet plain words: small letters, no marks, one space between words.
_ADDED = "pengawet|pewarna|pemanis|penyedap|msg|kimia"
_RULES = (
    _rule(
        "health",
        _l("rasa gurih, cocok untuk sarapan"),
        r"(?:di|ter|ke|pe)?sembuh(?:kan|an)?|(?:meny|peny)embuh(?:kan|an)?",
        r"(?<!bukan )(?:meng|di|peng|ter)?obat(?:i|an)?(?: tradisional| herbal| kuat)?",
        r"diabetes|kencing manis|gula darah|kolesterol|kanker|tumor|asam urat|hipertensi",
        r"darah (?:tinggi|rendah)|tekanan darah|stroke|maag|asam lambung|rematik|asma",
        r"(?:sakit|serangan|penyakit) jantung|jantung koroner|(?:batu|sakit|gagal) ginjal",
        r"penyakit(?: \w+)?|wasir|ambeien|insomnia|covid|corona|hiv|tbc|terapi|jerawat",
        r"(?:ber)?khasiat|mujarab|manjur|ampuh|menyehatkan",
        r"cures?|heals?|healing|medicines?|medicinal|remed(?:y|ies)|diabetic|cancer|cholesterol",
        r"hypertension|blood (?:pressure|sugar)|diseases?",
    ),
    _rule(
        "health",
        _l("hangat diminum sore hari"),
        r"imun|imunitas|kekebalan(?: tubuh)?|daya tahan tubuh|stamina pria|vitalitas|kejantanan",
        r"anti ?(?:virus|bakteri|radang|oksidan|kanker)|detoks(?:ifikasi)?",
        r"immun(?:e|ity)|detox|antioxidants?|antiviral|antibacterial",
    ),
    _rule(
        "health",
        _l("camilan ringan untuk menemani teh"),
        r"(?:pe|me)langsing(?:kan)?|(?:menurunkan|turun|turunkan) berat badan|pembakar lemak",
        r"menurunkan (?:tensi|lemak|gula)|weight loss|slimming|fat burn(?:er|ing)",
    ),
    _rule(
        "purity",
        _l("bahannya hanya singkong dan garam"),
        rf"(?:tanpa|bebas|non|nol)(?: bahan| zat)?(?: tambahan)? (?:{_ADDED})",
        rf"tidak (?:memakai|pakai|mengandung|menggunakan)(?: bahan| zat)? (?:{_ADDED})",
        r"100 (?:alami|aman|sehat|natural|safe)|(?:paling|dijamin|pasti) (?:aman|sehat)",
        r"(?:no|without|free of)(?: added)? (?:preservatives?|chemicals?|msg)",
        r"(?:preservative|chemical|msg) free",
    ),
    _rule(
        "clause",
        _l("barang rusak? kirim fotonya dalam 2 hari, kami ganti"),
        r"(?:tidak|tak|tdk|nggak|ngga|gak|ga) (?:dapat|bisa|boleh|menerima|terima|melayani)"
        r"(?: \w+){0,2}? (?:di)?(?:kembali(?:kan)?|tukar|retur|refund|komplain)",
        r"(?:tidak|tak) (?:menerima|terima|melayani) (?:pengembalian|penukaran)",
        r"(?:tidak|tanpa|no) (?:refunds?|returns?|retur|garansi uang kembali)|non refundable",
    ),
)


def as_data() -> list[dict[str, str]]:
    """The same rules for a phone without signal: pattern, kind, and the sentence with its blank."""
    return [
        {
            "kind": rule.kind,
            "pattern": rule.pattern.pattern,
            "sentence": Claim(rule.kind, "{words}", rule.kinder).sentence,
        }
        for rule in _RULES
    ]


# Figures in place of letters, as in 0bat; only where letters prevail, so that weights stay weights.
_FIGURES = str.maketrans("013457", "oieast")


def scan(text: str, *, is_food: bool = True) -> list[Claim]:
    """Every forbidden phrase in a text, each once, in order; goods one cannot eat may say more."""
    plain = _plain(text[:TYPED_MAX])
    found: dict[str, tuple[int, Claim]] = {}
    for rule in _RULES:
        if rule.kind != "clause" and not is_food:
            continue
        for match in rule.pattern.finditer(plain):
            found.setdefault(match[0], (match.start(), Claim(rule.kind, match[0], rule.kinder)))
    return [claim for _, claim in sorted(found.values(), key=lambda one: one[0])]


def _plain(text: str) -> str:
    """Small letters and figures with one space between words; nothing hides between letters."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    seen = "".join(c for c in letters if unicodedata.category(c) not in ("Cf", "Mn"))
    return " ".join(_spelled(word) for word in re.findall(r"[^\W_]+", seen))


def _spelled(word: str) -> str:
    figures = sum(c.isdigit() for c in word)
    return word.translate(_FIGURES) if 0 < figures < len(word) - figures else word
