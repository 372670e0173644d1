"""Pages of scholarships: the way from opening a batch to the record that anybody can check."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.phones import show
from sellers.training import scholarships, verdicts
from sellers.training.scholarship_models import Judgement, Scholarship
from tests.factories import sign_in, token_in
from tests.sellers.training.factories import (
    a_cohort,
    a_facilitator,
    a_phone,
    a_provider,
    a_woman,
    enrolled,
)
from tests.sellers.training.test_scholarships import a_batch, asks, drawn, judged, over

pytestmark = pytest.mark.service


@pytest.fixture
def provider(session):
    return a_provider()


def signed_in(client, make, *args):
    phone = a_phone()
    actor = make(*args, phone=phone)
    sign_in(client, show(phone))
    return actor


def post(client, path, page=None, **values):
    return client.post(path, data={"csrf_token": token_in(client.get(page or path)), **values})


def test_a_facilitator_opens_a_batch_by_its_form(client, session, provider):
    signed_in(client, a_facilitator, provider)
    cohort = a_cohort(provider)
    path = f"/fasilitator/{cohort}/beasiswa"
    assert "Beasiswa" in client.get(f"/fasilitator/{cohort}").text
    wrong = post(client, path, apply_until="2020-01-01", method="judged", criteria="Semangat = 10")
    assert "sudah lewat" in wrong.text
    day = clock.today().isoformat()
    for criteria, method in (("Semangat", "judged"), ("", "judged"), ("Semangat = 999", "judged")):
        answer = post(client, path, apply_until=day, method=method, criteria=criteria)
        assert answer.status_code == 200
        assert criteria in answer.text
    answer = post(
        client,
        path,
        apply_until=day,
        method="judged",
        criteria="Semangat belajar = 10\nRencana usaha: 5",
        first_timers_first="y",
    )
    assert answer.status_code == 303
    batch = session.scalars(select(Scholarship)).one()
    assert batch.criteria == [["Semangat belajar", 10], ["Rencana usaha", 5]]
    assert "Belum ada pendaftar" in client.get(path).text
    taken = a_cohort(provider, name="penuh")
    enrolled(taken, a_woman())
    late = post(client, f"/fasilitator/{taken}/beasiswa", apply_until=day, method="drawn")
    assert "sudah punya peserta" in late.text


def test_she_asks_and_withdraws(client, session, provider):
    cohort = a_cohort(provider)
    slug = drawn(cohort)
    path = f"/beasiswa/{slug}"
    assert "Daftar beasiswa" in client.get(path).text
    assert slug in client.get("/beasiswa").text
    signed_in(client, a_woman, "Nur")
    assert "belum diisi" in post(client, f"{path}/daftar", words=" ").text
    assert post(client, f"{path}/daftar", words="Saya ingin belajar.").status_code == 303
    page = client.get(path).text
    assert "Ibu sudah mendaftar." in page
    assert "Saya ingin belajar." in client.get(f"{path}/daftar").text
    assert "Buka halaman beasiswa" not in page
    assert post(client, f"{path}/batal", path).status_code == 303
    assert "Ibu sudah mendaftar." not in client.get(path).text
    over(cohort)
    assert "sudah ditutup" in post(client, f"{path}/daftar", words="Lagi").text


def test_a_judge_says_it_once_and_sees_others_only_after(client, session, provider):
    rina = signed_in(client, a_facilitator, provider)
    ratna = a_facilitator(provider, "Ratna")
    cohort = a_cohort(provider)
    a_batch(cohort)
    number = asks(a_woman("Nur"), cohort)
    own = asks(rina, cohort)
    scholarships.judge(actor=ratna, application_id=number, points=[7, 4], reason="Tekun sekali.")
    path = f"/fasilitator/{cohort}/beasiswa/{number}"
    assert "Perlu dinilai" in client.get(f"/fasilitator/{cohort}/beasiswa").text
    assert "Tekun sekali." not in client.get(path).text
    for points in (["11", "1"], ["1"], ["x", "1"], []):
        page = post(client, path, points=points, reason="Ya.")
        assert "Isi nilai untuk setiap ukuran" in page.text
    assert "belum diisi" in post(client, path, points=["1", "1"], reason="").text
    assert post(client, path, points=["9", "5"], reason="Rencananya jelas.").status_code == 303
    page = client.get(path).text
    assert "Tekun sekali." in page
    assert 'name="points"' not in page
    assert session.scalars(
        select(Judgement.points).where(Judgement.judge_id == rina.person_id)
    ).one() == [9, 5]
    mine = f"/fasilitator/{cohort}/beasiswa/{own}"
    assert "dinilai orang lain" in client.get(mine).text
    assert client.get(f"/fasilitator/{cohort}/beasiswa/999999").status_code == 404


def test_seats_are_given_after_a_question_and_the_record_has_no_names(client, session, provider):
    rina = signed_in(client, a_facilitator, provider)
    ratna = a_facilitator(provider, "Ratna")
    cohort = a_cohort(provider, seats=1)
    slug = a_batch(cohort)
    numbers = [asks(a_woman(name), cohort) for name in ("Nurhayati", "Sulastri")]
    path = f"/fasilitator/{cohort}/beasiswa/putuskan"
    assert "masih dibuka" in post(client, path).text
    over(cohort)
    assert "Belum semua pendaftar" in post(client, path).text
    for number, points in zip(numbers, ([10, 5], [1, 1]), strict=True):
        judged((rina, ratna), number, points, points)
    assert "Bagi tempat sekarang?" in client.get(path).text
    assert post(client, path).status_code == 303
    page = client.get(f"/beasiswa/{slug}").text
    assert "Nurhayati" not in page
    assert "Sulastri" not in page
    assert "15.00" in page
    seed = session.scalars(select(Scholarship.seed)).one()
    assert seed in page
    assert len(re.findall("Mendapat tempat", page)) == 1
    assert "Nurhayati" in client.get(f"/fasilitator/{cohort}/beasiswa").text


def test_she_reads_what_became_of_her_application(client, session, provider):
    cohort = a_cohort(provider, seats=1)
    slug = drawn(cohort)
    woman = signed_in(client, a_woman, "Nur")
    asks(woman, cohort)
    over(cohort)
    assert "Menunggu putusan" in client.get("/beasiswa").text
    verdicts.decide(actor=a_facilitator(provider), cohort_id=cohort)
    page = client.get(f"/beasiswa/{slug}").text
    assert "Ibu mendapat tempat." in page
    assert "(Ibu)" in page.replace("<b>", "").replace("</b>", "")


def test_a_scholarship_is_closed_with_half_a_year_filled_in(client, provider):
    signed_in(client, a_facilitator, provider)
    cohort = a_cohort(provider)
    drawn(cohort)
    path = f"/fasilitator/{cohort}/tutup"
    soon = (clock.today() + timedelta(days=9)).isoformat()
    assert "enam bulan" in post(client, path, follow_up_on=soon).text
    day = re.search(r'name="follow_up_on"[^>]*value="([^"]+)"', client.get(path).text)[1]
    assert post(client, path, follow_up_on=day).status_code == 303
    assert (
        "pendaftaran beasiswa"
        in post(
            client, f"/fasilitator/{a_open_one(provider)}/peserta/baru", phone=show(a_known())
        ).text
    )


def a_known():
    phone = a_phone()
    a_woman("Tri", phone=phone)
    return phone


def a_open_one(provider):
    cohort = a_cohort(provider, name="terbuka")
    drawn(cohort)
    return cohort
