"""The operator keeps the kinds of goods and hides what must not be shown."""

import pytest

from core import orgs
from core.db import db
from core.errors import NotFound
from core.rights import OPERATE
from core.tasks import Task
from sellers import shelves
from sellers.models import Category, Listing
from tests.factories import an_actor, give, sign_in, token_in
from tests.sellers.factories import a_category, a_draft, a_shop

pytestmark = pytest.mark.service

PHONE = "+6281111111111"


@pytest.fixture
def operator(app):
    actor = an_actor("Kelola", phone=PHONE)
    give(actor, OPERATE, orgs.operator(db.session()).id)
    return actor


@pytest.fixture
def desk(client, operator):
    sign_in(client, phone=PHONE)
    return client


def send(client, path, **fields):
    return client.post(path, data={"csrf_token": token_in(client.get(path)), **fields})


def a_live_listing(name="Keripik Pisang"):
    shop, _maker = a_shop()
    listing = a_draft(shop, name)
    listing.state = "live"
    db.session.commit()
    return listing


def test_a_kind_of_goods_is_added_with_an_address_of_its_own(desk):
    answer = send(desk, "/kelola/kategori/baru", name="Olahan Susu", is_food="y", position="3")
    assert answer.status_code == 303
    made = db.session.query(Category).filter_by(slug="olahan-susu").one()
    assert (made.is_food, made.is_herbal, made.position) == (True, False, 3)


def test_a_renamed_kind_keeps_its_address(desk):
    shelf = a_category("kopi-teh")
    send(desk, f"/kelola/kategori/{shelf.id}", name="Kopi", position="0", closed_reason="Ditutup")
    db.session.expire_all()
    assert (shelf.slug, shelf.name, shelf.closed_reason) == ("kopi-teh", "Kopi", "Ditutup")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "Isian ini belum diisi"), ("Kelola", "sudah dipakai Lumbung"), ("x" * 81, "panjang")],
)
def test_an_odd_name_gets_a_sentence_and_stays_in_its_box(desk, name, sentence):
    answer = send(desk, "/kelola/kategori/baru", name=name, position="0")
    assert answer.status_code == 200
    assert sentence in answer.text
    assert f'value="{name}"' in answer.text


def test_a_hidden_product_tells_its_seller_why_and_comes_back(desk):
    listing = a_live_listing()
    answer = send(desk, f"/kelola/barang/{listing.id}/sembunyikan", reason="Klaim khasiat")
    assert answer.status_code == 303
    db.session.expire_all()
    assert listing.hidden_reason == "Klaim khasiat"
    assert db.session.query(Task).filter_by(kind="listing_hidden", closed_at=None).count() == 1
    page = desk.get("/kelola/barang?tersembunyi=1")
    assert "Klaim khasiat" in page.text
    desk.post(f"/kelola/barang/{listing.id}/tampilkan", data={"csrf_token": token_in(page)})
    db.session.expire_all()
    assert listing.hidden_reason == ""
    assert db.session.query(Task).filter_by(kind="listing_hidden", closed_at=None).count() == 0


def test_hiding_needs_a_reason(desk):
    listing = a_live_listing()
    answer = send(desk, f"/kelola/barang/{listing.id}/sembunyikan", reason=" ")
    assert "Isian ini belum diisi" in answer.text
    assert db.session.get(Listing, listing.id).hidden_reason == ""


def test_goods_are_found_by_product_and_shop(desk):
    a_live_listing("Keripik Pisang")
    assert "Keripik Pisang" in desk.get("/kelola/barang?q=pisang").text
    assert "Keripik Pisang" in desk.get("/kelola/barang?q=bu+nur").text
    assert "Tidak ada yang cocok" in desk.get("/kelola/barang?q=tiwul").text


def test_nobody_else_touches_them(app):
    stranger, shelf = an_actor("Orang", phone="+6281122"), a_category()
    for forbidden in (
        lambda: shelves.add(actor=stranger, shelf={"name": "Lain"}),
        lambda: shelves.edit(actor=stranger, category_id=shelf.id, shelf={"name": "Lain"}),
        lambda: shelves.get_shelf(db.session(), stranger, shelf.id),
        lambda: shelves.find_listings(db.session(), stranger),
    ):
        with pytest.raises(NotFound):
            forbidden()
