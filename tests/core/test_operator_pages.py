"""The operator's pages: what failed, what was done, and what waits."""

import pytest
from sqlalchemy import text

from core import audit, dead_letters, jobs, orgs, tasks
from core.actors import GUEST, SYSTEM, Actor
from core.audit import Audit
from core.config import settings
from core.db import db, in_transaction
from core.errors import NotFound
from core.rights import OPERATE
from core.settings import CoreSettings
from tests.factories import a_person, an_actor, give, sign_in, token_in

pytestmark = pytest.mark.service
BROKEN = [True]
WAITS = tasks.declare("test.operator", "Periksa %(what)s")


class Rotten(Exception):
    """A failure whose message names somebody."""


@jobs.job("test.rotten", key="number")
def rotten(number):
    if BROKEN[0]:
        raise Rotten("Sumirah, +6281234567890")


@in_transaction()
def promise(db, *, number):
    jobs.defer(db, rotten, number=number)


@in_transaction()
def fail(db, *, number=1):
    """A job as eight failures leave it."""
    jobs.defer(db, rotten, number=number)
    job_id = db.scalar(text("select max(id) from procrastinate_jobs"))
    db.execute(text("update procrastinate_jobs set status = 'doing'"))
    db.execute(
        text("update procrastinate_jobs set status = 'failed', attempts = 8 where id = :id"),
        {"id": job_id},
    )
    audit.record(db, SYSTEM, jobs.FAILED, "job", job_id, job="test.rotten", error="Rotten")
    return job_id


def status(job_id):
    query = text("select status from procrastinate_jobs where id = :id")
    return db.session.scalar(query, {"id": job_id})


def deeds(action):
    return db.session.query(Audit).filter_by(action=action).count()


@pytest.fixture
def operator(client):
    person = a_person()
    give(Actor(person.id), OPERATE, orgs.operator(db.session()).id)
    sign_in(client)
    return Actor(person.id)


@pytest.mark.parametrize("url", ["/kelola", "/kelola/antrian", "/kelola/jejak"])
def test_only_operators_come_in(client, url):
    assert client.get(url).status_code == 303
    a_person()
    sign_in(client)
    assert client.get(url).status_code == 403


def test_an_empty_queue_says_so(client, operator):
    assert "Tidak ada pekerjaan yang gagal" in client.get("/kelola/antrian").text


def test_a_dead_letter_is_shown_without_what_the_error_said(client, operator):
    fail()
    page = client.get("/kelola/antrian").text
    for words in ("test.rotten", "Rotten", "8"):
        assert words in page


def test_it_is_tried_once_more_and_twice_is_once(client, operator):
    job_id = fail()
    data = {"csrf_token": token_in(client.get("/kelola/antrian"))}
    for _ in range(2):
        assert client.post(f"/kelola/antrian/{job_id}/lagi", data=data).status_code == 303
    assert status(job_id) == "todo"
    assert deeds("job.retry") == 1


def test_with_a_twin_waiting_it_is_not_tried(client, operator):
    job_id = fail()
    promise(number=1)
    with pytest.raises(dead_letters.TwinWaits):
        dead_letters.retry(actor=operator, job_id=job_id)
    data = {"csrf_token": token_in(client.get("/kelola/antrian"))}
    page = client.post(f"/kelola/antrian/{job_id}/lagi", data=data, follow_redirects=True)
    assert "sudah menunggu" in page.text
    assert status(job_id) == "failed"


def test_it_is_closed_with_a_reason_from_the_list(client, operator):
    job_id = fail()
    url = f"/kelola/antrian/{job_id}/tutup"
    data = {"csrf_token": token_in(client.get(url))}
    for wrong in ({}, {"reason": "Bu Sumirah"}):
        assert "Pilih salah satu alasan." in client.post(url, data=data | wrong).text
    assert client.post(url, data=data | {"reason": "not_needed"}).status_code == 303
    assert status(job_id) is None
    assert client.get(url).status_code == 404
    assert client.post(url, data=data | {"reason": "not_needed"}).status_code == 303
    assert deeds("job.close") == 1


def test_only_failed_jobs_can_be_closed(session, operator):
    promise(number=1)
    job_id = session.scalar(text("select max(id) from procrastinate_jobs"))
    assert dead_letters.close(actor=operator, job_id=job_id, reason="mistake") is False
    assert status(job_id) == "todo"


