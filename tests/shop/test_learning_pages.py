"""Pages of classes that anybody reads: all she should know stands there before she signs up."""

import pytest

from core.phones import show
from sellers.training import showing
from sellers.training.models import Programme
from tests.factories import an_organisation, sign_in
from tests.sellers.training.factories import (
    a_cohort,
    a_completed,
    a_phone,
    a_programme,
    a_provider,
    a_seller,
    a_session,
    a_woman,
)
from tests.shop.test_product_page import FIRST_ANSWER_MAX

pytestmark = pytest.mark.service


@pytest.fixture
def programme(session):
    provider = a_provider()
    before = a_programme(provider, "Berani Mulai")
    programme_id = a_programme(
        provider,
        "Jualan dari HP",
        kinds=("car", "online"),
        level="next",
        skills=("foto-produk",),
        fee=10_000,
        prerequisite_id=before,
        description="Foto, harga, pesanan pertama.",
        family_words="Selesai sebelum anak pulang.",
        has_childcare=True,
    )
    cohort_id = a_cohort(provider, programme_id=programme_id, name="Mulai Desember", seats=20)
    a_session(
        cohort_id,
        days=3,
        zone="WITA",
        place="Balai Desa",
        landmark="Sebelah masjid",
        loan_phones=8,
        weather="rain",
        data_mb=40,
        summary="Inti foto terang.",
    )
    return session.get(Programme, programme_id)


def test_everything_is_said_before_she_signs_up(client, programme):
    page = client.get(f"/belajar/{programme.slug}").text
    for words in (
        "Rp\u00a010.000",
        "Mobil keliling, Daring",
        "Lanjutan",
        "Berani Mulai",
        "Boleh, ada yang menjaga",
        "Patokan: Sebelah masjid",
        "8 HP pinjaman",
        "Hujan, tunggu kabar",
        "Kuota kira-kira 40 MB",
        "WITA (",
        "Inti foto terang.",
        "Sisa 20 tempat",
        "Foto produk",
    ):
        assert words in page
    assert "/ibu/belajar/kelas/" in page


def test_the_list_is_narrowed_by_its_address(client, programme):
    assert "Jualan dari HP" in client.get("/belajar?bentuk=car&tingkat=next&ilmu=foto-produk").text
    nothing = client.get("/belajar?bentuk=gathering").text
    assert "Belum ketemu" in nothing
    assert "Lihat semua kelas" in nothing
    # What is no choice does not narrow, and no typed sign breaks the page.
    assert "Jualan dari HP" in client.get("/belajar?bentuk=drop&provinsi=99&hal=abc").text
    assert client.get("/belajar?q=%00%25&hal=99").status_code == 200
    assert "Belum ketemu" in client.get("/belajar?provinsi=94&bentuk=in_person").text


def test_a_provider_has_a_page_of_its_own(client, programme):
    page = client.get("/belajar/lembaga/komunitas").text
    assert "Kelas dari Komunitas" in page
    assert "Jualan dari HP" in page
    assert client.get("/belajar/lembaga/tidak-ada").status_code == 404
    assert client.get("/belajar/tidak-ada").status_code == 404


def test_the_page_for_the_family_can_be_shared(client, programme):
    page = client.get(f"/belajar/{programme.slug}/keluarga").text
    assert "Selesai sebelum anak pulang." in page
    assert "1 pertemuan, bersama 1 jam 30 menit." in page
    assert "https://wa.me/?text=" in page


def test_alumnae_are_named_by_their_shops_alone(client, session, programme):
    phone = a_phone()
    woman = a_woman("Nurhayati Sastro", phone=phone)
    a_seller(woman, an_organisation("sendang"), "keripik-nur")
    provider = session.get(Programme, programme.prerequisite_id)
    done = a_completed(a_provider("lain"), woman, programme_id=provider.id, name="lalu")
    path = f"/belajar/{provider.slug}"
    assert "Keripik-Nur" not in client.get(path).text
    showing.show(actor=woman, enrolment_id=done, is_shown=True)
    page = client.get(path).text
    assert 'href="/toko/keripik-nur"' in page
    assert "Sastro" not in page
    assert phone[-7:] not in page
    showing.show(actor=woman, enrolment_id=done, is_shown=False)
    assert "Keripik-Nur" not in client.get(path).text


def test_who_has_a_seat_is_told_on_the_way_in(client, programme):
    phone = a_phone()
    a_woman(phone=phone)
    sign_in(client, show(phone))
    assert client.get(f"/belajar/{programme.slug}").status_code == 200


def test_a_full_list_and_a_full_programme_paint_in_one_answer(client, session, programme):
    provider = a_provider("sanggar")
    for turn in range(25):
        name = f"Aman dan Berlabel {turn}: P-IRT, Halal, Label"
        cohort_id = a_cohort(provider, programme_id=a_programme(provider, name, kinds=("car",)))
        a_session(cohort_id, days=turn + 1, place=f"Balai Desa {turn}", data_mb=turn)
    for turn in range(8):
        a_session(cohort_id, days=turn + 30, place=f"Balai Desa {turn}", landmark="Dekat musala")
    for path in ("/belajar", "/belajar/aman-dan-berlabel-24-p-irt-halal-label"):
        answer = client.get(path, headers={"Accept-Encoding": "br"})
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == "br"
        weight = len(answer.data) + len(str(answer.headers))
        assert weight <= FIRST_ANSWER_MAX, f"{path} weighs {weight}"
