"""Two hundred acts of a phone, sent over HTTP twice, in parallel and in any order."""

import json
import random
import uuid

import pytest
from sqlalchemy import func, select

from app import create_app
from cooperatives.models import Level
from core import clock, doctor, signin
from core.acts import Act
from core.db import db
from core.visitor import SESSION_KEY
from tests.conftest import environ
from tests.cooperatives.test_home_stock import content_of, hers
from tests.crowd import tried_at_once

pytestmark = [pytest.mark.service, pytest.mark.race]
ACTS, AT_ONCE = 200, 25


@pytest.fixture
def town(own_database):
    app = create_app(environ(own_database, LUMBUNG_THREADS="12"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def phone(town, token, queue):
    """Send like the outbox does: in parts, and what is answered `again` once more."""
    browser = town.test_client()
    with browser.session_transaction() as cookie:
        cookie[SESSION_KEY] = token
    door, waiting, states = browser.get("/kirim").json, list(queue), []
    headers = {"X-CSRFToken": door["token"], "Content-Type": "application/json"}
    while waiting:
        part, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        answer = browser.post("/kirim", data=json.dumps({"acts": part}), headers=headers)
        for act, told in zip(part, answer.json["answers"], strict=True):
            states.append(told["state"])
            if told["state"] == "again":
                waiting.append(act)
    return set(states)


@pytest.mark.timeout(600)
def test_two_hundred_acts_end_the_same_in_whatever_order(town):
    variant, maker = hers()
    token = signin.open_sign_in(actor=maker, device="x")
    chance = random.Random(5)
    acts = [
        {
            "id": str(uuid.uuid4()),
            "kind": "stock.change",
            "version": 1,
            "at": clock.now().isoformat(),
            "by": maker.person_id,
            "content": content_of(variant, chance.choice([1, 2, 3, 4])),
        }
        for _ in range(ACTS)
    ]
    due = sum(int(act["content"]["quantity"]) for act in acts)
    queues = [chance.sample(acts, ACTS) for _ in range(2)]
    halves = [queue[number::2] for queue in queues for number in range(2)]
    answers = tried_at_once(town, *[lambda half=half: phone(town, token, half) for half in halves])
    assert all(isinstance(states, set) and states <= {"done", "again"} for states in answers)
    assert set.union(*answers) >= {"done"}
    db.session.rollback()
    on_hand = select(func.sum(Level.on_hand)).where(Level.variant_id == variant.id)
    assert db.session.scalar(on_hand) == due
    done = select(func.count(Act.id)).where(Act.kind == "stock.change")
    assert db.session.scalar(done) == ACTS
    assert doctor.examine() == []
