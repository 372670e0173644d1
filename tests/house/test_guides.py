"""Help is everywhere: each page of a maker has a guide, in plain steps, that leads on somewhere."""

import pytest

from core import guides
from core.guides import MODES, STEPS_MAX
from tests.house import matrix
from tests.house.test_help import pages

pytestmark = pytest.mark.service
ADD_A_GUIDE = (
    "{} has no guide: name it (or its blueprint) in the guides.py of its floor,"
    " with at most three steps (docs/selling.md, Help)"
)


def every_guide(house):
    return house.extensions["guides"].by_name.values()


def test_every_page_of_a_maker_has_a_guide(house):
    sellers = {endpoint for endpoint, gate in matrix.PAGES.items() if "seller" in gate.split()}
    under_ibu = {rule.endpoint for rule in pages(house)}
    with house.app_context():
        for rule in house.url_map.iter_rules():
            is_hers = rule.endpoint in sellers | under_ibu
            if is_hers and "GET" in rule.methods:
                assert guides.find(rule.endpoint), ADD_A_GUIDE.format(rule.endpoint)


def test_every_guide_is_for_a_page_that_is_there(house):
    endpoints = set(house.view_functions)
    known = endpoints | {endpoint.partition(".")[0] for endpoint in endpoints}
    for guide in every_guide(house):
        assert set(guide.pages) <= known, guide.name


def test_every_guide_is_short(house):
    for guide in every_guide(house):
        assert 1 <= len(guide.steps) <= STEPS_MAX == 3
        assert len(guide.name) <= 20, "it is a part of addresses and of the figures"


def test_every_guide_leads_to_a_part_of_the_help_page(client):
    page = client.get("/bantuan").text
    for guide in every_guide(client.application):
        assert f'id="{guide.chapter}"' in page, f"{guide.name} leads nowhere"


def test_the_ways_of_asking_are_few():
    assert MODES == ("guide", "voice", "person", "document")
