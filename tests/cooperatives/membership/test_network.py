"""The tree of groups: each level adds up once, nobody stands above herself."""

import pytest

from cooperatives import members
from cooperatives.accounts import Owner
from cooperatives.membership import network
from cooperatives.membership.network import Circle
from core.actors import SYSTEM
from core.errors import NotFound
from core.orgs import Organisation
from core.rights import OPERATE
from tests.cooperatives.books_factories import earned_sale, house_id, parties
from tests.cooperatives.factories import a_cooperative
from tests.cooperatives.membership.factories import a_board, a_member
from tests.factories import an_actor, give, send, sign_in

pytestmark = pytest.mark.service


@pytest.fixture
def tree(session):
    """A network with two groups below it, who share one member."""
    boards = [a_board() for _ in range(3)]
    top, left, right = boards
    for below in (left, right):
        network.put_under(actor=SYSTEM, organisation_id=below.id, parent_id=top.id)
    both, one = a_member(left), a_member(left)
    members.join(actor=SYSTEM, cooperative_id=right.id, person_id=both.person_id)
    for group, member, amount in ((left, both, 100_000), (right, both, 50_000), (left, one, 7_000)):
        earned_sale((parties(Owner(person_id=member.person_id), group.id), amount))
    return boards


def test_who_is_in_two_groups_counts_once_above_them(session, tree):
    top, left, _right = tree
    (branch,) = network.branches(session, top.coordinator)
    told = [(lvl, len(one.people), one.sold) for lvl, one in branch.flat()]
    assert told == [(0, 2, 157_000), (1, 2, 107_000), (1, 1, 50_000)]
    (own,) = network.branches(session, left.coordinator)
    assert (len(own.people), own.sold, own.below) == (2, 107_000, [])


def test_nobody_stands_above_herself(session, tree):
    top, left, right = tree
    with pytest.raises(Circle):
        network.put_under(actor=SYSTEM, organisation_id=top.id, parent_id=left.id)
    network.put_under(actor=SYSTEM, organisation_id=right.id, parent_id=left.id)
    with pytest.raises(Circle):
        network.put_under(actor=SYSTEM, organisation_id=left.id, parent_id=right.id)


def test_only_an_operator_plants_the_tree(session, tree):
    top, left, _right = tree
    with pytest.raises(NotFound):
        network.put_under(actor=top.coordinator, organisation_id=left.id, parent_id=None)


def test_an_operator_says_it_on_the_page_of_the_group(client, session):
    above, below = a_cooperative("jaringan"), a_cooperative("sendang")
    give(an_actor(), OPERATE, house_id())
    sign_in(client)
    page = f"/kelola/organisasi/{below.id}"
    assert send(client, f"{page}/induk", page, induk=str(above.id)).status_code == 303
    session.expire_all()
    assert session.get(Organisation, below.id).parent_id == above.id
    send(client, f"{page}/induk", page, induk=str(below.id))
    session.expire_all()
    assert session.get(Organisation, below.id).parent_id == above.id
