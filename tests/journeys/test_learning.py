"""A woman finds a class and joins it; her facilitator notes who came, without signal."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from core.db import db
from core.phones import show
from sellers.training import mentoring
from sellers.training.models import AttendanceNote, Programme
from tests.sellers.training.factories import (
    a_cohort,
    a_facilitator,
    a_phone,
    a_programme,
    a_provider,
    a_session,
    a_woman,
    enrolled,
)
from tests.sellers.training.test_scholarships import drawn

pytestmark = pytest.mark.browser


def a_car_class(name="Jualan dari HP"):
    provider = a_provider()
    programme_id = a_programme(
        provider,
        name,
        kinds=("car", "in_person"),
        skills=("foto-produk",),
        has_childcare=True,
        description="Mobil datang ke balai desa: foto, harga, pesanan pertama.",
        family_words="Selesai sebelum anak pulang.",
    )
    cohort_id = a_cohort(provider, programme_id=programme_id, name="Mulai hari ini")
    session_id = a_session(
        cohort_id, days=0, place="Balai Desa", landmark="Sebelah masjid", loan_phones=8
    )
    a_session(cohort_id, days=7, place="Balai Desa", weather="rain", district_code="330708")
    return provider, cohort_id, session_id, db.session.get(Programme, programme_id).slug


def test_she_finds_a_class_and_joins_it(committed, phone):
    _provider, _cohort, _session, slug = a_car_class()
    number = a_phone()
    a_woman("Parti", phone=number)
    page = phone.go("/belajar").page
    usable(phone)
    page.get_by_text("Saringan").click()
    page.get_by_label("Bentuk").select_option("car")
    page.get_by_label("Bisa diikuti dari").select_option("33")
    page.get_by_role("button", name="Cari kelas").click()
    page.get_by_role("link", name="Jualan dari HP").click()
    usable(phone)
    phone.keep("programme-phone")
    expect(page.get_by_text("Hujan, tunggu kabar")).to_be_visible()
    page.get_by_role("link", name="Untuk keluarga").click()
    usable(phone)
    phone.go(f"/belajar/{slug}")
    page.get_by_role("link", name="Ikut kelas ini").click()
    phone.sign_in(show(number), at=None)
    page.get_by_role("button", name="Ikut kelas ini").click()
    expect(page.get_by_text("Ibu terdaftar di kelas ini.")).to_be_visible()
    usable(phone)


def small(page):
    """Words of the buttons, boxes and fields that are less than 48 px high."""
    return page.evaluate(
        """() => [...document.querySelectorAll(
             "main a.button, main button, main label.choice, main select, main summary, "
             + "main input:not([type=hidden],[type=checkbox],[type=radio]), main textarea")]
           .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 48)
           .map((each) => each.innerText || each.name)"""
    )


def usable(phone):
    phone.must_be_usable()
    assert small(phone.page) == []


def test_attendance_is_kept_without_signal_and_arrives(committed, phone):
    provider, cohort_id, session_id, _slug = a_car_class()
    hers = [enrolled(cohort_id, a_woman(name)) for name in ("Parti", "Nur")]
    number = a_phone()
    a_facilitator(provider, phone=number)
    page = phone.sign_in(show(number))
    phone.go(f"/fasilitator/{cohort_id}/hadir/{session_id}")
    usable(phone)
    page.context.set_offline(True)
    page.get_by_label("Parti").check()
    page.get_by_role("button", name="Simpan kehadiran").click()
    expect(page.get_by_text("menunggu sinyal").first).to_be_visible()
    phone.keep("attendance-offline")
    assert db.session.query(AttendanceNote).count() == 0
    phone.errors.clear()  # The browser says that there is no network: that is the story.
    page.context.set_offline(False)
    page.wait_for_url(f"**/fasilitator/{cohort_id}")
    db.session.rollback()
    marks = {note.enrolment_id: note.was_there for note in db.session.query(AttendanceNote)}
    assert marks == {hers[0]: True, hers[1]: False}


def test_the_pages_of_those_who_teach_are_usable(committed, phone):
    provider, cohort_id, _session, _slug = a_car_class()
    hers = enrolled(cohort_id, a_woman("Parti"))
    number, mentor = a_phone(), a_phone()
    rina = a_facilitator(provider, phone=number)
    batch = a_cohort(provider, name="Beasiswa")
    slug = drawn(batch)
    pair = mentoring.begin(
        actor=rina,
        enrolment_id=hers,
        mentor_id=a_woman("Ratna", phone=mentor).person_id,
        ends_on=clock.today() + timedelta(days=90),
    )
    page = phone.sign_in(show(number))
    for path in (
        f"/fasilitator/{cohort_id}",
        f"/fasilitator/{cohort_id}/pendampingan",
        f"/fasilitator/{cohort_id}/hadir/berkas",
        f"/fasilitator/{batch}/beasiswa",
        f"/beasiswa/{slug}",
        "/fasilitator/program/baru",
        f"/fasilitator/{cohort_id}/pertemuan/baru",
    ):
        phone.go(path)
        usable(phone)
    page.context.clear_cookies()
    phone.sign_in(show(mentor))
    phone.go(f"/mentor/{pair}")
    usable(phone)
    phone.keep("mentor-phone")
