"""Notices reach each person once, not at night, and by mail where she asked for it."""

import socketserver
import threading
from datetime import datetime, time

import pytest

from core import notify
from core.clock import WIB
from core.config import settings
from core.db import in_transaction
from core.people import Person
from core.settings import CoreSettings
from tests.factories import a_person


class Postbox(socketserver.StreamRequestHandler):
    """Just enough of SMTP to take one letter."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        reading = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if reading:
                reading = line != "."
                self.server.letter.append(line)
                if not reading:
                    self.wfile.write(b"250 kept\r\n")
            elif line.upper() == "DATA":
                reading = True
                self.wfile.write(b"354 go on\r\n")
            elif line.upper() == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def postbox():
    with socketserver.TCPServer(("127.0.0.1", 0), Postbox) as server:
        server.letter = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


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
    assert notify.first_polite(now, Person()) == polite


def test_her_own_quiet_hours_count():
    person = Person(quiet_from=time(18), quiet_until=time(20))
    assert notify.first_polite(at(19), person) == at(20)
    assert notify.first_polite(at(22), person) == at(22)


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
    notify.send.run(notice_id=notice.id)
    session.expire_all()
    assert notify.list_for(session, person.id)[0].state == "page_only"


@pytest.mark.service
def test_mail_goes_out_once(app, session, postbox):
    person = a_person()
    person.channel, person.email = "email", "sumirah@example.test"
    session.commit()
    rules = settings(CoreSettings)
    object.__setattr__(rules, "smtp_url", f"smtp://127.0.0.1:{postbox.server_address[1]}")
    try:
        tell(people=[person.id])
        notice = notify.list_for(session, person.id)[0]
        notify.send.run(notice_id=notice.id)
        session.expire_all()
        notify.send.run(notice_id=notice.id)
    finally:
        object.__setattr__(rules, "smtp_url", "")
    assert postbox.letter.count("Subject: Pesanan") == 1
    assert notify.list_for(session, person.id)[0].state == "sent"
