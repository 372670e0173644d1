"""Labels for the shelf: read back from every paper by a program that knows nothing of us."""

import io
import shutil
import subprocess
from datetime import date

import pytest
from pypdf import PdfReader

from cooperatives.lot_codes import code_of, lot_of
from cooperatives.receiving.shelf_labels import ShelfLabel, drawn

NUR = ShelfLabel(
    code_of(7), "Keripik Pisang <250 g>", "Keripik Bu Nur", "B 7", date(2027, 3, 24), 3
)
TRI = ShelfLabel(code_of(912_345), "Carica", "Carica Bu Tri", "", None, 2)


def pages(labels, paper):
    return PdfReader(io.BytesIO(drawn(labels, paper, "Label"))).pages


@pytest.mark.parametrize(("paper", "sheets"), [("a4", 1), ("80", 5), ("58", 5)])
def test_there_is_one_label_for_each_pack(paper, sheets):
    assert len(pages([NUR, TRI], paper)) == sheets


@pytest.mark.parametrize("paper", ["a4", "80", "58"])
def test_a_label_says_what_whose_and_until_when(paper):
    text = " ".join(pages([NUR], paper)[0].extract_text().split())
    for part in (
        "Keripik Pisang <250 g>",
        "Keripik Bu Nur",
        "24 Maret 2027",
        "Batch B 7",
        NUR.code,
    ):
        assert part in text.replace("\u00a0", " "), part


@pytest.mark.skipif(not shutil.which("zbarimg"), reason="zbarimg reads the codes")
@pytest.mark.parametrize("paper", ["a4", "80", "58"])
@pytest.mark.parametrize("kind", ["QR-Code", "CODE-128"])
def test_a_scanner_reads_the_lot(tmp_path, paper, kind):
    file = tmp_path / "label.pdf"
    file.write_bytes(drawn([NUR, TRI], paper, "Label"))
    subprocess.run(["pdftoppm", "-r", "203", "-png", file, tmp_path / "page"], check=True)
    pictures = sorted(tmp_path.glob("page*.png"))
    read = subprocess.run(
        ["zbarimg", "-q", *pictures], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found = {lot_of(line.partition(":")[2]) for line in read if line.startswith(kind)}
    assert found == {7, 912_345}


def test_the_same_labels_give_the_same_bytes():
    assert drawn([NUR, TRI], "58", "Label") == drawn([NUR, TRI], "58", "Label")
