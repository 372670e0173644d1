"""Her own pages: her classes, her choice of what is shown, and nobody else's."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from core.phones import show
from sellers.rights import SELL
from sellers.training import certificates, showing
from sellers.training.models import Certificate, Enrolment, ListingTraining
from tests.factories import an_organisation, give, sign_in, token_in
from tests.sellers.training.factories import (
    a_cohort,
    a_completed,
    a_listing,
    a_phone,
    a_programme,
    a_provider,
    a_seller,
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
def parti(client):
    phone = a_phone()
    woman = a_woman(phone=phone)
    sign_in(client, show(phone))
    return woman


def post(client, page, path, **values):
    return client.post(path, data={"csrf_token": token_in(client.get(page)), **values})


def test_a_stranger_is_asked_to_sign_in(client):
    for path in ("/ibu/belajar", "/ibu/belajar/kelas", "/ibu/belajar/1", "/fasilitator"):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith("/masuk")


def test_the_first_visit_shows_one_next_step(client, parti):
    page = client.get("/ibu/belajar")
    assert page.status_code == 200
    assert "Belum ada kelas" in page.text
    assert 'href="/ibu/belajar/kelas"' in page.text
    assert "Belum ada kelas baru" in client.get("/ibu/belajar/kelas").text


def test_she_sees_everything_before_she_joins(client, parti, provider):
    starter = a_programme(provider, "Berani Mulai")
    cohort = a_cohort(
        provider,
        seats=2,
        prerequisite_id=starter,
        fee=10_000,
        has_childcare=True,
        opening="Ibu berdaya.",
        unlocks=("pembuat label",),
        pass_percent=80,
    )
    a_session(
        cohort, days=3, data_mb=40, has_recording=True, audio_summary_seconds=120, place="Balai"
    )
    assert f"/ibu/belajar/kelas/{cohort}" in client.get("/ibu/belajar/kelas?q=jualan").text
    page = client.get(f"/ibu/belajar/kelas/{cohort}").text
    for words in (
        "Rp\u00a010.000",
        "Sisa 2 dari 2 tempat",
        "Boleh, ada yang menjaga",
        "Kira-kira 40 MB",
        "Berani Mulai",
        "pembuat label",
        "Selesai mulai 80% pertemuan",
        "Ibu berdaya.",
        "ada rekaman",
        "ringkasan suara 2 menit",
        "Balai",
    ):
        assert words in page
    refused = post(client, f"/ibu/belajar/kelas/{cohort}", f"/ibu/belajar/kelas/{cohort}")
    assert "Selesaikan dulu kelas Berani Mulai" in refused.text


def test_she_joins_waits_and_leaves_by_herself(client, session, parti, provider):
    cohort = a_cohort(provider, seats=1)
    a_session(cohort, days=3)
    path = f"/ibu/belajar/kelas/{cohort}"
    assert post(client, path, path).location == "/ibu/belajar"
    assert "Sedang belajar" in client.get("/ibu/belajar").text
    hers = session.scalars(select(Enrolment)).one()
    leave = f"/ibu/belajar/{hers.id}/berhenti"
    assert "Kehadiran Ibu tetap tersimpan" in client.get(leave).text
    assert post(client, leave, leave).location == "/ibu/belajar"
    enrolled(cohort, a_woman("Nur"))
    post(client, path, path)
    assert "Daftar tunggu" in client.get("/ibu/belajar").text
    assert "daftar tunggu" in client.get(f"/ibu/belajar/{hers.id}").text


def test_her_class_shows_attendance_with_its_formula_and_her_certificate(client, parti, provider):
    hers = a_completed(provider, parti)
    code = certificates.issue(actor=an_issuer(provider), enrolment_id=hers)
    page = client.get(f"/ibu/belajar/{hers}").text
    assert "Hadir 1 ÷ 1 pertemuan wajib = 100%." in page
    assert code in page
    assert "nama Ibu tertulis: P." in page
    paper = client.get(f"/ibu/belajar/{hers}/sertifikat").text
    assert code in paper
    assert "Parti" in paper


def test_a_withdrawn_certificate_tells_her_why(client, session, parti, provider):
    hers, ratna = a_completed(provider, parti), an_issuer(provider)
    code = certificates.issue(actor=ratna, enrolment_id=hers)
    row = session.scalars(select(Certificate)).one()
    certificates.withdraw(actor=ratna, certificate_id=row.id, reason="Salah tulis tanggal.")
    page = client.get(f"/ibu/belajar/{hers}").text
    assert f"Sertifikat {code} tidak berlaku lagi." in page
    assert "Salah tulis tanggal." in page


def test_without_a_certificate_there_is_no_paper(client, parti, provider):
    hers = a_completed(provider, parti)
    assert client.get(f"/ibu/belajar/{hers}/sertifikat").status_code == 404


def test_the_switch_is_off_until_she_turns_it_on(client, session, parti, provider):
    hers = a_completed(provider, parti)
    page = f"/ibu/belajar/{hers}"
    assert session.get(Enrolment, hers).is_shown is False
    post(client, page, f"{page}/tampil", is_shown="y")
    assert session.get(Enrolment, hers).is_shown is True
    assert "Tampil di toko Ibu" in client.get("/ibu/belajar").text
    post(client, page, f"{page}/tampil")
    assert session.get(Enrolment, hers).is_shown is False


def test_she_links_goods_and_unlinks_them(client, session, parti, provider):
    hers = a_completed(provider, parti)
    keripik = a_listing(a_seller(parti, an_organisation()))
    page = f"/ibu/belajar/{hers}"
    post(client, page, f"{page}/barang", listings=str(keripik.id))
    assert session.scalars(select(ListingTraining.listing_id)).all() == [keripik.id]
    assert "checked" in client.get(page).text
    post(client, page, f"{page}/barang")
    assert session.scalars(select(ListingTraining)).all() == []


def test_another_womans_class_is_not_found(client, session, parti, provider):
    nurs = a_completed(provider, a_woman("Nur"))
    own = a_completed(provider, parti, name="2026-12")
    certificates.issue(actor=an_issuer(provider), enrolment_id=nurs)
    for part in ("", "/berhenti", "/sertifikat"):
        assert client.get(f"/ibu/belajar/{nurs}{part}").status_code == 404
    page = f"/ibu/belajar/{own}"
    for act in ("tampil", "barang", "berhenti"):
        assert post(client, page, f"/ibu/belajar/{nurs}/{act}", is_shown="y").status_code == 404
    assert session.get(Enrolment, nurs).is_shown is False
    assert session.get(Enrolment, nurs).state == "enrolled"


@pytest.mark.parametrize("sent", ["0", "-1", "abc", "9" * 30, "1' or 1=1", "\x00"])
def test_hostile_goods_are_refused_with_a_sentence(client, session, parti, provider, sent):
    hers = a_completed(provider, parti)
    a_listing(a_seller(parti, an_organisation()))
    page = f"/ibu/belajar/{hers}"
    answer = post(client, page, f"{page}/barang", listings=sent)
    assert answer.status_code == 303
    assert "Daftar ini sudah berubah" in client.get(page).text
    assert session.scalars(select(ListingTraining)).all() == []


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "abc", "1.5"])
def test_a_class_that_is_no_number_is_not_found(client, parti, number):
    for path in ("/ibu/belajar/{}", "/ibu/belajar/kelas/{}", "/ibu/belajar/{}/berhenti"):
        assert client.get(path.format(number)).status_code == 404


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%25", "q=" + "x" * 5000, "hal=-3", "hal=9e9", "hal=" + "9" * 30]
)
def test_hostile_searches_find_nothing_and_break_nothing(client, parti, provider, query):
    enrolled(a_cohort(provider), parti)
    for path in ("/ibu/belajar", "/ibu/belajar/kelas"):
        assert client.get(f"{path}?{query}").status_code == 200


def test_a_form_without_its_token_changes_nothing(client, session, parti, provider):
    hers = a_completed(provider, parti)
    assert client.post(f"/ibu/belajar/{hers}/tampil", data={"is_shown": "y"}).status_code == 400
    assert session.get(Enrolment, hers).is_shown is False


def test_the_word_for_failing_is_never_said():
    root = Path(__file__).parents[3]
    sources = [
        *(root / "sellers/training").rglob("*.py"),
        *(root / "templates/sellers/training").rglob("*.html"),
    ]
    assert len(sources) > 30
    assert [path.name for path in sources if "gagal" in path.read_text().lower()] == []


def test_what_she_shows_and_what_buyers_read_are_the_same_words(client, parti, provider):
    cohort = a_cohort(provider)
    hers = enrolled(cohort, parti)
    present(a_session(cohort), hers)
    a_session(cohort)
    showing.show(actor=parti, enrolment_id=hers, is_shown=True)
    assert "Hadir 1 dari 2 pertemuan." in client.get(f"/ibu/belajar/{hers}").text


def test_the_task_of_a_class_leads_to_her_first_product(client, session, provider):
    phone = a_phone()
    woman = a_woman(phone=phone)
    shop = a_seller(woman, an_organisation())
    give(woman, SELL, shop.id)
    sign_in(client, show(phone))
    cohort = a_cohort(provider)
    a_session(cohort)
    hers = enrolled(cohort, woman)
    assert "Jadikan barang" not in client.get(f"/ibu/belajar/{hers}").text
    a_session(cohort, makes_listing=True)
    assert f'href="/ibu/produk/baru?kelas={hers}"' in client.get(f"/ibu/belajar/{hers}").text
    form = client.get(f"/ibu/produk/baru?kelas={hers}").text
    assert re.search(rf'name="training"[^>]*value="{hers}"', form)
