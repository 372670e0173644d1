"""What she has allowed others: seen on one page, ended one by one, by her alone."""

import pytest

from cooperatives import cash_takers
from cooperatives.membership import edges
from core import access
from core.access import Grant
from core.actors import Actor
from core.errors import NotFound
from core.people import Person
from sellers.helping import mandates
from sellers.helping.models import Mandate
from sellers.models import Seller
from sellers.rights import GOODS, STOCK
from sellers.training import showing
from tests.cooperatives.books_factories import somebody
from tests.cooperatives.factories import a_seller
from tests.cooperatives.help_factories import a_mandate
from tests.factories import a_person, send, sign_in
from tests.sellers.factories import a_shop
from tests.sellers.training.factories import a_completed, a_provider

pytestmark = pytest.mark.service
PAGE = "/ibu/izin-kelompok"


@pytest.fixture
def helped(session):
    """A maker, her mandate of two parts, and the helper acting by it."""
    seller = a_seller()
    mandate, acting = a_mandate(seller, somebody(), GOODS, STOCK)
    return seller, mandate, acting


def edge(session, seller, part):
    found = edges.list_of(session, Actor(seller.person_id))
    return next(one.grant_id for one in found if one.right_name == part.name)


def test_one_part_ends_and_the_other_goes_on(session, helped):
    seller, mandate, acting = helped
    owner = Actor(seller.person_id)
    edges.end(actor=owner, grant_id=edge(session, seller, STOCK))
    assert access.subjects(session, acting, STOCK) == frozenset()
    assert access.subjects(session, acting, GOODS) == {seller.id}
    assert mandates.parts_of(session, mandate) == [GOODS]
    assert mandate.ended_at is None


def test_with_the_last_one_the_mandate_ends(session, helped):
    seller, mandate, _acting = helped
    for part in (STOCK, GOODS):
        edges.end(actor=Actor(seller.person_id), grant_id=edge(session, seller, part))
    session.expire_all()
    assert session.get(Mandate, mandate.id).ended_at is not None
    assert edges.list_of(session, Actor(seller.person_id)) == []
    assert mandates.parts_of(session, mandate) == [STOCK, GOODS]  # What it gave while it lived.


def test_nobody_else_ends_an_edge_of_hers_nor_she_another_right(session, helped):
    seller, mandate, acting = helped
    grant_id = edge(session, seller, STOCK)
    for stranger in (Actor(mandate.helper_id), acting, Actor(a_seller().person_id)):
        with pytest.raises(NotFound):
            edges.end(actor=stranger, grant_id=grant_id)
    own = session.query(Grant).filter_by(person_id=seller.person_id, on_behalf_of=None).first()
    with pytest.raises(NotFound):
        edges.end(actor=Actor(seller.person_id), grant_id=own.id)
    assert access.subjects(session, acting, STOCK) == {seller.id}


def test_she_sees_them_on_one_page_and_ends_one_with_one_tap(client, session):
    shop, actor = a_shop()
    helper_id = somebody()
    a_mandate(session.get(Seller, shop.id), helper_id, GOODS, STOCK, actor=actor)
    sign_in(client)
    page = client.get("/ibu/izin-kelompok")
    assert session.get(Person, helper_id).name in page.text
    assert str(STOCK.label) in page.text
    (one,) = [e for e in edges.list_of(session, actor) if e.right_name == STOCK.name]
    answer = send(client, f"/ibu/izin-kelompok/{one.grant_id}/cabut", "/ibu/izin-kelompok")
    assert answer.status_code == 303
    assert len(edges.list_of(session, actor)) == 1


def test_she_names_who_takes_her_cash_and_hides_a_class_on_the_same_page(client, session):
    _shop, actor = a_shop()
    neighbour = a_person("Wagiyem", phone="+6281299990001")
    enrolment_id = a_completed(a_provider(), actor)
    showing.show(actor=actor, enrolment_id=enrolment_id, is_shown=True)
    sign_in(client)
    form = f"{PAGE}/penerima"
    assert "belum terdaftar" in send(client, form, phone="0812 0000 1111").text
    assert send(client, form, phone="0812 9999 0001").location.endswith(PAGE)
    page = client.get(PAGE).text
    assert "Jualan dari HP" in page
    (taker,) = cash_takers.list_of(session, actor.person_id)
    assert (taker.taker_id, taker.call_me in page) == (neighbour.id, True)
    assert send(client, f"{form}/{taker.id}/cabut", PAGE).status_code == 303
    assert cash_takers.list_of(session, actor.person_id) == []
    assert send(client, f"/ibu/belajar/{enrolment_id}/tampil", PAGE).status_code == 303
    assert "Belum ada kelas yang tampil." in client.get(PAGE).text
