"""The matrix, in full: every address × every role, and every thing × own, same and other house."""

import re
import uuid

import pytest
from flask import url_for

from core import signin
from core.access import MACHINE
from core.db import db
from core.visitor import SESSION_KEY
from core.web import gate_of
from tests.conftest import undone
from tests.factories import token_in
from tests.house import matrix

pytestmark = pytest.mark.service
COOKIE = "lumbung"
ADD_A_PAGE = "{} stands in no row: add it to GATES in tests/house/matrix.py, under who may open it"
ADD_A_ROW = "{} names a thing: say in OWNED in tests/house/matrix.py whose (own, same, other)"


def addresses(house):
    """Every address of a page; machines ask with a signature instead of a role."""
    for rule in house.url_map.iter_rules():
        if gate_of(house, rule.endpoint) is not MACHINE and rule.endpoint != "static":
            yield rule


def named_things(house):
    open_to_all = matrix.OPEN_BY_NAME | matrix.OPERATORS_OWN_ALL
    return [
        rule for rule in addresses(house) if rule.arguments and rule.endpoint not in open_to_all
    ]


@pytest.fixture
def app(full_house):
    with undone(full_house.app):
        yield full_house.app


@pytest.fixture
def world(full_house):
    return full_house.there


class Visitor:
    """A browser in which somebody is signed in; every request starts from the same world."""

    def __init__(self, app, actor):
        self.browser = app.test_client()
        if actor:
            token = signin.open_sign_in(actor=actor, device="x")
            with self.browser.session_transaction() as cookie:
                cookie[SESSION_KEY] = token
        self.token = token_in(self.browser.get("/akun" if actor else "/masuk"))
        self.cookie = self.browser.get_cookie(COOKIE).value

    def ask(self, method, url):
        """The answer to one request, which is undone afterwards; signing out is undone too."""
        db.session.rollback()
        undo = db.session().bind.begin_nested()
        self.browser.set_cookie(COOKIE, self.cookie)
        try:
            data = {"csrf_token": self.token} if method == "POST" else None
            return self.browser.open(url, method=method, data=data)
        finally:
            db.session.rollback()
            undo.rollback()
            db.session.expire_all()


def expected(role, endpoint):
    """200, a redirect to the sign-in, or no."""
    gate = matrix.PAGES[endpoint]
    if gate == "public":
        return 200
    if role == "guest":
        return 303
    return 200 if gate == "signed_in" or role in gate.split() else 403


def test_every_page_stands_in_the_matrix(house):
    for rule in addresses(house):
        assert rule.endpoint in matrix.PAGES, ADD_A_PAGE.format(rule.endpoint)


def test_every_address_of_a_thing_says_whose_it_is(house):
    for rule in named_things(house):
        assert rule.endpoint in matrix.OWNED, ADD_A_ROW.format(rule.endpoint)


def test_the_matrix_names_only_pages_that_are_there(house):
    there = {rule.endpoint for rule in addresses(house)}
    assert set(matrix.PAGES) - there == set()
    assert (set(matrix.OWNED) | matrix.LEADS_ON) - set(matrix.PAGES) == set()


def test_every_page_is_in_one_row():
    listed = [page for pages in matrix.GATES.values() for page in pages.split()]
    assert len(listed) == len(set(listed))


@pytest.mark.timeout(600)  # Some thousand requests, one after the other.
def test_every_page_answers_each_role_as_its_gate_says(app, world):
    wrong = []
    for role in matrix.ROLES:
        visitor = Visitor(app, world.roles.get(role))
        for rule in addresses(app):
            for method in sorted(rule.methods & {"GET", "POST"}):
                answer = visitor.ask(method, of_nothing(rule))
                if rule.endpoint in matrix.PAGES and not fits(answer, role, rule, method):
                    wrong.append((role, method, rule.rule, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def of_nothing(rule):
    """The address with blanks that name nothing: the gate stands before the view all the same."""
    nobody = str(uuid.UUID(int=0))
    return re.sub(
        r"<(?:any\((\w+)[^>]*|[^>]*)>",
        lambda blank: blank[1] or (nobody if blank[0].startswith("<uuid") else "0"),
        rule.rule,
    )


def fits(answer, role, rule, method):
    """Whether an answer is what the gate owes. Only a page without blanks must answer 200."""
    due = expected(role, rule.endpoint)
    turned_away = answer.status_code == 303 and answer.location.partition("?")[0] == "/masuk"
    if due == 303:
        return turned_away
    if due == 403:
        return answer.status_code == 403
    if rule.arguments or method == "POST":
        is_public = matrix.PAGES[rule.endpoint] == "public"  # It may lead to the sign-in itself.
        is_let_in = is_public or not turned_away
        return answer.status_code != 403 and answer.status_code < 500 and is_let_in
    return answer.status_code == (303 if rule.endpoint in matrix.LEADS_ON else 200)


@pytest.mark.timeout(600)
def test_everybody_reaches_her_own_things_and_nobody_elses(app, world):
    wrong = []
    visitors = {who: Visitor(app, actor) for who, actor in world.roles.items()}
    for rule in named_things(app):
        for row in matrix.OWNED.get(rule.endpoint, ()):  # The test above misses those without.
            for thing, due in zip(world.things[row.things], row.get, strict=True):
                with app.test_request_context():
                    url = url_for(rule.endpoint, **{name: thing[name] for name in rule.arguments})
                for method in sorted(rule.methods & {"GET", "POST"}):
                    status = visitors[row.who].ask(method, url).status_code
                    if not is_due(row, method, status, due):
                        wrong.append((row.who, method, url, rule.endpoint, status, due))
    assert not wrong, "\n".join(map(str, wrong))


def is_due(row, method, status, due):
    """Whether this is what she is owed; an empty form may be done or asked again."""
    if method == "GET" or due != 200:
        return status == due
    return status == row.empty_post or (status not in (403, 404) and status < 500)
