"""The operator's pages on a phone: people and rights, goods, organisations, couriers, rules."""

import pytest

from core import orgs
from core.actors import SYSTEM
from core.db import db
from core.rights import OPERATE
from orders import rates
from tests.cooperatives.factories import a_cooperative, a_place
from tests.factories import a_person, an_actor, give
from tests.sellers.factories import a_category

pytestmark = [pytest.mark.browser, pytest.mark.service]


def test_an_operator_gives_a_right_and_reads_the_rules(phone):
    rates.load_sample_rates(actor=SYSTEM)
    give(an_actor("Sekar", phone="+6281111111111"), OPERATE, orgs.operator(db.session()).id)
    a_place("kiosk", a_cooperative("sendang"), slug="kios-terminal")
    keeper = a_person("Harti", phone="+6281222222222")
    a_category("keripik")
    phone.sign_in("0811-1111-1111")
    phone.go(f"/kelola/orang/{keeper.id}")
    phone.page.get_by_role("link", name="Penjaga kios").click()
    phone.page.get_by_text("Kios-Terminal").click()
    phone.page.get_by_label("Dasar pemberian hak").fill("Rapat 3 Mei 2026")
    phone.keep("operator-give")
    phone.must_be_usable()
    phone.page.get_by_role("button", name="Beri hak").click()
    phone.page.get_by_text("Hak sudah diberikan.").wait_for()
    phone.keep("operator-person")
    phone.must_be_usable()
    for name, path in {
        "home": "/kelola",
        "people": "/kelola/orang",
        "shelves": "/kelola/kategori",
        "goods": "/kelola/barang",
        "organisations": "/kelola/organisasi",
        "couriers": "/kelola/ongkir",
        "courier": "/kelola/ongkir/kurir/jne-reg",
        "rate": "/kelola/ongkir/kurir/jne-reg/tarif",
        "zones": "/kelola/ongkir/zona",
        "rules": "/kelola/aturan",
        "queue": "/kelola/antrian",
        "trail": "/kelola/jejak",
    }.items():
        phone.go(path)
        phone.keep(f"operator-{name}")
        phone.must_be_usable()


def test_an_operator_writes_terms(desk):
    give(an_actor("Sekar", phone="+6281111111111"), OPERATE, orgs.operator(db.session()).id)
    home = a_cooperative("sendang")
    desk.sign_in("0811-1111-1111")
    desk.go(f"/kelola/organisasi/{home.id}")
    desk.keep("operator-organisation")
    desk.must_be_usable()
    desk.page.get_by_role("link", name="Tulis aturan baru").click()
    desk.page.get_by_label("Keterangan untuk anggota").fill("Keputusan rapat")
    desk.keep("operator-terms")
    desk.must_be_usable()
    desk.page.get_by_role("button", name="Simpan aturan baru").click()
    desk.page.get_by_text("Versi 2").wait_for()
