"""The operator gives, confirms and ends rights; nobody else does, and never the last one."""

import pytest

from core import access, orgs, rights_desk
from core.access import SamePerson
from core.actors import SYSTEM
from core.db import db
from core.errors import NotFound
from core.rights import OPERATE
from sellers.rights import SELL
from sellers.training.rights import TEACH
from tests.cooperatives.factories import a_seller
from tests.factories import a_person, an_actor, an_organisation, give, sign_in, token_in

pytestmark = pytest.mark.service


@pytest.fixture
def operator_id(app):
    return orgs.operator(db.session()).id


@pytest.fixture
def operators(operator_id):
    made = [an_actor(f"Kelola {n}", phone=f"+62812345678{n}1") for n in range(2)]
    for actor in made:
        give(actor, OPERATE, operator_id)
    return made


def teach(operator, person, subject_id, **more):
    return rights_desk.give(
        actor=operator, person_id=person.id, right=TEACH, subject_id=subject_id, evidence="", **more
    )


def test_a_right_of_one_person_is_in_force_at_once(operators):
    school, person = an_organisation("sekolah", "provider"), a_person("Rina")
    teach(operators[0], person, school.id)
    held = rights_desk.held_by(db.session(), operators[0], person.id)
    assert [(one.right, one.subject, one.is_waiting) for one in held] == [(TEACH, "Sekolah", False)]
    assert access.people_who(db.session(), TEACH, school.id) == [person.id]


def test_a_right_of_two_people_waits_for_another_operator(operators, operator_id):
    person = a_person("Wulan", phone="+6281234567000")
    grant = rights_desk.give(
        actor=operators[0],
        person_id=person.id,
        right=OPERATE,
        subject_id=operator_id,
        evidence="rapat",
    )
    assert person.id not in access.people_who(db.session(), OPERATE, operator_id)
    with pytest.raises(SamePerson):
        rights_desk.confirm(actor=operators[0], grant_id=grant.id)
    waiting = rights_desk.waiting(db.session(), operators[1])
    assert [(held.grant.id, who.id) for held, who in waiting] == [(grant.id, person.id)]
    rights_desk.confirm(actor=operators[1], grant_id=grant.id)
    assert person.id in access.people_who(db.session(), OPERATE, operator_id)
    assert rights_desk.waiting(db.session(), operators[1]) == []


def test_the_same_right_is_held_once(operators):
    school, person = an_organisation("sekolah", "provider"), a_person("Rina")
    teach(operators[0], person, school.id)
    with pytest.raises(rights_desk.HeldAlready):
        teach(operators[1], person, school.id)


def test_a_right_is_on_something_that_is_there(operators):
    with pytest.raises(rights_desk.NoSuchSubject):
        teach(operators[0], a_person("Rina"), 10**9)


def test_the_last_operator_stays(operators, operator_id):
    mine, other = (
        rights_desk.held_by(db.session(), operators[0], actor.person_id)[0].grant
        for actor in operators
    )
    rights_desk.end(actor=operators[0], grant_id=other.id)
    with pytest.raises(rights_desk.LastOperator):
        rights_desk.end(actor=operators[0], grant_id=mine.id)
    assert access.people_who(db.session(), OPERATE, operator_id) == [operators[0].person_id]


def test_nobody_but_an_operator_sees_or_changes_rights(app, operator_id):
    stranger, person = an_actor("Orang"), a_person("Rina")
    waiting = access.give(actor=SYSTEM, person_id=person.id, right=TEACH, subject_id=operator_id)
    for forbidden in (
        lambda: rights_desk.find_people(db.session(), stranger, "Rina"),
        lambda: rights_desk.held_by(db.session(), stranger, person.id),
        lambda: rights_desk.waiting(db.session(), stranger),
        lambda: teach(stranger, person, operator_id),
        lambda: rights_desk.confirm(actor=stranger, grant_id=waiting.id),
        lambda: rights_desk.end(actor=stranger, grant_id=waiting.id),
    ):
        with pytest.raises(NotFound):
            forbidden()


@pytest.mark.parametrize("words", ["rin", "0812-3456-7890", "+62 812 3456 7890"])
def test_a_person_is_found_by_part_of_her_name_or_her_whole_number(operators, words):
    person = a_person("Rina", phone="+6281234567890")
    found = rights_desk.find_people(db.session(), operators[0], words)
    assert [one.id for one in found] == [person.id]


def test_an_operator_gives_a_right_on_the_pages(client, operators):
    school, person = an_organisation("sekolah", "provider"), a_person("Rina", phone="+6281199")
    sign_in(client, phone="0812-3456-7801")
    page = client.get(f"/kelola/orang/{person.id}/hak/teach?q=sekol")
    assert f'value="{school.id}"' in page.text
    sent = {"csrf_token": token_in(page), "subject": school.id, "evidence": "rapat Mei"}
    answer = client.post(f"/kelola/orang/{person.id}/hak/teach", data=sent)
    assert answer.status_code == 303
    shown = client.get(answer.location).text
    assert "Sekolah" in shown
    assert "rapat Mei" in shown
    again = client.post(f"/kelola/orang/{person.id}/hak/teach", data=sent)
    assert "sudah beliau punya" in again.text


@pytest.mark.parametrize("subject", ["", "abc", "-1", "9" * 30, "²"])
def test_an_odd_choice_gets_a_sentence(client, operators, subject):
    person = a_person("Rina", phone="+6281199")
    sign_in(client, phone="0812-3456-7801")
    path = f"/kelola/orang/{person.id}/hak/teach"
    sent = {"csrf_token": token_in(client.get(path)), "subject": subject, "evidence": "x"}
    answer = client.post(path, data=sent)
    assert answer.status_code == 200
    assert "Pilih dulu" in answer.text


def test_an_unknown_right_or_person_is_not_found(client, operators):
    sign_in(client, phone="0812-3456-7801")
    me = operators[0].person_id
    for path in (f"/kelola/orang/{me}/hak/sulap", "/kelola/orang/999999", "/kelola/orang/0"):
        assert client.get(path).status_code == 404


def test_the_shop_of_one_woman_is_opened_to_others_by_her_alone(client, operators):
    shop, other = a_seller(), a_person("Rina", phone="+6281199")
    sign_in(client, phone="0812-3456-7801")
    path = f"/kelola/orang/{other.id}/hak/sell"
    sent = {"csrf_token": token_in(client.get(path)), "subject": shop.id, "evidence": "rapat"}
    answer = client.post(path, data=sent)
    assert answer.status_code == 200
    assert "hanya boleh membantu dengan izin pemiliknya" in answer.text
    assert access.people_who(db.session(), SELL, shop.id) == []
    for person_id, subject in ((shop.person_id, shop), (other.id, a_seller(kind="cooperative"))):
        rights_desk.give(
            actor=operators[0], person_id=person_id, right=SELL, subject_id=subject.id, evidence=""
        )
        assert access.people_who(db.session(), SELL, subject.id) == [person_id]
