"""Notices reach each person once, and not at night."""

from datetime import datetime, time

import pytest

from core import notify, outbox
from core.clock import WIB
from core.db import in_transaction
from tests.factories import a_person


@in_transaction()
def tell(db, *, people, event_key="order:1:paid"):
    notify.tell(db, event_key=event_key, people=people, title="Pesanan", text="Ada pesanan.")


def at(hour, minute=0):
    return datetime(2026, 11, 22, hour, minute, tzinfo=WIB)


@pytest.mark.parametrize(
    ("now", "polite"),
    [
        (at(12), at(12)),
        (at(19, 59), at(19, 59)),
        (at(20), datetime(2026, 11, 23, 6, tzinfo=WIB)),
        (at(5, 59), at(6)),
        (at(6), at(6)),
    ],
)
def test_the_night_is_quiet(now, polite):
    assert outbox.first_polite(now) == polite


def test_her_own_quiet_hours_count():
    hers = (time(18), time(20))
    assert outbox.first_polite(at(19), hers) == at(20)
    assert outbox.first_polite(at(22), hers) == at(22)


@pytest.mark.service
def test_an_event_is_told_once_to_each(session):
    one, other = a_person("Satu"), a_person("Dua")
    tell(people=[one.id, other.id, one.id])
    tell(people=[one.id])
    assert len(notify.list_for(session, one.id)) == 1
    assert len(notify.list_for(session, other.id)) == 1


@pytest.mark.service
def test_a_notice_without_mail_stays_on_the_page(session):
    person = a_person()
    tell(people=[person.id])
    notice = notify.list_for(session, person.id)[0]
    outbox.send.run(notice_id=notice.id)
    session.expire_all()
    assert notify.list_for(session, person.id)[0].state == "page_only"
