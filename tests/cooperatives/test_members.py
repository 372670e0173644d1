"""Members: who belongs where, since when, and whose coordinators are asked for help."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from cooperatives import consignment, members
from cooperatives.members import Founding, LeftBeforeJoining, NameTaken
from cooperatives.models import Membership
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core import clock, orgs, tasks
from core.access import RIGHTS
from core.actors import SYSTEM, Actor
from core.errors import NotFound
from core.rights import OPERATE
from tests.cooperatives.factories import a_cooperative
from tests.factories import a_person, an_actor, give

pytestmark = pytest.mark.service


def join(cooperative, person_id, actor=SYSTEM, **more):
    return members.join(actor=actor, cooperative_id=cooperative.id, person_id=person_id, **more)


def leave(cooperative, person_id, actor=SYSTEM, **more):
    return members.leave(actor=actor, cooperative_id=cooperative.id, person_id=person_id, **more)


def a_coordinator(cooperative):
    actor = an_actor("Umi")
    give(actor, COORDINATE, cooperative.id)
    return actor


def test_the_rights_of_the_floor():
    assert [str(RIGHTS[r.name].label) for r in (COORDINATE, TREASURE, KEEP)] == [
        "Koordinator",
        "Bendahara",
        "Penjaga kios",
    ]
    assert [r.subject_kind for r in (COORDINATE, TREASURE, KEEP)] == [
        "organisation",
        "organisation",
        "place",
    ]
    assert [r.two_people for r in (COORDINATE, TREASURE, KEEP)] == [False, True, False]


def test_a_cooperative_is_founded_with_its_organisation_and_terms(session):
    founding = Founding(
        slug="sendang",
        name="Koperasi Perempuan Sendang Lumbung",
        short_name="Sendang Lumbung",
        founded_on=date(2019, 4, 21),
        group_values=["Amanah", "Santun"],
    )
    cooperative = members.found(actor=SYSTEM, founding=founding)
    assert orgs.get_organisation(session, "sendang").id == cooperative.id
    assert cooperative.group_values == ["Amanah", "Santun"]
    first = consignment.current_terms(session, cooperative.id, date(2019, 4, 21))
    assert first.version == 1


def test_a_joint_group_is_founded_the_same_way(session):
    founding = Founding(
        slug="canting", name="KUB Canting", short_name="Canting", kind="joint_group"
    )
    assert members.found(actor=SYSTEM, founding=founding).id
    assert orgs.get_organisation(session, "canting").kind == "joint_group"


def test_only_the_operator_founds(session):
    operator, stranger = an_actor("Pengelola"), an_actor("Lain")
    give(operator, OPERATE, orgs.operator(session).id)
    founding = Founding(slug="giri", name="Giri", short_name="Giri")
    with pytest.raises(NotFound):
        members.found(actor=stranger, founding=founding)
    assert members.found(actor=operator, founding=founding).id


def test_a_short_address_is_taken_once(session):
    a_cooperative("sendang")
    with pytest.raises(NameTaken):
        a_cooperative("sendang")


def test_a_member_joins_once_and_keeps_her_first_day(session):
    cooperative, person_id = a_cooperative(), a_person().id
    first = join(cooperative, person_id, joined_on=date(2020, 1, 2))
    assert join(cooperative, person_id).id == first.id
    assert first.joined_on == date(2020, 1, 2)
    assert session.scalar(select(func.count()).select_from(Membership)) == 1


def test_she_may_belong_to_two_and_come_back_after_leaving(session):
    cooperative, other, person_id = a_cooperative(), a_cooperative(), a_person().id
    join(cooperative, person_id)
    join(other, person_id)
    leave(cooperative, person_id)
    belongs = [row.cooperative_id for row in members.memberships_of(session, person_id)]
    assert belongs == [other.id]
    join(cooperative, person_id)
    belongs = {row.cooperative_id for row in members.memberships_of(session, person_id)}
    assert belongs == {cooperative.id, other.id}


def test_she_may_leave_by_herself_but_not_send_another_away(session):
    cooperative, person_id, other = a_cooperative(), a_person().id, a_person("Nur").id
    join(cooperative, person_id)
    join(cooperative, other)
    with pytest.raises(NotFound):
        leave(cooperative, other, actor=Actor(person_id))
    assert leave(cooperative, person_id, actor=Actor(person_id)).left_on == clock.today()


def test_nobody_leaves_before_she_joined_or_where_she_is_not(session):
    cooperative, person_id = a_cooperative(), a_person().id
    with pytest.raises(NotFound):
        leave(cooperative, person_id)
    join(cooperative, person_id)
    with pytest.raises(LeftBeforeJoining):
        leave(cooperative, person_id, left_on=clock.today() - timedelta(days=1))


def test_a_coordinator_takes_in_for_her_own_cooperative_only(session):
    cooperative, other = a_cooperative(), a_cooperative()
    umi = a_coordinator(cooperative)
    assert join(cooperative, a_person("Nur").id, actor=umi).id
    with pytest.raises(NotFound):
        join(other, a_person("Maryam").id, actor=umi)


def test_nobody_joins_who_is_not_there(session):
    with pytest.raises(NotFound):
        join(a_cooperative(), 999_999)


def test_the_board_lists_its_members_page_by_page(session):
    cooperative, other = a_cooperative(), a_cooperative()
    umi = a_coordinator(cooperative)
    for name in ("Sumirah", "Wagiyem", "Nur"):
        join(cooperative, a_person(name).id)
    first = members.list_members(session, umi, cooperative.id, most=2)
    rest = members.list_members(session, umi, cooperative.id, after=first[-1].id)
    assert [row.name for row in [*first, *rest]] == ["Sumirah", "Wagiyem", "Nur"]
    with pytest.raises(NotFound):
        members.list_members(session, umi, other.id)
    with pytest.raises(NotFound):
        members.list_members(session, an_actor("Lain"), cooperative.id)


def test_the_coordinators_of_all_her_cooperatives_are_asked_to_help_with_a_pin(session):
    cooperative, other = a_cooperative(), a_cooperative()
    umi, second, stranger = a_coordinator(cooperative), a_coordinator(other), an_actor("Lain")
    person = a_person("Sumirah")
    join(cooperative, person.id)
    join(other, person.id)
    for _ in range(2):  # News may be told twice.
        members.pin_forgotten.run(person_id=person.id)
    for coordinator in (umi, second):
        (task,) = tasks.list_for(session, coordinator)
        assert task.sentence == "Bu Sumirah lupa PIN. Temui beliau dan buatkan PIN baru."
        assert task.link == f"/koord/pin/{person.id}"
    assert tasks.list_for(session, stranger) == []


def test_where_she_has_left_nobody_is_asked(session):
    cooperative = a_cooperative()
    umi, person = a_coordinator(cooperative), a_person()
    join(cooperative, person.id)
    leave(cooperative, person.id)
    members.pin_forgotten.run(person_id=person.id)
    members.pin_forgotten.run(person_id=999_999)
    assert tasks.list_for(session, umi) == []
