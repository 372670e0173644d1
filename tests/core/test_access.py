"""Rights: held on a subject, until a day, revocable at once, and some need two people."""

from datetime import timedelta

import pytest

from core import access, clock
from core.actors import GUEST
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
