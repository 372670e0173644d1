"""Operators read every rule of law with its value, and nobody reads a secret there."""

import pytest

from core import config, orgs
from core.db import db
from core.rights import OPERATE
from tests.factories import an_actor, give, sign_in

pytestmark = pytest.mark.service


def test_an_operator_reads_the_rules_of_law(client):
    give(an_actor("Kelola"), OPERATE, orgs.operator(db.session()).id)
    sign_in(client)
    page = client.get("/kelola/aturan")
    assert page.status_code == 200
    assert "PP 80/2019" in page.text
    assert "LUMBUNG_HALAL_BLOCKS" in page.text


def test_no_secret_is_a_rule(app):
    names = {rule.env for rule in config.rules()}
    assert names
    assert not names & {"SECRET_KEY", "DATABASE_URL", "LUMBUNG_SMTP_URL"}
