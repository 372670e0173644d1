"""The check of plain words finds what is long or foreign, and leaves the rest alone."""

import pytest

from tests.house.plain import WORDS_MAX, complaints, main

LONG = " ".join(["kata"] * (WORDS_MAX + 1))


def test_what_the_house_says_is_plain():
    assert main() == 0


@pytest.mark.parametrize(
    "text",
    [LONG, f"Halo. {LONG}.", "%(name)s " + " ".join(["kata"] * WORDS_MAX), "Buka dashboard",
     "Pilih File", "Klik link ini"],
)  # fmt: skip
def test_long_and_foreign_sentences_are_found(text):
    assert len(list(complaints(text))) == 1


@pytest.mark.parametrize(
    "text",
    [LONG[:-5], f"{LONG[:-5]}. {LONG[:-5]}", "Harga Rp 25.000, stok 3 – 4 × 5 = 20",
     "Nomor pesanan, berkas, tautan", "Ibu Linkar"],
)  # fmt: skip
def test_plain_sentences_pass(text):
    assert list(complaints(text)) == []
