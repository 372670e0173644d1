"""Each kind of line stands in the half hour of its own coordinator, and goes when it is done."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from cooperatives.half_hour import cards, lines, notes, papers
from cooperatives.models import BringOffer, HalfHourNote, Level, StockCount
from core import clock
from core.audit import Audit
from core.db import db
from core.errors import NotFound
from sellers.models import Permit
from tests.cooperatives.factories import a_lot, a_place, saved
from tests.cooperatives.half_hour.factories import (
    PLANTED,
    a_member_on_paper,
    a_silent_member,
    a_village,
    an_ending_permit,
    found,
)

pytestmark = pytest.mark.service
NOTED = [topic for topic in PLANTED if topic not in ("count", "paper")]


@pytest.fixture
def village(session):
    return a_village()


@pytest.mark.parametrize("topic", PLANTED)
def test_it_stands_in_her_half_hour_and_in_no_other(session, village, topic):
    before = found(topic, village)
    PLANTED[topic](village)
    assert before == []
    (line,) = found(topic, village)
    assert line.organisation_id == village.id
    other = a_village()
    assert found(topic, other) == []
    assert cards.cards(session, other.umi) == []
    shown = cards.cards(session, village.umi)
    assert line.title in [card.title for card in shown]


@pytest.mark.parametrize("topic", NOTED)
def test_a_note_keeps_it_quiet_and_is_told_on_its_page(session, village, topic):
    PLANTED[topic](village)
    (line,) = found(topic, village)
    kind, same = lines.get(session, frozenset({village.id}), topic, line.thing)
    assert same == line
    assert kind.tell(session, line)
    other = a_village()
    with pytest.raises(NotFound):
        notes.write(actor=other.umi, topic=kind, line=line)
    with pytest.raises(NotFound):
        lines.get(session, frozenset({other.id}), topic, line.thing)
    notes.write(actor=village.umi, topic=kind, line=line, words="Sudah ditelepon")
    assert found(topic, village) == []
    assert [row.words for row in notes.of(session, topic, line)] == ["Sudah ditelepon"]
    if line.quiet_until:
        past = clock.today() - timedelta(days=1)
        session.query(HalfHourNote).update({"quiet_until": past})
        session.expire_all()
        assert found(topic, village)[0].thing == line.thing


def ended(topic, village):
    """What the keeper or the owner does about it."""
    match topic:
        case "expiry":
            db.session.query(Level).filter_by(place_id=village.kiosk.id).update({"on_hand": 0})
        case "offer":
            values = {"state": "declined", "ended_at": clock.now()}
            db.session.query(BringOffer).update(values)
        case "count":
            db.session.query(StockCount).update({"state": "dropped", "ended_at": clock.now()})
        case "permit":
            later = clock.today() + timedelta(days=400)
            db.session.query(Permit).update({"valid_until": later})
    db.session.commit()


@pytest.mark.parametrize("topic", ["expiry", "offer", "count", "permit"])
def test_what_is_done_is_gone_by_itself(session, village, topic):
    PLANTED[topic](village)
    assert found(topic, village)
    ended(topic, village)
    assert found(topic, village) == []


def signed(actor_id, on_behalf_of=None):
    saved(Audit(actor_id=actor_id, on_behalf_of=on_behalf_of, action="x", object_kind="x",
                object_id="1"))  # fmt: skip


@pytest.mark.parametrize("sign", ["she did something", "somebody did it for her", "goods moved"])
def test_any_sign_of_her_ends_the_silence(session, village, sign):
    a_silent_member(village)
    her = village.shop.person_id
    assert [line.person_id for line in found("silent", village)] == [her]
    if sign == "goods moved":
        a_lot(village.variant, a_place("kiosk"))
    elif sign == "she did something":
        signed(her)
    else:
        signed(village.keeper.person_id, her)
    assert found("silent", village) == []


def test_a_permit_talked_about_early_comes_back_with_the_second_reminder(session, village):
    an_ending_permit(village)
    (line,) = found("permit", village)
    assert not line.is_late
    assert line.quiet_until >= clock.today() + timedelta(days=100 - 63)
    assert line.quiet_until < clock.today() + timedelta(days=100 - 58)


def test_papers_are_handed_out_once_and_new_ones_come_again(session, village):
    person_id = a_member_on_paper(village)
    (letter,) = papers.letters(session, frozenset({village.id}))
    assert (letter.person_id, len(letter.statements)) == (person_id, 1)
    given = [(village.id, person_id)]
    other = a_village()
    with pytest.raises(NotFound):
        papers.hand_out(actor=other.umi, given=given, seen_at=clock.now())
    early = clock.now() - timedelta(days=1)
    assert papers.hand_out(actor=village.umi, given=given, seen_at=early) == 1
    assert found("paper", village), "what came after her page was drawn was not on it"
    assert papers.hand_out(actor=village.umi, given=given, seen_at=clock.now()) == 1
    assert found("paper", village) == []


def test_the_list_asks_the_database_few_questions(session, village):
    for plant in PLANTED.values():
        if plant is not PLANTED["bag"]:  # The drawer's day stands for both.
            plant(village)  # Goods came, so nobody is silent any more.
    shown = cards.cards(session, village.umi)
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert len(cards.cards(session, village.umi)) == len(shown) == len(PLANTED) - 2
    assert len(asked) <= len(lines.TOPICS) + 7
