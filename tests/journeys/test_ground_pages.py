"""An operator and a member on the pages of the ground floor."""

import pytest
from flask_babel import lazy_gettext as _l
from playwright.sync_api import expect
from sqlalchemy import text

from core import jobs, notify, orgs
from core.actors import SYSTEM, Actor
from core.audit import record
from core.db import db, in_transaction
from core.rights import OPERATE
from tests.factories import a_person, give

pytestmark = pytest.mark.browser


@in_transaction()
def prepare(db, *, person_id):
    for number, words in enumerate(("Pesanan baru menunggu jawaban.", "Uang sudah dikirim.")):
        notify.tell(
            db, event_key=f"e{number}", people=[person_id], title=_l("Ada pesanan baru"),
            text=_l(words), link="/akun",
        )  # fmt: skip
    db.execute(text("update procrastinate_jobs set status = 'doing'"))
    db.execute(text("update procrastinate_jobs set status = 'failed', attempts = 9"))
    job_id = db.scalar(text("select min(id) from procrastinate_jobs"))
    record(db, SYSTEM, jobs.FAILED, "job", job_id, job="core.send_notice", error="SMTPException")


@pytest.fixture
def operator(committed):
    person = a_person()
    give(Actor(person.id), OPERATE, orgs.operator(db.session()).id)
    prepare(person_id=person.id)
    db.session.remove()


PAGES = {
    "pesan": "/akun/pesan",
    "kelola": "/kelola",
    "antrian": "/kelola/antrian",
    "jejak": "/kelola/jejak",
    "data": "/akun/data",
    "hapus": "/akun/data/hapus",
}


def test_every_page_is_usable_on_her_phone_and_on_a_desk(operator, phone, desk):
    for visit, size in ((phone, "phone"), (desk, "desk")):
        visit.sign_in()
        for name, path in PAGES.items():
            visit.go(path)
            visit.keep(f"{name}-{size}")
            visit.must_be_usable()


def test_a_failed_job_is_closed_with_a_reason(operator, phone):
    phone.sign_in()
    page = phone.go("/kelola/antrian").page
    page.get_by_role("link", name="Tutup").first.click()
    page.get_by_role("button", name="Tutup pekerjaan ini").click()
    expect(page.get_by_text("Pilih salah satu alasan.").first).to_be_visible()
    phone.keep("tutup-phone")
    phone.must_be_usable()
    page.get_by_label("Tidak perlu lagi").check()
    page.get_by_role("button", name="Tutup pekerjaan ini").click()
    expect(page.get_by_text("Pekerjaan ini sudah ditutup.")).to_be_visible()