@pytest.mark.parametrize("actor", [GUEST, Actor(0)])
def test_strangers_neither_retry_nor_close(session, actor):
    job_id = fail()
    with pytest.raises(NotFound):
        dead_letters.retry(actor=actor, job_id=job_id)
    with pytest.raises(NotFound):
        dead_letters.close(actor=actor, job_id=job_id, reason="mistake")
    assert status(job_id) == "failed"


def test_the_figures_count_jobs_by_status(client, operator):
    fail()
    promise(number=2)
    figures = client.get("/metrics").text
    assert 'lumbung_jobs{status="failed"} 1.0' in figures
    assert 'lumbung_jobs{status="todo"} 1.0' in figures
    assert "lumbung_requests_total" in figures


def test_the_worker_keeps_the_kind_of_error_of_the_last_try_only(committed):
    promise(number=7)
    url = settings(CoreSettings, committed).database_url
    for attempts, told in ((0, 0), (8, 1)):
        db.session.execute(
            text("update procrastinate_jobs set attempts = :n, scheduled_at = null"),
            {"n": attempts},
        )
        db.session.commit()
        jobs.run_worker(committed, url, wait=False)
        assert deeds(jobs.FAILED) == told
    row = db.session.query(Audit).filter_by(action=jobs.FAILED).one()
    assert row.facts == {"job": "test.rotten", "error": "Rotten"}


def test_a_mended_job_runs_after_the_operator_asked(committed):
    actor = an_actor()
    give(actor, OPERATE, orgs.operator(db.session()).id)
    job_id = fail(number=9)
    BROKEN[0] = False
    try:
        assert dead_letters.retry(actor=actor, job_id=job_id)
        jobs.run_worker(committed, settings(CoreSettings, committed).database_url, wait=False)
    finally:
        BROKEN[0] = True
    assert status(job_id) == "succeeded"


@in_transaction()
def ask(db, *, subject_id):
    tasks.write(
        db, WAITS, doc=("thing", 1), link="/akun", holders=(OPERATE, subject_id),
        facts={"what": "izin"},
    )  # fmt: skip


def test_the_home_lists_what_waits_and_the_other_pages(client, operator):
    ask(subject_id=orgs.operator(db.session()).id)
    page = client.get("/kelola").text
    assert "Periksa izin" in page
    for url in ("/kelola/antrian", "/kelola/jejak"):
        assert f'href="{url}"' in page


def test_the_trail_names_who_did_it_newest_first(client, operator):
    page = client.get("/kelola/jejak").text
    assert "Sumirah" in page
    assert page.index("sign_in.open") < page.index("person.register")


def test_the_trail_is_narrowed_by_deed_and_subject(client, operator):
    narrowed = client.get("/kelola/jejak?perbuatan=person.").text
    assert "person.register" in narrowed
    assert "sign_in.open" not in narrowed
    subject = f"person:{operator.person_id}"
    assert (
        f'<td data-label="Tentang">{subject}</td>'
        in client.get(f"/kelola/jejak?hal={subject}").text
    )
    assert "Tidak ada catatan" in client.get("/kelola/jejak?hal=person:0").text
    assert "Tidak ada catatan" in client.get("/kelola/jejak?perbuatan=%25").text


@in_transaction()
def do_much(db, *, count):
    for number in range(count):
        audit.record(db, SYSTEM, "test.deed", "thing", number)


def test_the_trail_goes_on_where_the_page_ended(client, operator):
    do_much(count=60)
    first = client.get("/kelola/jejak?perbuatan=test.deed").text
    assert "thing:59<" in first
    assert "thing:9<" not in first
    before = db.session.query(Audit.id).filter_by(object_kind="thing", object_id="10").scalar()
    second = client.get(f"/kelola/jejak?perbuatan=test.deed&sebelum={before}").text
    assert f"sebelum={before}" in first
    assert "thing:9<" in second
    assert "thing:59<" not in second


@pytest.mark.parametrize("query", ["sebelum=x", "sebelum=٣", f"sebelum={'9' * 40}", "hal=%00:%00"])
def test_hostile_filters_break_nothing(client, operator, query):
    assert client.get(f"/kelola/jejak?{query}").status_code == 200
    assert client.get(f"/kelola/antrian?{query}").status_code == 200
