"""A shelf is counted on two phones at once, one without signal; its owner contests on her phone."""

import pytest
from playwright.sync_api import expect

from cooperatives.counts import contesting
from cooperatives.lot_codes import code_of
from cooperatives.models import StockCount, StockCountLine
from cooperatives.rights import KEEP
from core import workbooks
from core.actors import SYSTEM
from core.db import db
from sellers.rights import SELL
from tests.cooperatives.counts.factories import sold
from tests.cooperatives.factories import level
from tests.factories import an_actor, give
from tests.orders.till.factories import a_kiosk

pytestmark = pytest.mark.browser
SISTER = "+6281333333333"
HOURS = 120_000


@pytest.fixture
def shop(committed):
    shop = a_kiosk()
    first, second = an_actor(), an_actor("Wagiyem", phone=SISTER)
    for actor in (first, second):
        give(actor, KEEP, shop.kiosk.id)
    give(first, SELL, shop.tri.id)
    return shop


def write(page, lot, count):
    """Fill in the box of a lot and press its button."""
    form = page.locator(f"#lot-{lot.id}")
    form.get_by_role("textbox").fill(str(count))
    form.get_by_role("button", name="Simpan").click()
    return form


def line(page, lot):
    return page.locator(f"#baris-{lot.id}")


@pytest.mark.timeout(300)  # Two phones on a machine that has other things to do.
def test_two_phones_count_one_shelf_and_its_owner_contests(shop, phone, desk, tmp_path):
    nur, tri, dwi = shop.lots
    phone.sign_in()
    desk.sign_in(number="0813-3333-3333")
    one = phone.go("/kios-kerja/hitung").page
    phone.must_be_usable()
    one.get_by_role("button", name="Mulai hitung").click()
    expect(one.get_by_role("heading", name="Hitung: Seluruh rak")).to_be_visible()
    phone.must_be_usable()
    count_id = db.session.query(StockCount.id).scalar()
    other = desk.go(f"/kios-kerja/hitung/{count_id}").page
    one.context.set_offline(True)
    expect(write(one, nur, 8)).to_contain_text("menunggu sinyal")
    for lot, units in ((nur, 10), (tri, 8), (dwi, 9)):
        expect(write(other, lot, units)).to_contain_text("Terkirim", timeout=HOURS)
    for lot in (tri, dwi):  # The till goes on.
        sold(lot, shop.kiosk)
    one.context.set_offline(False)
    one.evaluate("dispatchEvent(new Event('online'))")
    expect(one.locator(f"#lot-{nur.id}")).to_contain_text("Terkirim", timeout=HOURS)
    phone.errors.clear()  # What could not be loaded without signal.
    phone.go(f"/kios-kerja/hitung/{count_id}/periksa")
    expect(line(one, nur)).to_contain_text("Dua angka berbeda")
    phone.keep("count-check")
    phone.must_be_usable()
    line(one, nur).get_by_label("Hitung ulang").check()
    line(one, tri).get_by_label("Terapkan selisihnya").check()
    line(one, tri).get_by_label("Alasan selisih").select_option("lost")
    line(one, dwi).get_by_label("Pakai angka saya apa adanya").check()
    one.get_by_role("button", name="Simpan pilihan saja").click()
    expect(line(one, nur)).to_contain_text("Belum dihitung")
    expect(line(one, dwi)).to_contain_text("Cocok")
    from_excel(phone, count_id, nur, tmp_path)
    phone.go(f"/kios-kerja/hitung/{count_id}/periksa")
    one.get_by_role("button", name="Selesaikan, betulkan stok").click()
    expect(one.get_by_text("Selesai. Stok sudah dibetulkan.")).to_be_visible()
    phone.must_be_usable()
    assert [level(lot, shop.kiosk)[0] for lot in shop.lots] == [10, 7, 9]
    contest_on_her_phone(phone, tri)


def from_excel(phone, count_id, lot, folder):
    """The shelf that has to be counted again comes from a sheet, looked at before it is used."""
    sheet = folder / "hitung.xlsx"
    sheet.write_bytes(workbooks.written(["Kode", "Ada"], [(code_of(lot.id), "10"), ("?", "2")]))
    page = phone.go(f"/kios-kerja/hitung/{count_id}").page
    page.get_by_text("Hitung lewat Excel").click()
    page.get_by_label("Lembar yang sudah diisi").set_input_files(sheet)
    page.get_by_role("button", name="Lihat dulu isinya").click()
    expect(page.get_by_text("Baris ini tidak dipakai:")).to_be_visible()
    phone.keep("count-preview")
    phone.must_be_usable()
    page.get_by_role("button", name="Pakai angka ini").click()
    expect(page.get_by_text("Tersimpan.")).to_be_visible()


def contest_on_her_phone(phone, lot):
    page = phone.go("/ibu/titip").page
    page.get_by_text("Tidak cocok?", exact=True).click()
    page.get_by_label("Apa yang tidak cocok?").fill("Saya lihat sepuluh di rak.")
    phone.keep("count-contest")
    phone.must_be_usable()
    page.get_by_role("button", name="Kirim ke koordinator").click()
    expect(page.get_by_text("Menunggu keputusan")).to_be_visible()
    db.session.rollback()
    count_id = db.session.query(StockCountLine.count_id).filter_by(lot_id=lot.id).scalar()
    contesting.decide(
        actor=SYSTEM, count_id=count_id, lot_id=lot.id, outcome="reversed", words="Betul."
    )
    phone.go("/ibu/titip")
    expect(page.get_by_text("Selisih dibatalkan: Betul.")).to_be_visible()
    phone.must_be_usable()
