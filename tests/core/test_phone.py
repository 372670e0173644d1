"""What makes the house an app: manifest, service worker, and who may keep which page."""

import re

import pytest

from sellers.rights import SELL
from tests.cooperatives.factories import a_seller
from tests.factories import a_person, an_actor, give, sign_in

pytestmark = pytest.mark.service


@pytest.fixture
def seller(app, client):
    actor = an_actor()
    give(actor, SELL, a_seller().id)
    sign_in(client)
    return actor


def test_the_app_opens_on_the_desk_of_whoever_installs_it(client, seller):
    told = client.get("/manifest.webmanifest")
    assert told.mimetype == "application/manifest+json"
    assert told.json["start_url"] == "/ibu"
    assert told.json["display"] == "standalone"
    for drawn in told.json["icons"]:
        with client.get(drawn["src"]) as picture:
            assert picture.content_type == "image/png"


def test_a_guest_gets_an_app_that_opens_the_shop(client, app):
    assert client.get("/manifest.webmanifest").json["start_url"] == "/"


def test_the_worker_names_only_files_that_are_there(client, app):
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    files = re.findall(r'"(/static/[^"]+)"', answer.text)
    assert len(files) >= 8
    for file in files:
        with client.get(file) as found:
            assert found.status_code == 200, file
    assert "&#" not in answer.text


def test_the_worker_is_not_sent_twice(client, app):
    etag = client.get("/sw.js").headers["ETag"]
    assert client.get("/sw.js", headers={"If-None-Match": etag}).status_code == 304


def test_only_marked_pages_may_be_kept_and_they_say_whose_they_are(client, seller):
    day = client.get("/ibu")
    assert day.headers["Lumbung-Person"] == str(seller.person_id)
    assert day.headers["Lumbung-Keep"] == "yes"
    for path in ("/akun", "/akun/data", "/ibu/izin", "/"):
        assert "Lumbung-Keep" not in client.get(path).headers, path


def test_a_guests_page_says_nothing_of_anybody(client, app):
    for path in ("/", "/masuk", "/tanpa-sinyal"):
        answer = client.get(path)
        assert not [name for name, _ in answer.headers if name.startswith("Lumbung-")], path
        assert "unsent.js" not in answer.text


def test_a_buyer_has_no_outbox(client, app):
    a_person()
    sign_in(client)
    assert "unsent.js" not in client.get("/akun").text


def test_money_and_proofs_are_never_kept(house):
    """What may be kept is a short list that somebody has looked at."""
    marked = {
        endpoint
        for endpoint, view in house.view_functions.items()
        if hasattr(view, "kept_on_phone")
    }
    assert marked == {
        "counts.show",
        "goods_in.index",
        "my_bringing.ask",
        "kiosk_desk.index",
        "kiosk_desk.show",
        "kiosk_desk.today",
        "shelf.index",
        "shipments.index",
        "shipments.show",
        "my_day.today",
        "my_listings.index",
        "my_listings.show",
        "my_parcels.index",
        "my_parcels.show",
        "my_stock.consigned",
        "new_goods.ask",
        "sending.index",
        "till.show",
    }
