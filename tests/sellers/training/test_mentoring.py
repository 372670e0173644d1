"""Mentoring: one goal, notes she shows or hides, and a mentor who sees only what was opened."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import NotFound
from core.notices import Notice
from core.phones import show
from sellers.training import mentor_pages, mentoring
from tests.factories import an_organisation, sign_in, token_in
from tests.sellers.training.factories import (
    a_cohort,
    a_facilitator,
    a_listing,
    a_phone,
    a_provider,
    a_seller,
    a_woman,
    enrolled,
)

pytestmark = pytest.mark.service


class Pair:
    """A woman of a class, her mentor, and the facilitator who asked her."""

    def __init__(self, **phones):
        self.provider = a_provider()
        self.rina = a_facilitator(self.provider, phone=phones.get("rina"))
        self.parti = a_woman("Parti", phone=phones.get("parti"))
        self.mentor = a_woman("Ratna", phone=phones.get("mentor"))
        self.cohort = a_cohort(self.provider)
        self.hers = enrolled(self.cohort, self.parti)
        self.id = mentoring.begin(
            actor=self.rina,
            enrolment_id=self.hers,
            mentor_id=self.mentor.person_id,
            ends_on=clock.today() + timedelta(days=90),
        )
        self.name = {"mentoring_id": self.id}

    def seen(self, session):
        return mentor_pages.get_as_mentor(session, self.mentor, self.id)


@pytest.fixture
def pair(session):
    return Pair()


def test_both_hear_of_it_and_one_goal_is_agreed_by_either(session, pair):
    told = {notice.person_id for notice in session.query(Notice)}
    assert told == {pair.parti.person_id, pair.mentor.person_id}
    mentoring.agree(actor=pair.mentor, goal="Label rapi", **pair.name)
    mentoring.agree(actor=pair.parti, goal="80 dus sebulan", **pair.name)
    assert pair.seen(session).goal == "80 dus sebulan"
    with pytest.raises(NotFound):
        mentoring.agree(actor=pair.rina, goal="Lain", **pair.name)


def test_the_mentor_sees_only_what_was_opened_and_never_money(session, pair):
    a_listing(a_seller(pair.parti, an_organisation()))
    assert mentor_pages.opened_goods(session, pair.seen(session)) == []
    assert mentor_pages.opened_classes(session, pair.seen(session)) == []
    mentoring.open_to_mentor(actor=pair.parti, opened=["goods", "money", "classes"], **pair.name)
    seen = pair.seen(session)
    assert seen.opened == ["goods", "classes"]
    assert [vars_of(one) for one in mentor_pages.opened_goods(session, seen)] == [
        ("Keripik pisang", "live")
    ]
    assert len(mentor_pages.opened_classes(session, seen)) == 1
    mentoring.open_to_mentor(actor=pair.parti, opened=[], **pair.name)
    assert mentor_pages.opened_goods(session, pair.seen(session)) == []
    with pytest.raises(NotFound):
        mentoring.open_to_mentor(actor=pair.mentor, opened=["goods"], **pair.name)


def vars_of(goods):
    return goods.name, goods.state


def test_she_shows_and_hides_each_note(session, pair):
    first, second = (
        mentoring.write_note(actor=pair.mentor, words=words, **pair.name) for words in ("a", "b")
    )

    def shown():
        found = mentor_pages.list_notes(session, [pair.id], all_of_them=False)
        return [note.words for note in found]

    assert shown() == []
    mentoring.show_note(actor=pair.parti, note_id=second, is_shown=True, **pair.name)
    assert shown() == ["b"]
    with pytest.raises(NotFound):
        mentoring.show_note(actor=pair.mentor, note_id=first, is_shown=True, **pair.name)
    mentoring.stop(actor=pair.parti, **pair.name)
    mentoring.show_note(actor=pair.parti, note_id=second, is_shown=False, **pair.name)
    assert shown() == []
    with pytest.raises(NotFound):
        mentoring.write_note(actor=pair.parti, words="x", **pair.name)


def test_it_ends_with_a_review_and_everything_is_closed(session, pair):
    mentoring.open_to_mentor(actor=pair.parti, opened=["goods"], **pair.name)
    with pytest.raises(NotFound):
        mentoring.end(actor=pair.mentor, outcome="stopped", review="x", **pair.name)
    mentoring.end(actor=pair.mentor, outcome="partly", review="Label sudah rapi.", **pair.name)
    seen = pair.seen(session)
    assert (seen.outcome, seen.review, list(seen.opened)) == ("partly", "Label sudah rapi.", [])
    for late in (
        lambda: mentoring.write_note(actor=pair.mentor, words="x", **pair.name),
        lambda: mentoring.remind(actor=pair.mentor, **pair.name),
        lambda: mentoring.open_to_mentor(actor=pair.parti, opened=["goods"], **pair.name),
        lambda: mentoring.stop(actor=pair.parti, **pair.name),
    ):
        with pytest.raises(mentoring.AlreadyEnded):
            late()


def test_who_may_go_with_whom(session, pair):
    begin = {"enrolment_id": pair.hers, "ends_on": clock.today()}
    ratna = pair.mentor.person_id
    with pytest.raises(mentoring.HasMentor):
        mentoring.begin(actor=pair.rina, mentor_id=ratna, **begin)
    mentoring.stop(actor=pair.parti, **pair.name)
    with pytest.raises(mentoring.OwnMentor):
        mentoring.begin(actor=pair.rina, mentor_id=pair.parti.person_id, **begin)
    with pytest.raises(mentoring.EndsInThePast):
        mentoring.begin(
            actor=pair.rina,
            enrolment_id=pair.hers,
            mentor_id=ratna,
            ends_on=clock.today() - timedelta(days=1),
        )
    stranger = a_facilitator(a_provider("lain"), "Mira")
    with pytest.raises(NotFound):
        mentoring.begin(actor=stranger, mentor_id=ratna, **begin)
    assert mentoring.begin(actor=pair.rina, mentor_id=ratna, **begin)


def test_a_kind_word_is_sent_once_a_day(session, pair):
    before = session.query(Notice).count()
    for _turn in range(3):
        mentoring.remind(actor=pair.mentor, **pair.name)
    assert session.query(Notice).count() == before + 1


def post(client, path, page=None, **values):
    return client.post(path, data={"csrf_token": token_in(client.get(page or path)), **values})


def test_the_mentors_pages(client, session):
    phone = a_phone()
    pair = Pair(mentor=phone)
    sign_in(client, show(phone))
    path = f"/mentor/{pair.id}"
    assert "Bu Parti" in client.get("/mentor").text
    assert "Ia yang memilih" in client.get(path).text
    wrong = post(client, path, goal="", meets_at="besok")
    assert "belum diisi" in wrong.text
    assert "2026-11-22 09:00" in wrong.text
    assert post(client, path, goal="Label rapi", meets_at="2027-01-05T13:00").status_code == 303
    assert "5 Januari 2027, 13.00 WIB" in client.get(path).text
    assert post(client, f"{path}/catatan", path, words="Hitung biaya.").status_code == 303
    assert (
        "belum diisi" in client.get(post(client, f"{path}/catatan", path, words="").location).text
    )
    assert "1 dari 3 catatan" in client.get(path).text
    assert post(client, f"{path}/ingatkan", path).status_code == 303
    assert post(client, f"{path}/selesai", outcome="x", review="Ya").status_code == 200
    done = post(client, f"{path}/selesai", outcome="reached", review="Sudah bisa.")
    assert done.status_code == 303
    page = client.get(path).text
    assert "Tujuannya tercapai" in page
    assert 'name="words"' not in page


def test_her_pages(client, session):
    phone = a_phone()
    pair = Pair(parti=phone)
    note_id = mentoring.write_note(actor=pair.mentor, words="Hitung biaya.", **pair.name)
    sign_in(client, show(phone))
    path = f"/ibu/pendamping/{pair.id}"
    assert "Hanya kita berdua" in client.get(path).text
    assert post(client, f"{path}/catatan/{note_id}/tampil", path).status_code == 303
    assert "Tampil untuk lembaga" in client.get(path).text
    assert post(client, path, opened=["goods"]).status_code == 303
    assert pair.seen(session).opened == ["goods"]
    assert "Pendamping saya" in client.get("/mentor").text
    assert post(client, f"{path}/berhenti").status_code == 303
    assert "Dihentikan" in client.get(path).text


def test_the_facilitators_pages(client, session):
    phone, ratna = a_phone(), a_phone()
    pair = Pair(rina=phone, mentor=ratna)
    nur = enrolled(pair.cohort, a_woman("Nur"))
    mentoring.write_note(actor=pair.mentor, words="Rahasia kita.", **pair.name)
    sign_in(client, show(phone))
    page = client.get(f"/fasilitator/{pair.cohort}/pendampingan").text
    assert "Bu Ratna" in page
    assert "Rahasia kita." not in page
    path = f"/fasilitator/{pair.cohort}/pendamping/{nur}"
    day = (clock.today() + timedelta(days=60)).isoformat()
    assert "belum terdaftar" in post(client, path, phone="0812-9999-0000", ends_on=day).text
    early = post(client, path, phone=show(ratna), ends_on="2020-01-01")
    assert "sudah lewat" in early.text
    assert post(client, path, phone=show(ratna), ends_on=day).status_code == 303
    assert "sudah punya" in post(client, path, phone=show(ratna), ends_on=day).text
    assert client.get(f"/fasilitator/{pair.cohort}/pendamping/999999").status_code == 404
