"""What a client does once is done once, however often it is sent."""

import threading
import uuid

import pytest

from core import acts
from core.actors import GUEST
from core.db import db, in_transaction
from core.errors import Conflict, DomainError
from tests.factories import an_actor

pytestmark = pytest.mark.service


@in_transaction()
def deed(db, *, act_id, actor=GUEST, content=None, do=None):
    return acts.once(
        db,
        act_id=act_id,
        actor=actor,
        kind="deed",
        content=content or {},
        do=do or (lambda: {"n": 1}),
    )


def test_the_same_act_gets_the_first_answer(app):
    act = uuid.uuid4()
    assert deed(act_id=act, do=lambda: {"n": 1}) == {"n": 1}
    assert deed(act_id=act, do=lambda: {"n": 2}) == {"n": 1}


def test_the_same_id_with_other_content_is_a_conflict(app):
    act = uuid.uuid4()
    deed(act_id=act, content={"q": 1})
    with pytest.raises(Conflict):
        deed(act_id=act, content={"q": 2})


def test_somebody_elses_act_is_a_conflict(app):
    act = uuid.uuid4()
    deed(act_id=act)
    with pytest.raises(Conflict):
        deed(act_id=act, actor=an_actor())


def test_a_failed_act_is_not_kept(app):
    act = uuid.uuid4()

    def refuse():
        raise DomainError("no")

    with pytest.raises(DomainError):
        deed(act_id=act, do=refuse)
    assert deed(act_id=act, do=lambda: {"n": 7}) == {"n": 7}


@pytest.mark.race
def test_ten_at_once_are_done_once(committed):
    act, done, answers = uuid.uuid4(), [], []
    gate = threading.Barrier(10)

    def do():
        done.append(1)
        return {"n": len(done)}

    def send():
        with committed.app_context():
            gate.wait()
            answers.append(deed(act_id=act, do=do))
            db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert answers == [{"n": 1}] * 10
