"""The doctor remembers up to where it found nothing, and looks at what came after."""

import pytest
from sqlalchemy import text

from core import doctor, examinations
from core.actors import SYSTEM
from core.doctor import Invariant, Mark, since

pytestmark = pytest.mark.service

NO_SHORT_NAME = Invariant(
    "TEST",
    "No organisation has a short name of one letter.",
    *since(
        "select id from organisation where length(short_name) = 1",
        "organisation as (select * from organisation where created_at >= :at)",
    ),
)


def note(xid, findings=0):
    examinations.note(actor=SYSTEM, xid=xid, is_full=False, findings=findings)


def test_only_a_look_that_found_nothing_lets_old_rows_rest(session):
    assert examinations.healthy_until(session) is None
    present = examinations.present(session)
    note(present)
    assert examinations.healthy_until(session).xid == present
    note(present, findings=2)
    assert examinations.healthy_until(session) is None
    note(present + 10**6)  # A dump brought it from another server.
    assert examinations.healthy_until(session) is None


def test_a_scope_stands_for_its_table(session):
    name = text("update organisation set short_name = 'x'")
    session.execute(name)
    known, now = {"TEST": NO_SHORT_NAME}, session.scalar(text("select now()"))
    old = Mark(0, now.replace(year=now.year - 1))
    assert doctor.examine_on(session, known)
    assert doctor.examine_on(session, known, mark=old)
    assert not doctor.examine_on(session, known, mark=Mark(0, now.replace(year=now.year + 1)))


def test_the_command_looks_at_everything_first_and_then_at_what_is_new(committed):
    def answer(*options):
        return committed.test_cli_runner().invoke(args=["doctor", *options]).output.splitlines()[-1]

    assert answer().endswith("promises hold, over everything")
    assert "over what is new since" in answer()
    assert answer("--full").endswith("over everything")
    assert answer("--only", "M1") == "1 of 1 promises hold, over everything"


def test_the_doctor_takes_longer_than_a_page_may(committed):
    with doctor.snapshot() as session:
        assert session.scalar(text("show statement_timeout")) == "0"
