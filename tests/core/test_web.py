"""The edge: headers, errors in words, health, and figures for operators only."""

import io

import pytest

from core import orgs
from core.actors import Actor
from core.db import db
from core.rights import OPERATE
from core.web import safe_next
from tests.factories import a_person, give, sign_in, token_in

pytestmark = pytest.mark.service


def test_the_house_says_that_it_lives(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_pages_carry_the_hard_headers(client):
    answer = client.get("/masuk")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(answer.headers["X-Request-ID"]) == 32


def test_an_unknown_page_is_a_page(client):
    answer = client.get("/tidak-ada")
    assert answer.status_code == 404
    assert "<h1" in answer.text


def test_an_unknown_host_is_refused(client):
    assert client.get("/masuk", headers={"Host": "evil.example"}).status_code == 400


def test_too_large_a_body_is_refused(client):
    answer = client.post("/daftar", data=b"x" * (10 * 1024 * 1024))
    assert answer.status_code in (400, 413)


def test_figures_are_for_operators(client):
    person = a_person()
    assert client.get("/metrics").status_code == 303
    sign_in(client)
    assert client.get("/metrics").status_code == 403
    give(Actor(person.id), OPERATE, orgs.operator(db.session()).id)
    assert "lumbung_requests_total" in client.get("/metrics").text


def test_a_page_of_a_person_is_kept_by_nobody(client):
    a_person()
    sign_in(client)
    assert client.get("/akun").headers["Cache-Control"] == "private, no-store"


def test_static_files_may_be_kept_for_ever(app, client):
    url = app.jinja_env.globals["static_url"]("css/components.css")
    with client.get(url) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/static/0000/css/components.css").status_code == 404


def test_she_chooses_her_language_and_it_is_kept(client):
    page = client.get("/bahasa")
    client.post("/bahasa", data={"csrf_token": token_in(page), "bahasa": "en", "lanjut": "/masuk"})
    assert '<html lang="en"' in client.get("/masuk").text


@pytest.mark.parametrize("target", [None, "", "evil", "//evil", "/\\evil", "https://evil", "/a\nb"])
def test_only_paths_of_this_house_are_followed(target):
    assert safe_next(target) == "/"


@pytest.mark.parametrize("url", ["/masuk", "/daftar", "/pin-lupa", "/pin-baru"])
@pytest.mark.parametrize("body", [[1, 2], {"phone": ["x"]}, "text", 7])
def test_json_where_a_form_belongs_breaks_nothing(client, url, body):
    token = token_in(client.get(url))
    answer = client.post(url, json=body, headers={"X-CSRFToken": token})
    assert answer.status_code == 200


@pytest.mark.parametrize("url", ["/masuk", "/daftar", "/pin-lupa", "/pin-baru"])
def test_a_file_where_text_belongs_breaks_nothing(client, url):
    names = ("phone", "pin", "name", "call_me", "code", "who", "again")
    data = {field: (io.BytesIO(b"x"), "x.txt") for field in names}
    answer = client.post(url, data={"csrf_token": token_in(client.get(url)), **data})
    assert answer.status_code == 200


def test_the_style_page_shows_every_component(client):
    assert client.get("/gaya").status_code == 200
