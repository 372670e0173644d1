"""Rights: held on a subject, until a day, revocable at once, and some need two people."""

from datetime import timedelta

import pytest

from core import access, clock
from core.actors import GUEST, Actor
from core.errors import Forbidden, NotFound
from core.rights import OPERATE
from tests.factories import an_actor, an_organisation, give

pytestmark = pytest.mark.service


def test_a_grant_covers_its_subject_only(session):
    actor, one, other = an_actor(), an_organisation("satu"), an_organisation("dua")
    give(actor, OPERATE, one.id)
    assert access.subjects(session, actor, OPERATE) == {one.id}
    access.require(session, actor, OPERATE, one.id)
    with pytest.raises(NotFound):
        access.require(session, actor, OPERATE, other.id)


def test_a_revoked_grant_is_gone_at_once(session):
    actor, org = an_actor(), an_organisation()
    grant = give(actor, OPERATE, org.id)
    access.revoke(actor=actor, grant_id=grant.id)
    assert access.rights_of(session, actor) == frozenset()


def test_a_grant_ends_on_its_day(session):
    actor, org = an_actor(), an_organisation()
    grant = give(actor, OPERATE, org.id)
    grant.until = clock.now() - timedelta(seconds=1)
    session.commit()
    assert access.people_who(session, OPERATE, org.id) == []


def test_two_people_make_an_operator(session):
    first, second, new, org = an_actor("Satu"), an_actor("Dua"), an_actor("Tiga"), an_organisation()
    grant = access.give(actor=first, person_id=new.person_id, right=OPERATE, subject_id=org.id)
    assert access.rights_of(session, new) == frozenset()
    for wrong in (first, new):
        with pytest.raises(access.SamePerson):
            access.confirm(actor=wrong, grant_id=grant.id)
    access.confirm(actor=second, grant_id=grant.id)
    assert access.rights_of(session, new) == {"operate"}


def test_a_guest_holds_nothing(session):
    assert access.subjects(session, GUEST, OPERATE) == frozenset()
    with pytest.raises(Forbidden):
        access.check(access.Gate("holds", (OPERATE,)), GUEST, frozenset())
    with pytest.raises(Forbidden):
        access.check(access.SIGNED_IN, GUEST, frozenset())


@pytest.fixture
def part(monkeypatch):
    """A right that is a part of a wider one."""
    monkeypatch.setattr(access, "RIGHTS", dict(access.RIGHTS))
    return access.declare("operate.x", subject_kind="organisation", label="x", part_of=OPERATE)


def test_who_holds_the_whole_holds_its_parts(session, part):
    actor, org = an_actor(), an_organisation()
    give(actor, OPERATE, org.id)
    assert access.subjects(session, actor, part) == {org.id}
    assert access.rights_of(session, actor) == {"operate", "operate.x"}
    assert access.people_who(session, part, org.id) == [actor.person_id]
    asked = session.execute(access.asked_of(actor, part)).all()
    assert asked == [("operate.x", org.id)]


def test_a_part_counts_only_on_behalf_of_who_gave_it(session, part):
    helper, owner, org = an_actor("Umi"), an_actor("Sumirah"), an_organisation()
    access.give(
        actor=owner,
        person_id=helper.person_id,
        right=part,
        subject_id=org.id,
        on_behalf_of=owner.person_id,
    )
    acting = Actor(helper.person_id, owner.person_id)
    assert access.subjects(session, acting, part) == {org.id}
    assert access.subjects(session, acting, OPERATE) == frozenset()
    for other in (helper, Actor(helper.person_id, helper.person_id), owner):
        assert access.rights_of(session, other) == frozenset()
    assert access.people_who(session, part, org.id) == [helper.person_id]
    assert access.people_who(session, OPERATE, org.id) == []


def test_what_she_holds_herself_does_not_count_while_she_helps(session):
    helper, owner, org = an_actor("Umi"), an_actor("Sumirah"), an_organisation()
    give(helper, OPERATE, org.id)
    assert access.rights_of(session, Actor(helper.person_id, owner.person_id)) == frozenset()


def test_a_part_is_given_on_behalf_of_somebody_or_not_at_all(session, part):
    with pytest.raises(AssertionError):
        give(an_actor(), part, an_organisation().id)
