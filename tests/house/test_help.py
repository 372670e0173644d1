"""Helping hands, in full: every page of a seller × every part of her right × whether it is in
force, for her own things and for those of others."""

from datetime import timedelta

import pytest
from flask import url_for

from cooperatives import help_desk
from core import access, clock, signin
from core.actors import SYSTEM, Actor
from core.db import db
from core.visitor import HELPING_KEY, SESSION_KEY
from core.web import gate_of
from sellers.helping.models import Mandate
from sellers.models import Seller
from sellers.rights import PARTS, SELL
from tests.conftest import undone
from tests.cooperatives.help_factories import a_mandate
from tests.factories import token_in
from tests.house import help as decided
from tests.house import three
from tests.house.test_matrix import COOKIE, Visitor, of_nothing

pytestmark = pytest.mark.service
DECIDE = "{} is not decided: say in DECIDED in tests/house/help.py which part opens it, or closed"
NAMES = {part.name.removeprefix("sell."): part for part in PARTS}


def pages(house):
    """Every address of a seller's own pages, once."""
    for rule in house.url_map.iter_rules():
        if rule.rule == "/ibu" or rule.rule.startswith("/ibu/"):
            yield rule


def test_every_page_of_a_seller_is_decided(house):
    for rule in pages(house):
        assert rule.endpoint in decided.PAGES, DECIDE.format(rule.endpoint)
    assert set(decided.PAGES) - {rule.endpoint for rule in pages(house)} == set()


def test_every_gate_is_what_was_decided(house):
    for rule in pages(house):
        gate = gate_of(house, rule.endpoint)
        if decided.PAGES.get(rule.endpoint) == "herself":
            assert gate is access.SIGNED_IN
            continue
        asked = {right.name for right in gate.rights}
        parts = {NAMES[part].name for part in decided.opened_by(rule.endpoint)}
        assert asked == (parts or {SELL.name}), rule.endpoint


def test_what_is_no_page_of_a_seller_asks_for_no_part_of_her_right(house):
    ours = {rule.endpoint for rule in pages(house)}
    for endpoint in house.view_functions:
        if endpoint not in ours:
            parts = [right for right in gate_of(house, endpoint).rights if right in PARTS]
            assert not parts, endpoint


class Helper(Visitor):
    """A browser in which somebody has begun to help the maker."""

    def __init__(self, app, actor):
        self.browser = app.test_client()
        token = signin.open_sign_in(actor=Actor(actor.person_id), device="x")
        with self.browser.session_transaction() as cookie:
            cookie[SESSION_KEY] = token
            cookie[HELPING_KEY] = actor.on_behalf_of
        self.token = token_in(self.browser.get("/akun"))
        self.cookie = self.browser.get_cookie(COOKIE).value


@pytest.fixture
def app(full_house):
    with undone(full_house.app):
        yield full_house.app


@pytest.fixture
def world(app, full_house):
    built = full_house.there
    ids = access.subjects(db.session(), built.roles["seller"], SELL)
    built.maker = db.session.get(Seller, min(ids))
    return built


def helper_of(seller, *parts):
    """Somebody who acts for a seller by a mandate for these parts."""
    helper_id = three.somebody().person_id
    return a_mandate(seller, helper_id, *(NAMES[part] for part in parts))[1]


def changed(helper, **columns):
    """Her mandate and its grants, as if it had been recorded so."""
    for found in (
        db.session.query(Mandate).filter_by(helper_id=helper.person_id),
        db.session.query(access.Grant).filter_by(person_id=helper.person_id),
    ):
        found.update(columns)
    db.session.commit()
    return helper


def ask_all(app, visitor, thing):
    """What each page of a seller answers for one of three things, by address and method."""
    for rule in pages(app):
        if decided.PAGES.get(rule.endpoint) == "herself":
            continue
        if decided.opened_by(rule.endpoint):
            with app.test_request_context():
                url = url_for(rule.endpoint, **{name: thing[name] for name in rule.arguments})
        else:
            url = of_nothing(rule)  # The gate stands before the view.
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield rule, method, url, visitor.ask(method, url)


def things_of(world, place):
    """A maker's things, a colleague's or a stranger's: what addresses of sellers can name."""
    kinds = ("kinds", "claims", "notes", "shops")
    return {name: value for kind in kinds for name, value in world.things[kind][place].items()}


