"""The facilitator's pages: her own organisation's classes, from the first form to the follow-up."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.config import settings
from core.phones import show
from sellers.training.models import (
    AttendanceNote,
    Cohort,
    Enrolment,
    Programme,
    ProgrammeSkill,
    TrainingSession,
)
from sellers.training.rights import VERIFY
from sellers.training.settings import TrainingSettings
from tests.factories import give, sign_in, token_in
from tests.sellers.training.factories import (
    a_cohort,
    a_facilitator,
    a_phone,
    a_programme,
    a_provider,
    a_session,
    a_woman,
    an_issuer,
    enrolled,
    present,
)

pytestmark = pytest.mark.service


@pytest.fixture
def provider(session):
    return a_provider()


@pytest.fixture
def rina(client, provider):
    phone = a_phone()
    actor = a_facilitator(provider, phone=phone)
    sign_in(client, show(phone))
    return actor


def post(client, path, **values):
    return client.post(path, data={"csrf_token": token_in(client.get(path)), **values})


def act_id(page):
    return re.search(r'name="act_id"[^>]*value="([^"]+)"', page.text).group(1)


PROGRAMME = {
    "name": "Aman & Berlabel",
    "kinds": ["in_person", "car"],
    "level": "next",
    "skills": ["halal", "kemasan-label"],
    "topic": "usaha",
    "description": "Menyiapkan berkas.",
    "fee": "10rb",
    "prerequisite": "",
    "unlocks": "pembuat label\n\nslot sorotan",
    "gives_certificate": "y",
    "pass_percent": "80",
}
SESSION = {
    "title": "Dapur bersih",
    "starts_at": "2026-12-01T09:00",
    "zone": "WITA",
    "minutes": "90",
    "place": "Balai Desa",
    "landmark": "Sebelah masjid",
    "district_code": "Kertek, Wonosobo",
    "loan_phones": "8",
    "weather": "rain",
    "data_mb": "0",
    "audio_summary_seconds": "120",
    "is_required": "y",
}


def test_a_class_is_made_from_nothing(client, session, provider, rina):
    assert "Belum ada kelas" in client.get("/fasilitator").text
    answer = post(client, "/fasilitator/program/baru", provider=str(provider.id), **PROGRAMME)
    programme = session.scalars(select(Programme)).one()
    assert answer.location == f"/fasilitator/angkatan/baru?kelas={programme.id}"
    assert (programme.fee, programme.unlocks) == (10_000, ["pembuat label", "slot sorotan"])
    assert (programme.kinds, programme.level) == (["in_person", "car"], "next")
    assert set(session.scalars(select(ProgrammeSkill.skill_slug))) == {"halal", "kemasan-label"}
    assert "Belum ada angkatan" in client.get("/fasilitator").text
    path = "/fasilitator/angkatan/baru"
    answer = post(client, path, programme=str(programme.id), name="2026-12", seats="25")
    cohort = session.scalars(select(Cohort)).one()
    assert answer.location == f"/fasilitator/{cohort.id}"
    assert cohort.facilitator_id == rina.person_id
    assert (
        "sudah ada"
        in post(client, path, programme=str(programme.id), name="2026-12", seats="25").text
    )
    assert "Belum ada pertemuan" in client.get(f"/fasilitator/{cohort.id}").text
    assert post(client, f"/fasilitator/{cohort.id}/pertemuan/baru", **SESSION).status_code == 303
    one = session.scalars(select(TrainingSession)).one()
    assert one.starts_at.astimezone(clock.WIB).isoformat() == "2026-12-01T08:00:00+07:00"
    assert (one.district_code, one.loan_phones, one.weather) == ("330708", 8, "rain")
    form = client.get(f"/fasilitator/{cohort.id}/pertemuan/{one.id}").text
    assert 'value="2026-12-01T09:00"' in form  # On the clock of the village, as it was typed.
    assert "Dapur bersih" in client.get(f"/fasilitator/{cohort.id}").text


def test_a_class_and_its_session_are_changed(client, session, provider, rina):
    programme = a_programme(provider, unlocks=("lencana",))
    path = f"/fasilitator/program/{programme}"
    assert ">lencana</textarea>" in client.get(path).text.replace("\r\n", "")
    assert post(client, path, **PROGRAMME).status_code == 303
    assert session.get(Programme, programme).name == "Aman & Berlabel"
    again = {**PROGRAMME, "prerequisite": str(a_programme(provider, "Berani Mulai"))}
    assert post(client, path, **again).status_code == 303
    form = client.get(path).text  # What was chosen is chosen again.
    assert re.search(r'<option selected value="\d+">Berani Mulai', form)
    assert re.search(r'<input[^>]*checked[^>]*value="car"', form)
    circle = post(client, path, **(PROGRAMME | {"prerequisite": str(programme)}))
    assert "saling menunggu" in circle.text
    cohort = a_cohort(provider, programme_id=programme)
    one = a_session(cohort, place="Sanggar")
    path = f"/fasilitator/{cohort}/pertemuan/{one}"
    assert "Sanggar" in client.get(path).text
    changed = {**SESSION, "title": "Dapur baru"}
    del changed["is_required"]
    assert post(client, path, **changed).status_code == 303
    row = session.get(TrainingSession, one)
    assert (row.title, row.is_required) == ("Dapur baru", False)


def test_attendance_is_ticked_and_corrected(client, session, provider, rina):
    cohort = a_cohort(provider, opening="Ibu berdaya.")
    parti, nur = enrolled(cohort, a_woman()), enrolled(cohort, a_woman("Nur"))
    one = a_session(cohort)
    path = f"/fasilitator/{cohort}/hadir/{one}"
    page = client.get(path)
    assert page.text.count("belum dicatat") == 2
    values = {"listed": [str(parti), str(nur)], "present": [str(parti)], "act_id": act_id(page)}
    for _turn in range(2):  # A double click.
        assert post(client, path, **values).location == f"/fasilitator/{cohort}"
    assert len(session.scalars(select(AttendanceNote)).all()) == 2
    assert "1 hadir" in client.get(f"/fasilitator/{cohort}").text
    other = post(client, path, **(values | {"present": [str(nur)]}))
    assert other.status_code == 409
    values |= {"present": [str(parti), str(nur)], "act_id": act_id(client.get(path))}
    post(client, path, **values)
    assert "2 hadir" in client.get(f"/fasilitator/{cohort}").text
    assert (
        post(client, path, **{k: v for k, v in values.items() if k != "act_id"}).status_code == 200
    )


def test_the_opening_words_are_ticked(client, session, provider, rina):
    cohort = a_cohort(provider, opening="Ibu berdaya.")
    enrolled(cohort, a_woman())
    one = a_session(cohort)
    path = f"/fasilitator/{cohort}/hadir/{one}"
    assert "Ibu berdaya." in client.get(path).text
    token = token_in(client.get(path))
    client.post(f"{path}/pembuka", data={"csrf_token": token})
    assert "Sudah dibacakan" in client.get(path).text


def test_a_sheet_before_its_day_is_only_to_print(client, session, provider, rina):
    cohort = a_cohort(provider)
    parti = enrolled(cohort, a_woman())
    one = a_session(cohort, days=3)
    path = f"/fasilitator/{cohort}/hadir/{one}"
    page = client.get(path)
    assert "Kehadiran dicatat mulai harinya" in page.text
    token = token_in(client.get(f"/fasilitator/{cohort}/tempat"))
    values = {"csrf_token": token, "act_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12}
    marks = {"listed": [str(parti)], "present": [str(parti)]}
    early = client.post(path, data=values | marks)
    assert early.status_code == 422
    assert "Pertemuan ini belum dimulai" in early.text
    assert session.scalars(select(AttendanceNote)).all() == []


@pytest.mark.parametrize("sent", ["0", "-1", "abc", "9" * 30, "1' or 1=1", "\x00"])
def test_hostile_rows_are_refused_with_a_sentence(client, session, provider, rina, sent):
    cohort = a_cohort(provider)
    parti = enrolled(cohort, a_woman())
    foreign = enrolled(a_cohort(a_provider("lain")), a_woman("Nur"))
    one = a_session(cohort)
    path = f"/fasilitator/{cohort}/hadir/{one}"
    for stranger in (sent, str(foreign)):
        values = {"act_id": act_id(client.get(path)), "listed": [str(parti), stranger]}
        page = post(client, path, **values, present=[stranger])
        assert page.status_code == 200
        assert "Daftar ini sudah berubah" in page.text
    assert session.scalars(select(AttendanceNote)).all() == []


def test_a_woman_is_enrolled_by_her_number(client, session, provider, rina):
    cohort = a_cohort(provider, seats=1)
    path, phone, shared = f"/fasilitator/{cohort}/peserta/baru", a_phone(), a_phone()
    a_woman("Parti", phone=phone)
    wati, _ani = a_woman("Wati", phone=shared), a_woman("Ani", phone=shared)
    assert "belum terdaftar" in post(client, path, phone="0813-0000-0001").text
    assert post(client, path, phone=show(phone)).location == f"/fasilitator/{cohort}"
    page = post(client, path, phone=show(shared))
    assert "Siapa yang ikut?" in page.text
    post(client, path, phone=show(shared), who=str(wati.person_id))
    states = {e.person_id: e.state for e in session.scalars(select(Enrolment))}
    assert states[wati.person_id] == "waiting"
    assert len(states) == 2
    assert "Daftar tunggu" in client.get(f"/fasilitator/{cohort}").text


def test_a_number_that_is_not_hers_cannot_be_chosen(client, session, provider, rina):
    cohort = a_cohort(provider)
    shared, stranger = a_phone(), a_woman("Tri")
    a_woman("Wati", phone=shared)
    a_woman("Ani", phone=shared)
    path = f"/fasilitator/{cohort}/peserta/baru"
    for who in (str(stranger.person_id), "abc", "9" * 30):
        post(client, path, phone=show(shared), who=who)
    assert session.scalars(select(Enrolment)).all() == []


def test_numbers_are_not_to_be_looked_up_without_end(app, client, provider, rina):
    path = f"/fasilitator/{a_cohort(provider)}/peserta/baru"
    token = token_in(client.get(path))
    values = {"csrf_token": token, "phone": "0813-0000-0001"}
    for _turn in range(settings(TrainingSettings, app).enrol_tries):
        assert client.post(path, data=values).status_code == 200
    assert client.post(path, data=values).status_code == 429


def test_a_seat_is_given_back_after_a_question(client, session, provider, rina):
    cohort = a_cohort(provider, seats=1)
    parti = enrolled(cohort, a_woman())
    path = f"/fasilitator/{cohort}/peserta/{parti}/berhenti"
    assert "Lepas tempat Parti?" in client.get(path).text
    assert session.get(Enrolment, parti).state == "enrolled"
    assert post(client, path).status_code == 303
    assert session.get(Enrolment, parti).state == "left"


def test_who_is_stuck_gets_a_kind_word(client, session, provider, rina):
    cohort = a_cohort(provider)
    here = enrolled(cohort, a_woman("Nur"))
    enrolled(cohort, a_woman("Parti", phone="+6281299990000"))
    for _turn in range(2):
        present(a_session(cohort), here)
    a_session(cohort, days=3)
    page = client.get(f"/fasilitator/{cohort}").text
    assert "Perlu disapa" in page
    assert "https://wa.me/6281299990000?text=Halo%20Bu%20Parti" in page
    assert "0 ÷ 2 ibu" in page


def test_a_class_closes_only_with_a_follow_up_date(client, session, provider, rina):
    cohort = a_cohort(provider)
    path = f"/fasilitator/{cohort}/tutup"
    for wrong in ("", "kemarin", "2020-01-01", "0000-00-00", "9999-12-31"):
        assert post(client, path, follow_up_on=wrong).status_code == 200
        assert session.get(Cohort, cohort).closed_at is None
    day = clock.today() + timedelta(days=180)
    assert post(client, path, follow_up_on=day.isoformat()).status_code == 303
    page = client.get(f"/fasilitator/{cohort}").text
    assert "Catat tindak lanjut" in page
    assert "Tunggu tindak lanjut" in client.get("/fasilitator").text
    follow = f"/fasilitator/{cohort}/tindak-lanjut"
    assert post(client, follow, result="Semua masih berjualan.").status_code == 303
    assert "Tindak lanjut dicatat" in client.get(f"/fasilitator/{cohort}").text


def test_seats_change_but_not_below_those_in_use(client, session, provider, rina):
    cohort = a_cohort(provider, seats=2)
    for name in ("Parti", "Nur"):
        enrolled(cohort, a_woman(name))
    path = f"/fasilitator/{cohort}/tempat"
    assert "tidak bisa kurang" in post(client, path, seats="1").text
    assert post(client, path, seats="9999").status_code == 200
    assert post(client, path, seats="30").status_code == 303
    assert session.get(Cohort, cohort).seats == 30


def test_another_organisations_class_is_not_found(client, session, provider, rina):
    other = a_provider("lain")
    cohort = a_cohort(other)
    hers, one = enrolled(cohort, a_woman()), a_session(cohort)
    own = a_cohort(provider)
    token = token_in(client.get(f"/fasilitator/{own}/tempat"))
    programme = session.get(Cohort, cohort).programme_id
    base = f"/fasilitator/{cohort}"
    pages = ["", "/tempat", "/tutup", "/tindak-lanjut", "/peserta/baru", "/pertemuan/baru"]
    pages += [f"/hadir/{one}", f"/pertemuan/{one}", f"/peserta/{hers}/berhenti"]
    for page in pages:
        assert client.get(base + page).status_code == 404, page
        if page:
            values = {"csrf_token": token, "seats": "50", "follow_up_on": "2027-01-01", **SESSION}
            assert client.post(base + page, data=values).status_code == 404, page
    assert client.post(f"{base}/hadir/{one}/pembuka", data={"csrf_token": token}).status_code == 404
    assert client.get(f"/fasilitator/program/{programme}").status_code == 404
    assert session.get(Cohort, cohort).closed_at is None
    # A session of another class under the address of one's own.
    for page in (f"/hadir/{one}", f"/pertemuan/{one}", f"/peserta/{hers}/berhenti"):
        assert client.get(f"/fasilitator/{own}{page}").status_code == 404
    wanted = str(programme)
    answer = post(client, "/fasilitator/angkatan/baru", programme=wanted, name="Y", seats="3")
    assert "Pilih salah satu dari daftar" in answer.text
    answer = post(client, "/fasilitator/program/baru", provider=str(other.id), **PROGRAMME)
    assert "Pilih salah satu dari daftar" in answer.text


def test_rights_on_two_houses_do_not_mix(client, session, provider, rina):
    other = a_provider("lain")
    cohort = a_cohort(other)
    give(rina, VERIFY, other.id)
    page = client.get(f"/fasilitator/{cohort}").text
    assert "Tambah peserta" not in page
    assert client.get(f"/fasilitator/{cohort}/tempat").status_code == 404


def test_who_only_certifies_reads_the_roster(client, session, provider):
    phone = a_phone()
    an_issuer(provider, phone=phone)
    cohort = a_cohort(provider)
    enrolled(cohort, a_woman())
    sign_in(client, show(phone))
    assert "Parti" in client.get(f"/fasilitator/{cohort}").text
    assert client.get(f"/fasilitator/{cohort}/tutup").status_code == 403
    assert "Belum ada kelas" not in client.get("/fasilitator").text


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("starts_at", "besok"),
        ("starts_at", "2026-13-01T09:00"),
        ("starts_at", "0001-01-01T00:00"),
        ("starts_at", "9999-12-31T23:59"),
        ("minutes", "0"),
        ("minutes", "²"),
        ("title", "x" * 121),
        ("title", ""),
        ("data_mb", "-1"),
        ("place", ""),
    ],
)
def test_a_session_that_makes_no_sense_is_asked_again(client, session, provider, rina, field, sent):
    cohort = a_cohort(provider)
    path = f"/fasilitator/{cohort}/pertemuan/baru"
    page = post(client, path, **(SESSION | {field: sent}))
    assert page.status_code == 200
    assert "Ada isian yang perlu dibetulkan" in page.text
    assert session.scalars(select(TrainingSession)).all() == []


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("name", ""),
        ("pass_percent", "101"),
        ("pass_percent", "0"),
        ("fee", "-5"),
        ("prerequisite", "999999999999999999999"),
        ("prerequisite", "abc"),
        ("unlocks", "x" * 81),
        ("unlocks", "a\n" * 11),
        ("provider", ""),
    ],
)
def test_a_programme_that_makes_no_sense_is_asked_again(
    client, session, provider, rina, field, sent
):
    values = {"provider": str(provider.id), **PROGRAMME} | {field: sent}
    page = post(client, "/fasilitator/program/baru", **values)
    assert page.status_code == 200
    assert "Ada isian yang perlu dibetulkan" in page.text
    assert session.scalars(select(Programme)).all() == []


@pytest.mark.parametrize("query", ["q=%00", "q=%25", "q=" + "x" * 5000, "hal=0", "hal=" + "9" * 30])
def test_hostile_searches_break_nothing(client, provider, rina, query):
    a_cohort(provider)
    assert client.get(f"/fasilitator?{query}").status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "abc"])
def test_a_cohort_that_is_no_number_is_not_found(client, rina, number):
    assert client.get(f"/fasilitator/{number}").status_code == 404
