"""Plain words: no sentence on a screen is long, and none speaks the jargon of our trade.

`make check` runs it over every Indonesian text there is, pages and messages alike: at most 15 words
a sentence, and words that are heard at the market (docs/looks.md).
"""

import re
import sys
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUE = Path("core/translations/en/LC_MESSAGES/messages.po")
WORDS_MAX = 15
INSTEAD = {
    "backup": "cadangan", "browser": "peramban", "cache": "simpanan", "cancel": "batal",
    "checkout": "pesan", "cookie": "kuki", "dashboard": "hari ini", "default": "biasanya",
    "download": "unduh", "error": "tulis apa yang terjadi", "feed": "daftar", "file": "berkas",
    "filter": "saring", "gateway": "pembayaran", "invoice": "nota", "link": "tautan",
    "listing": "barang", "login": "masuk", "logout": "keluar", "offline": "tanpa sinyal",
    "order": "pesanan", "otentikasi": "pastikan", "autentikasi": "pastikan",
    "password": "PIN", "payout": "pencairan", "rating": "pendapat", "refund": "uang kembali",
    "review": "pendapat", "scan": "pindai", "seller": "penjual", "server": "komputer Lumbung",
    "session": "masuk", "setting": "pengaturan", "settlement": "hitungan", "sinkronisasi": "kirim",
    "sku": "kode barang", "stock": "stok", "submit": "kirim", "sync": "kirim", "token": "kode",
    "tracking": "resi", "update": "perbarui", "upgrade": "perbarui", "upload": "kirim",
    "username": "nomor HP", "website": "halaman",
}  # fmt: skip
# Said to those who run the computers, not to mothers, keepers or buyers.
FOR_OPERATORS = {
    "Server PostgreSQL ini menyimpan catatannya sendiri. Tanyakan kepada yang merawatnya."
}
_END = re.compile(r"(?<=[.!?:;])\s+|\n+")
_BLANK = re.compile(r"%\(\w+\)[sd]|%[sd]")
_WORD = re.compile(r"[\w'’/-]*[^\W\d_][\w'’/-]*")


def complaints(text):
    """What is wrong with a text, in words for its writer."""
    for sentence in _END.split(_BLANK.sub("kata", text)):
        words = _WORD.findall(sentence)
        if len(words) > WORDS_MAX:
            yield f"{len(words)} words in: {sentence.strip()}"
        for word in words:
            if word.lower() in INSTEAD:
                yield f"{word} (say: {INSTEAD[word.lower()]}) in: {sentence.strip()}"


def main():
    with CATALOGUE.open("rb") as file:
        texts = {
            text
            for message in read_po(file, locale="en")
            for text in (message.id if isinstance(message.id, tuple) else (message.id,))
        }
    wrong = [line for text in sorted(texts - FOR_OPERATORS) for line in complaints(text)]
    print(*wrong, sep="\n")
    return 1 if wrong or len(texts) < 1000 else 0


if __name__ == "__main__":
    sys.exit(main())
