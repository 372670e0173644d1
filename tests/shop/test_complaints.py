"""A complaint is one ticket, waits with its task and its time, and keeps its contact apart."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core import clock, orgs, privacy, tasks
from core.actors import GUEST, SYSTEM, Actor
from core.audit import Audit
from core.db import db
from core.errors import Conflict, NotFound
from core.notices import Notice
from core.rights import OPERATE
from core.tasks import Task
from orders.states import IllegalMove
from shop import complaint_desk, complaint_promises, complaints
from shop.complaint_states import MOVES, TOPICS, WORDS, Deed, State
from shop.complaints import Told
from shop.models import Complaint, ComplaintContact, ComplaintMessage
from tests.cooperatives.factories import a_maker, broken
from tests.orders.factories import holder

pytestmark = pytest.mark.service

TOLD = Told(
    topic="goods",
    story="Dua bungkus tiwul sobek.",
    wish="Diganti",
    name="Joko",
    phone="+6281234567890",
    email="joko@contoh.id",
    order_number="LMB-2611-0001",
)


def opened(told=TOLD, actor=GUEST, act_id=None):
    code = complaints.open_complaint(actor=actor, act_id=act_id or uuid.uuid4(), told=told)
    return db.session.scalars(select(Complaint).where(Complaint.code == code)).one()


def write(complaint, words="Masih sobek", actor=GUEST, act_id=None):
    complaints.write_more(
        actor=actor, act_id=act_id or uuid.uuid4(), code=complaint.code, words=words
    )
    db.session.refresh(complaint)


def reply(operator, complaint, words="Kami ganti", is_last=False, act_id=None):
    complaints.answer(
        actor=operator,
        act_id=act_id or uuid.uuid4(),
        complaint_id=complaint.id,
        words=words,
        is_last=is_last,
    )
    db.session.refresh(complaint)


@pytest.fixture
def operator(session):
    return holder(OPERATE, orgs.operator(session).id)


def open_tasks():
    query = select(Task).where(Task.kind == "complaint.answer", Task.closed_at.is_(None))
    return list(db.session.scalars(query))


def deeds():
    query = select(Audit.action).where(Audit.object_kind == "complaint").order_by(Audit.id)
    return list(db.session.scalars(query))


def said(complaint):
    query = select(ComplaintMessage).where(ComplaintMessage.complaint_id == complaint.id)
    rows = db.session.scalars(query.order_by(ComplaintMessage.id))
    return [(row.by_house, row.text) for row in rows]


def test_a_ticket_has_a_number_a_long_code_and_waits_for_us(session):
    complaint = opened()
    assert complaint.number.startswith(f"ADU-{clock.today():%y%m}-")
    assert len(complaint.code) >= 32
    assert complaint.state == State.WAITING
    assert said(complaint) == [(False, "Dua bungkus tiwul sobek.")]
    assert deeds() == ["complaint.open"]


def test_a_double_click_is_one_ticket(session):
    act_id = uuid.uuid4()
    assert opened(act_id=act_id).id == opened(act_id=act_id).id
    assert len(session.scalars(select(Complaint)).all()) == len(open_tasks()) == 1


def test_a_double_click_at_the_same_moment_is_one_ticket(committed):
    act_id = uuid.uuid4()

    def click(_):
        with committed.app_context():
            try:
                return complaints.open_complaint(actor=GUEST, act_id=act_id, told=TOLD)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as thumbs:
        codes = set(thumbs.map(click, range(4)))
    assert codes == set(db.session.scalars(select(Complaint.code)))
    assert len(codes) == 1


def test_the_same_act_with_another_story_is_a_conflict(session):
    act_id = uuid.uuid4()
    opened(act_id=act_id)
    with pytest.raises(Conflict):
        opened(Told(topic="goods", story="Lain"), act_id=act_id)


@pytest.mark.parametrize(("topic", "days"), [("goods", 2), ("data", 3)])
def test_the_promised_time_stands_on_the_ticket_and_on_the_task(session, topic, days):
    complaint = opened(Told(topic=topic, story="Tolong"))
    assert complaint.due_at == complaint.opened_at + timedelta(hours=24 * days)
    (task,) = open_tasks()
    assert (task.due_at, task.link) == (complaint.due_at, f"/kelola/aduan/{complaint.id}")
    assert task.sentence == f"Jawab aduan {complaint.number}."


def test_the_task_is_for_whoever_runs_the_house(session, operator):
    opened()
    assert [task.kind for task in tasks.list_for(session, operator)] == ["complaint.answer"]


def test_an_answer_closes_the_task_and_gives_the_word_to_the_complainer(session, operator):
    complaint = opened()
    reply(operator, complaint)
    assert (complaint.state, complaint.due_at) == (State.ANSWERED, None)
    assert open_tasks() == []
    assert said(complaint)[-1] == (True, "Kami ganti")


def test_whoever_writes_into_a_closed_ticket_opens_it_with_a_new_promise(session, operator):
    complaint = opened()
    first = complaint.due_at
    reply(operator, complaint, is_last=True)
    assert (complaint.state, complaint.closed_at is None) == (State.CLOSED, False)
    write(complaint)
    assert (complaint.state, complaint.closed_at) == (State.WAITING, None)
    assert complaint.due_at > first
    assert [task.due_at for task in open_tasks()] == [complaint.due_at]
    assert deeds() == ["complaint.open", "complaint.close", "complaint.write"]


def test_one_more_word_does_not_put_our_promise_off(session):
    complaint = opened()
    first = complaint.due_at
    write(complaint)
    assert complaint.due_at == first
    assert len(open_tasks()) == 1


def test_a_word_and_an_answer_sent_twice_are_said_once(session, operator):
    complaint = opened()
    word, answer = uuid.uuid4(), uuid.uuid4()
    for _ in range(2):
        write(complaint, act_id=word)
    for _ in range(2):
        reply(operator, complaint, is_last=True, act_id=answer)
    assert [by_house for by_house, _ in said(complaint)] == [False, False, True]


def test_a_closed_ticket_takes_no_answer(session, operator):
    complaint = opened()
    reply(operator, complaint, is_last=True)
    for is_last in (False, True):
        with pytest.raises(IllegalMove):
            reply(operator, complaint, is_last=is_last)
    assert len(said(complaint)) == 2


def test_who_does_not_run_the_house_learns_nothing(session):
    complaint = opened()
    elsewhere = holder(OPERATE, 999)
    for stranger in (GUEST, Actor(a_maker("x").id), elsewhere):
        with pytest.raises(NotFound):
            reply(stranger, complaint)
        with pytest.raises(NotFound):
            complaints.erase_contact(actor=stranger, complaint_id=complaint.id)
        with pytest.raises(NotFound):
            complaint_desk.get_for_operator(session, stranger, complaint.id)
        with pytest.raises(NotFound):
            complaint_desk.list_for_operator(session, stranger)
    assert len(said(complaint)) == 1


def test_an_unknown_code_is_not_found(session):
    with pytest.raises(NotFound):
        complaints.write_more(actor=GUEST, act_id=uuid.uuid4(), code="x", words="Halo")


def test_a_signed_in_complainer_sees_her_own_and_is_told_of_the_answer(session, operator):
    hers, other = Actor(a_maker("a").id), Actor(a_maker("b").id)
    complaint = opened(actor=hers)
    opened(actor=GUEST)
    assert [row.id for row in complaint_desk.list_of(session, hers)] == [complaint.id]
    assert complaint_desk.list_of(session, other) == complaint_desk.list_of(session, GUEST) == []
    reply(operator, complaint)
    (notice,) = session.scalars(select(Notice))
    assert (notice.person_id, notice.link) == (hers.person_id, f"/aduan/{complaint.code}")


def test_erasing_the_contact_leaves_the_ticket(session, operator):
    complaint = opened()
    for _ in range(2):
        complaints.erase_contact(actor=operator, complaint_id=complaint.id)
    contact = session.get(ComplaintContact, complaint.id)
    assert (contact.name, contact.phone, contact.email) == ("", "", "")
    assert contact.erased_at is not None
    assert said(complaint) == [(False, "Dua bungkus tiwul sobek.")]
    assert deeds().count("complaint.erase_contact") == 1


def test_a_person_gets_her_complaints_and_erases_how_to_reach_her(session):
    hers = Actor(a_maker("a").id)
    complaint, other = opened(actor=hers), opened()
    assert privacy.gather(session, hers.person_id)["shop"]["complaints"][0]["name"] == "Joko"
    assert len(privacy.gather(session, hers.person_id)["shop"]["complaint_words"]) == 1
    privacy.erase(actor=hers)
    session.expire_all()
    kept = [session.get(ComplaintContact, row.id).phone for row in (complaint, other)]
    assert kept == ["", "+6281234567890"]
    assert len(said(complaint)) == 1


def test_nobody_is_named_in_task_or_audit(session):
    opened()
    written = str([(task.facts, task.link) for task in open_tasks()])
    written += str([row.facts for row in session.scalars(select(Audit))])
    for secret in ("Joko", "81234567890", "contoh.id", "sobek"):
        assert secret not in written


def test_a_conversation_has_an_end(session, monkeypatch):
    monkeypatch.setattr(complaints, "MESSAGES_MAX", 2)
    complaint = opened()
    write(complaint)
    with pytest.raises(complaints.LongTalk):
        write(complaint)


def test_the_list_begins_with_what_waits_longest(session, operator):
    late, data, closed, answered = (
        opened(),
        opened(Told(topic="data", story="Hapus data saya")),
        opened(),
        opened(),
    )
    reply(operator, closed, is_last=True)
    reply(operator, answered)
    page = complaint_desk.list_for_operator(session, operator)
    assert [row.id for row, _ in page.rows] == [late.id, data.id, answered.id, closed.id]
    assert (page.page, page.pages) == (1, 1)


def test_the_list_is_searched_by_number_order_and_name_and_no_sign_is_special(session, operator):
    complaint = opened()
    opened(Told(topic="other", story="Halo"))

    def found(words):
        page = complaint_desk.list_for_operator(session, operator, words=words)
        return [row.id for row, _ in page.rows]

    for words in (complaint.number.lower(), "2611-0001", "jok"):
        assert complaint.id in found(words)
    assert found("%") == found("sobek") == []


def test_the_list_has_pages(session, operator, monkeypatch):
    monkeypatch.setattr(complaint_desk, "PAGE_SIZE", 2)
    ids = [opened().id for _ in range(3)]
    first, second = (
        complaint_desk.list_for_operator(session, operator, page=page) for page in (1, 2)
    )
    shown = [row.id for page in (first, second) for row, _ in page.rows]
    assert sorted(shown) == sorted(ids)
    assert (len(first.rows), first.pages) == (2, 2)


def test_every_state_and_topic_has_its_word():
    assert set(WORDS) == set(State) == set(MOVES)
    assert all(Deed.WRITE in moves for moves in MOVES.values())
    constraint = next(c for c in Complaint.__table__.constraints if c.name == "ck_complaint_topic")
    assert all(f"'{topic}'" in str(constraint.sqltext) for topic in TOPICS)


CORRUPTIONS = [
    "update task set closed_at = now() where kind = 'complaint.answer' and closed_at is null",
    "delete from task where kind = 'complaint.answer' and closed_at is null",
    "update task set due_at = due_at + interval '1 day' where closed_at is null",
    "update task set closed_at = null where kind = 'complaint.answer'",
    "update complaint set state = 'waiting', due_at = now() where state = 'answered'",
]


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_promise_is_silent_on_a_healthy_house_and_fires_on_corruption(
    session, operator, corruption
):
    opened()
    reply(operator, opened())
    reply(SYSTEM, opened(), is_last=True)
    assert broken(complaint_promises.ALL) == set()
    session.execute(text(corruption))
    assert broken(complaint_promises.ALL) == {"A1"}


def test_the_doctor_knows_the_promise(app):
    assert app.extensions["doctor"]["A1"] is complaint_promises.ASKED
