"""One page of what a group did: its figures, its words, its photo, and who may read it."""

import io
from datetime import timedelta

import pytest

from cooperatives import members
from cooperatives.activity import counting, drafting, reports
from cooperatives.activity.counting import Counted
from cooperatives.activity.reports import WrongDays
from cooperatives.models import ActivityReport
from cooperatives.rights import COORDINATE, TREASURE
from core import clock
from core.actors import SYSTEM
from core.db import db
from core.errors import NotFound
from tests.cooperatives.activity.factories import a_photo, an_activity_report
from tests.cooperatives.bazaars.factories import a_trip
from tests.cooperatives.bazaars.test_pages import body, me, post  # noqa: F401  (a fixture)
from tests.cooperatives.big_orders.factories import a_group, sealed
from tests.cooperatives.factories import a_cooperative
from tests.cooperatives.membership.test_network import tree  # noqa: F401  (a fixture)
from tests.factories import give
from tests.sellers.training.factories import (
    a_cohort,
    a_provider,
    a_session,
    a_woman,
    enrolled,
    present,
)

pytestmark = pytest.mark.service
NOTHING = Counted().kept()


def this_month(group_id):
    return an_activity_report(group_id).figures


def test_a_network_adds_up_its_groups_and_counts_nobody_twice(session, tree):  # noqa: F811
    top, left, right = tree
    figures = [this_month(board.id) for board in (top, left, right)]
    told = [(one["groups"], one["people"], one["rupiah"]) for one in figures]
    assert told == [(3, 2, 157_000), (1, 2, 107_000), (1, 1, 50_000)]
    assert [one["makers"] for one in figures] == [2, 2, 1]


def test_another_time_has_other_figures(session, tree):  # noqa: F811
    top, *_below = tree
    day = clock.today() - timedelta(days=300)
    past = an_activity_report(top.id, since=day, until=day).figures
    assert (past["rupiah"], past["people"], past["new_people"]) == (0, 0, 0)


def test_days_are_checked(session):
    group, today = a_cooperative(), clock.today()
    for since, until in (
        (today, today - timedelta(days=1)),
        (today, today + timedelta(days=1)),
        (today - timedelta(days=400), today),
    ):
        with pytest.raises(WrongDays):
            an_activity_report(group.id, since=since, until=until)


def test_at_a_bazaar_each_group_reports_its_own(session):
    trip = a_trip()
    told = {
        group.id: an_activity_report(group.id, about="bazaar", about_id=trip.bazaar.id).figures[
            "makers"
        ]
        for group in (trip.host, trip.guest)
    }
    assert told == {trip.host.id: 2, trip.guest.id: 1}
    with pytest.raises(NotFound):
        an_activity_report(a_cooperative().id, about="bazaar", about_id=trip.bazaar.id)


def test_a_class_is_reported_as_far_as_members_were_in_it(session):
    group, provider = a_cooperative(), a_provider()
    ours, absent, stranger = (a_woman(name) for name in ("Nur", "Tri", "Sri"))
    for woman in (ours, absent):
        members.join(actor=SYSTEM, cooperative_id=group.id, person_id=woman.person_id)
    cohort_id = a_cohort(provider)
    rows = [enrolled(cohort_id, woman) for woman in (ours, absent, stranger)]
    present(a_session(cohort_id), rows[0], rows[2])
    report = an_activity_report(group.id, about="cohort", about_id=cohort_id)
    assert (report.figures["people"], report.figures["learners"]) == (2, 1)
    assert "2 anggota terdaftar. 1 hadir." in report.who
    assert counting.classes_of(session, a_cooperative().id) == []
    with pytest.raises(NotFound):
        an_activity_report(a_cooperative().id, about="cohort", about_id=cohort_id)


def test_a_big_order_counts_once_it_is_binding(session):
    group = a_group((70, 70))
    order = sealed(group, 20)
    found = counting.of_period(session, group.cooperative.id, order.starts_on, order.due_on)
    assert found.big_orders == 1


@pytest.mark.parametrize("about", ["period", "bazaar", "cohort"])
def test_words_say_what_was_counted_and_leave_out_what_was_not(app, about):
    with app.test_request_context():
        empty = drafting.draft(about, "Alun-alun", "2 Mei 2026", NOTHING)
        assert set(empty) == set(drafting.PARTS)
        assert "sertifikat" not in empty["what"]
        full = drafting.draft(about, "Alun-alun", "2 Mei 2026", dict.fromkeys(NOTHING, 7))
        assert all(full[part] for part in ("what", "who"))
        assert drafting.figures(NOTHING) == []
        assert ("Nilai penjualan", "Rp\u00a07") in drafting.figures({"rupiah": 7})


def test_a_message_is_cut_at_a_word(app):
    with app.test_request_context():
        parts = {"what": "panen " * 400, "who": "", "money": "", "next_step": ""}
        text = drafting.whatsapp("Laporan", "Sendang", parts)
    assert len(text) <= drafting.WHATSAPP_MAX
    assert text.endswith("panen…")


def test_a_report_in_five_minutes(client, me):  # noqa: F811
    group = a_cooperative()
    give(me, COORDINATE, group.id)
    assert "Belum ada laporan" in body(client.get("/koord/laporan"))
    sent = {
        "group": group.id,
        "about": "bazaar",
        "since": "",
        "until": "",
        "bazaar": "",
        "cohort": "",
    }
    wrong = post(client, "/koord/laporan/baru", sent)
    assert wrong.status_code == 422
    today = clock.today().isoformat()
    made = post(client, "/koord/laporan/baru", {**sent, "about": "period", "since": today,
                                                "until": today})  # fmt: skip
    (report,) = db.session.query(ActivityReport)
    assert made.location == f"/koord/laporan/{report.id}/ubah"
    words = {"title": "", "what": "Panen bersama.", "next_step": "Belajar foto."}
    refused = post(client, made.location, words)
    assert refused.status_code == 422
    assert "Panen bersama." in body(refused)
    no_photo = {**words, "title": "Panen raya", "photo": (io.BytesIO(b"bukan foto"), "a.jpg")}
    assert post(client, made.location, no_photo).status_code == 422
    whole = {**words, "title": "Panen raya", "photo": (io.BytesIO(a_photo()), "a.jpg")}
    assert post(client, made.location, whole).status_code == 303
    page = f"/koord/laporan/{report.id}"
    shown = body(client.get(page))
    assert "Belajar foto." in shown
    assert "https://wa.me/?text=" in shown
    assert client.get(f"{page}/foto").content_type == "image/jpeg"
    assert client.get(f"{page}/cetak").data.startswith(b"%PDF")
    assert "Panen raya" in body(client.get("/koord/laporan?q=panen"))


def test_a_treasurer_reads_and_another_group_sees_nothing(client, me):  # noqa: F811
    group = a_cooperative()
    page = f"/koord/laporan/{an_activity_report(group.id).id}"
    give(me, TREASURE, group.id)
    assert client.get(page).status_code == 200
    assert client.get(f"{page}/ubah").status_code == 403
    other = f"/koord/laporan/{an_activity_report(a_cooperative().id).id}"
    assert client.get(other).status_code == 404
    with pytest.raises(NotFound):
        reports.change(actor=me, report_id=1, title="Milik orang", parts={})
