"""She prints her receipt: on her phone, on A4, and on the till paper of the kiosk."""

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from orders import transfers
from tests.orders.factories import a_market, attempt_of, order, run_jobs

pytestmark = pytest.mark.browser
PAPERS = {"58 mm": "58mm", "80 mm": "80mm", "A4": "210mm"}


def test_the_receipt_fits_the_screen_and_every_paper(committed, phone, tmp_path):
    market = a_market()
    placed = order((market.tiwul, 2), (market.batik, 1))
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    page = phone.go(f"/pesanan/{placed.code}").page
    phone.must_be_usable()
    page.get_by_role("link", name="Struk belanja").click()
    expect(page.get_by_text("Struk Jujur")).to_be_visible()
    phone.must_be_usable()
    phone.keep("receipt")
    for name, width in PAPERS.items():
        pdf = page.pdf(width=width, height="297mm", path=tmp_path / f"{name}.pdf")
        pages = PdfReader(io.BytesIO(pdf)).pages
        assert len(pages) == 1, name
        said = "".join(sheet.extract_text() for sheet in pages)
        assert placed.number in said
        assert "Simpan sebagai PDF" not in said