@pytest.mark.timeout(900)  # Some hundred requests, one after the other.
def test_a_helper_opens_what_her_parts_open_and_nothing_else(app, world):
    wrong = []
    for held in [*(frozenset({part}) for part in NAMES), frozenset(NAMES)]:
        visitor = Helper(app, helper_of(world.maker, *held))
        for rule, method, url, answer in ask_all(app, visitor, things_of(world, 0)):
            is_open = bool(decided.opened_by(rule.endpoint) & held)
            passed = answer.status_code != 403 and answer.status_code < 500
            if method == "GET" and is_open:
                passed = answer.status_code in (200, 303) or rule.endpoint in decided.NOT_YET
            if passed is not is_open:
                wrong.append((sorted(held), method, url, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.timeout(600)
def test_nothing_of_other_makers_is_there_for_a_helper(app, world):
    visitor = Helper(app, helper_of(world.maker, *NAMES))
    for place in (1, 2):  # Of a colleague, and of a maker in another organisation.
        for rule, method, url, answer in ask_all(app, visitor, things_of(world, place)):
            if rule.arguments:
                due = 404 if decided.opened_by(rule.endpoint) else 403
                assert answer.status_code == due, (method, url)


ENDED = {
    "expired": lambda maker: changed(
        helper_of(maker, *NAMES), until=clock.now() - timedelta(seconds=1)
    ),
    "revoked": lambda maker: revoked(helper_of(maker, *NAMES)),
    "never given": lambda maker: Actor(three.somebody().person_id, maker.person_id),
    "of somebody else": lambda maker: Actor(
        helper_of(maker, *NAMES).person_id, three.somebody().person_id
    ),
}


def revoked(helper):
    mandate = db.session.query(Mandate).filter_by(helper_id=helper.person_id).one()
    help_desk.end(actor=Actor(mandate.owner_id), mandate_id=mandate.id, reason="Sudah cukup.")
    return helper


@pytest.mark.timeout(600)
def test_nothing_at_all_is_open_once_help_has_ended(app, world):
    for why, helper in ENDED.items():
        visitor = Helper(app, helper(world.maker))
        for _rule, method, url, answer in ask_all(app, visitor, things_of(world, 0)):
            assert answer.status_code == 403, (why, method, url)
            assert "sudah berakhir" in answer.text


def test_whose_help_has_ended_works_for_herself_from_the_next_page_on(app, world):
    visitor = Helper(app, ENDED["revoked"](world.maker))
    assert "Ibu membantu" not in visitor.browser.get("/").text
    assert visitor.browser.get("/ibu").status_code == 403
    with visitor.browser.session_transaction() as cookie:
        assert HELPING_KEY not in cookie


def test_a_form_opened_before_is_not_sent_in_another_part(app, world):
    """Else the rest meant for one shop would close another."""
    helper = helper_of(world.maker, *NAMES)
    access.give(
        actor=SYSTEM,
        person_id=helper.person_id,
        right=SELL,
        subject_id=three.a_seller().id,
    )
    browser = Helper(app, helper).browser
    token = token_in(browser.get("/ibu/libur"))
    browser.post("/titip-tangan/selesai", data={"csrf_token": token})
    answer = browser.post("/ibu/libur", data={"csrf_token": token})
    assert answer.status_code == 400
    assert not db.session.query(Seller).filter_by(resting=True).count()


def test_what_is_her_own_waits_until_she_has_finished_helping(app, world):
    """Her shop and her kiosk do not mix with the one she helps."""
    helper = helper_of(world.maker, "stock")
    own = three.a_shop_of(mine := three.a_seller(district_code=three.KERTEK))
    access.give(actor=SYSTEM, person_id=helper.person_id, right=SELL, subject_id=mine.id)
    visitor = Helper(app, helper)
    assert visitor.ask("GET", f"/ibu/produk/{own['listing_id']}").status_code == 404
    assert visitor.ask("GET", "/ibu/izin").status_code == 403
    visitor.browser.post("/titip-tangan/selesai", data={"csrf_token": visitor.token})
    assert visitor.browser.get(f"/ibu/produk/{own['listing_id']}").status_code == 200


def test_the_banner_stands_on_every_page_while_she_helps(app, world):
    visitor = Helper(app, helper_of(world.maker, *NAMES))
    for url in ("/", "/keranjang", "/akun", "/ibu", "/ibu/produk", "/ibu/izin", "/tidak-ada"):
        assert "Ibu membantu" in visitor.ask("GET", url).text, url
