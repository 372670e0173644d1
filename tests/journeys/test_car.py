"""The training car: a village reads its road, asks it to come, and its provider answers."""

import pytest

from core.phones import show
from tests.journeys.conftest import DESK
from tests.sellers.training.factories import (
    a_cohort,
    a_facilitator,
    a_phone,
    a_programme,
    a_provider,
    a_session,
    a_woman,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def road(committed):
    """Two stops of a car; gives the numbers of a woman and of who teaches."""
    provider = a_provider("mobil-pintar")
    programme_id = a_programme(provider, "Jualan dari HP", kinds=("car",))
    cohort_id = a_cohort(provider, programme_id=programme_id)
    for days, weather in ((2, "clear"), (9, "put_off")):
        a_session(
            cohort_id, days=days, title="Foto terang", place="Balai Desa Reco", weather=weather,
            landmark="sebelah masjid", district_code="330708", loan_phones=8,
        )  # fmt: skip
    numbers = a_phone(), a_phone()
    a_woman("Parti", phone=numbers[0])
    a_facilitator(provider, phone=numbers[1])
    return [show(number) for number in numbers]


def test_a_village_asks_the_car_to_come(road, phone, desk):
    phone.go("/mobil")
    phone.must_be_usable()
    phone.keep("car-road")
    phone.page.get_by_role("link", name="Minta mobil datang").click()
    page = phone.sign_in(road[0], at=None)
    page.get_by_label("Kecamatan").fill("Kertek, Wonosobo")
    page.get_by_label("Patokan tempat berhenti").fill("Lapangan sebelah balai desa")
    page.get_by_label("Kira-kira berapa ibu yang ikut").fill("12")
    phone.must_be_usable()
    phone.keep("car-ask")
    page.get_by_role("button", name="Kirim permintaan").click()
    page.get_by_text("Menunggu jawaban").wait_for()
    phone.must_be_usable()
    desk.go("/mobil").must_be_usable()
    desk.keep("car-road-desk")
    page = desk.sign_in(road[1])
    desk.go("/fasilitator/mobil").must_be_usable()
    desk.keep("car-wishes-desk")
    page.get_by_role("link", name="Kertek").click()
    page.get_by_label("Jawaban").fill("Kami datang 3 Mei, jam 9.")
    desk.must_be_usable()
    page.set_viewport_size({"width": 360, "height": 740})
    desk.must_be_usable()
    desk.keep("car-answer")
    page.set_viewport_size(DESK)
    page.get_by_role("button", name="Kirim jawaban").click()
    phone.go("/mobil/minta").page.get_by_text("Kami datang 3 Mei").wait_for()
    phone.must_be_usable()
    phone.keep("car-answered")
