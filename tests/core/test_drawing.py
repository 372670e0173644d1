"""Pages drawn once for many readers: never stale, and nothing of one reader reaches another."""

import contextvars

import pytest
from flask import flash, g

from core import drawing
from core.db import db
from core.drawing import draw, lately
from core.i18n import COOKIE
from tests.factories import a_person, sign_in, token_in
from tests.shop.showing import a_showcase, tell

pytestmark = pytest.mark.service

PRODUCT = "/p/tiwul-instan"


@pytest.fixture
def kept(app):
    """A fresh store of pages that looks again after a second; tests may set `seconds`."""
    usual = app.extensions["drawing"]
    fresh = drawing._Drawing(1.0)
    fresh.differ_by = list(usual.differ_by)
    app.extensions["drawing"] = fresh
    yield fresh
    app.extensions["drawing"] = usual


class Drawn:
    """A context that counts how often a page was really drawn."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return {"status": 404, "sentence": f"Kalimat {self.times}", "request_id": ""}


def asked(app, *key, path="/", drawn, cookie="id"):
    """The page under this key, in a request of its own."""
    return visit(app, lambda: draw("error.html", *key, context=drawn), path, cookie)


def visit(app, work, path="/", cookie="id"):
    """What `work` answers in a request that shares nothing with the test around it."""

    def run():
        with app.test_request_context(path, headers={"Cookie": f"{COOKIE}={cookie}"}):
            return work()

    return contextvars.Context().run(run)


def test_a_page_that_shows_the_same_is_drawn_once(app, kept):
    drawn = Drawn()
    assert asked(app, 1, drawn=drawn) == asked(app, 1, drawn=drawn)
    assert drawn.times == 1


def test_another_key_address_language_or_basket_is_another_page(app, kept):
    drawn, basket = Drawn(), [0]
    kept.differ_by.append(lambda: basket[0])
    asked(app, 1, drawn=drawn)
    asked(app, 2, drawn=drawn)
    asked(app, 1, path="/lain", drawn=drawn)
    english = asked(app, 1, cookie="en", drawn=drawn)
    assert '<html lang="en">' in english
    basket[0] = 3
    asked(app, 1, drawn=drawn)
    assert drawn.times == 5


def test_what_was_asked_for_longest_ago_goes_first(app, kept, monkeypatch):
    monkeypatch.setattr(drawing, "KEPT_MAX", 2)
    drawn = Drawn()
    for key in (1, 2, 1, 3, 1):
        asked(app, key, drawn=drawn)
    assert drawn.times == 3
    asked(app, 2, drawn=drawn)
    assert drawn.times == 4


def test_who_is_being_told_something_gets_a_page_of_her_own(app, kept):
    drawn = Drawn()
    with app.test_request_context("/"):
        flash("Pesan untuk Ibu saja", "good")
        assert "Pesan untuk Ibu saja" in draw("error.html", 1, context=drawn)
    assert "Pesan untuk Ibu saja" not in asked(app, 1, drawn=drawn)
    assert drawn.times == 2


def test_a_page_with_a_readers_token_in_it_is_not_kept(app, kept):
    with app.test_request_context("/"):
        g.csrf_token = "token-of-one"
        context = {"status": 404, "sentence": "token-of-one", "request_id": ""}
        with pytest.raises(AssertionError, match="one reader's token"):
            draw("error.html", 1, context=lambda: context)


def test_each_reader_gets_a_token_of_her_own_that_works(app, kept):
    made = a_showcase()
    one, two = app.test_client(), app.test_client()
    tokens = [token_in(reader.get(PRODUCT)) for reader in (one, two)]
    assert len(kept.pages._kept) == 1
    assert tokens[0] != tokens[1]
    assert drawing._BLANK not in one.get(PRODUCT).text
    for reader, token in zip((one, two), tokens, strict=True):
        fields = {"csrf_token": token, "variant": str(made.small.id), "quantity": "1"}
        assert reader.post("/keranjang/tambah", data=fields).status_code == 303


def test_a_signed_in_reader_is_named_on_her_page_only(app, kept):
    a_showcase()
    a_person("Wagiyem")
    her, guest = app.test_client(), app.test_client()
    guest.get(PRODUCT)
    sign_in(her)
    assert "Bu Wagiyem" in her.get(PRODUCT).text
    assert "Bu Wagiyem" not in guest.get(PRODUCT).text


def test_a_basket_is_counted_on_the_page_of_its_owner_only(app, kept):
    made = a_showcase()
    buyer, other = app.test_client(), app.test_client()
    token = token_in(buyer.get(PRODUCT))
    fields = {"csrf_token": token, "variant": str(made.small.id), "quantity": "2"}
    buyer.post("/keranjang/tambah", data=fields)
    assert '<b class="drop">2' in buyer.get("/kategori").text
    assert '<b class="drop">' not in other.get("/kategori").text


def test_guests_may_see_what_was_true_a_moment_ago_and_no_longer(app, kept, monkeypatch):
    moments = iter([10.0, 10.9, 11.1, 11.2])
    monkeypatch.setattr(drawing.time, "monotonic", lambda: next(moments))
    answers = iter(["lama", "baru"])
    with app.test_request_context("/"):
        seen = [lately(lambda: next(answers), "key") for _ in range(3)]
    assert seen == ["lama", "lama", "baru"]


def test_what_is_read_is_kept_by_key_and_language(app, kept):
    def read(answer, key):
        return lambda: lately(lambda: answer, key)

    assert visit(app, read("satu", "key")) == "satu"
    assert visit(app, read("dua", "key")) == "satu"
    assert visit(app, read("three", "key"), cookie="en") == "three"
    assert visit(app, read("empat", "other")) == "empat"


def test_zero_seconds_ask_each_time(app, kept):
    kept.seconds = 0
    with app.test_request_context("/"):
        assert [lately(lambda n=n: n, "key") for n in (1, 2)] == [1, 2]


def test_a_seller_sees_her_change_at_once(app, kept):
    made = a_showcase()
    a_person("Wagiyem")
    guest, her = app.test_client(), app.test_client()
    sign_in(her)
    assert "18.000" in guest.get(PRODUCT).text
    tell(made.small, price=19_500)
    db.session.commit()
    assert "19.500" in her.get(PRODUCT).text
    assert "18.000" in guest.get(PRODUCT).text
    kept.seconds = 0
    assert "19.500" in guest.get(PRODUCT).text
