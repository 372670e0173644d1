"""Jobs commit with the order they belong to, run once per key, and survive a killed worker."""

import pytest
from sqlalchemy import text

from core import jobs, news
from core.config import settings
from core.db import db, in_transaction, reading
from core.errors import DomainError
from core.settings import CoreSettings

pytestmark = pytest.mark.service
RAN = []


@jobs.job("test.note", key="number")
def note(number):
    RAN.append(number)


@pytest.fixture(autouse=True)
def nothing_ran_yet():
    RAN.clear()


@in_transaction()
def promise(db, *, number, fail=False):
    jobs.defer(db, note, number=number)
    if fail:
        raise DomainError("no")


@in_transaction()
def announce(db, *, number):
    news.tell(db, "test_happened", number=number)


@jobs.job("test.ask", key="number")
def ask(number):
    promise(number=number)


@in_transaction()
def begin(db, *, number):
    jobs.defer(db, ask, number=number)


def work(app):
    jobs.run_worker(app, settings(CoreSettings, app).database_url, wait=False)


def waiting():
    with reading() as connection:
        query = "select count(*) from procrastinate_jobs where status = 'todo'"
        return connection.execute(text(query)).scalar()


def test_a_job_runs_after_its_transaction(committed):
    promise(number=1)
    assert RAN == []
    work(committed)
    assert RAN == [1]


def test_a_job_may_ask_for_another_job(committed):
    begin(number=3)
    work(committed)
    work(committed)
    assert RAN == [3]


def test_a_rolled_back_transaction_leaves_no_job(committed):
    with pytest.raises(DomainError):
        promise(number=1, fail=True)
    assert waiting() == 0


def test_a_waiting_twin_is_not_deferred_again_and_the_transaction_goes_on(committed):
    promise(number=1)
    promise(number=1)
    promise(number=2)
    assert waiting() == 2


def test_news_reaches_every_subscriber(committed):
    news.subscribe(committed, "test_happened", note)
    announce(number=5)
    work(committed)
    assert RAN == [5]


def test_news_without_listeners_is_fine(app):
    announce(number=5)
    assert db.session.execute(text("select count(*) from procrastinate_jobs")).scalar() == 0
