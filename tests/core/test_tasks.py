"""Tasks reach whoever holds the right, once, and are closed with a reason."""

import pytest

from core import tasks
from core.db import in_transaction
from core.rights import OPERATE
from tests.factories import an_actor, an_organisation, give

pytestmark = pytest.mark.service
KIND = tasks.declare("test.look", "Lihat %(what)s")


@in_transaction()
def ask(db, **more):
    tasks.write(db, KIND, doc=("thing", 1), link="/", facts={"what": "ini"}, **more)


@in_transaction()
def finish(db, *, actor):
    tasks.close(db, KIND, actor=actor, doc=("thing", 1), reason="dilihat")


def test_every_holder_sees_the_task_and_strangers_do_not(session):
    keeper, stranger, org = an_actor("Harti"), an_actor("Lain"), an_organisation()
    give(keeper, OPERATE, org.id)
    ask(holders=(OPERATE, org.id))
    assert [task.sentence for task in tasks.list_for(session, keeper)] == ["Lihat ini"]
    assert tasks.list_for(session, stranger) == []


def test_the_same_open_task_is_written_once(session):
    actor = an_actor()
    ask(person_id=actor.person_id)
    ask(person_id=actor.person_id)
    assert len(tasks.list_for(session, actor)) == 1


def test_a_closed_task_is_gone_and_may_come_again(session):
    actor = an_actor()
    ask(person_id=actor.person_id)
    finish(actor=actor)
    assert tasks.list_for(session, actor) == []
    ask(person_id=actor.person_id)
    assert len(tasks.list_for(session, actor)) == 1


def test_a_desk_shows_what_is_asked_of_its_holders_and_of_nobody_else(session):
    keeper, org, other = an_actor("Harti"), an_organisation(), an_organisation("lain")
    give(keeper, OPERATE, org.id)
    ask(holders=(OPERATE, other.id))
    assert tasks.list_for(session, keeper, OPERATE) == []
    finish(actor=keeper)
    ask(person_id=keeper.person_id)
    assert tasks.list_for(session, keeper, OPERATE) == []
    finish(actor=keeper)
    ask(holders=(OPERATE, org.id))
    assert len(tasks.list_for(session, keeper, OPERATE)) == 1
