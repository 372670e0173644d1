"""A member of a cooperative signed in, with her shop."""

import pytest

from tests.cooperatives.factories import a_cooperative
from tests.factories import sign_in
from tests.sellers.factories import a_shop


@pytest.fixture
def hers(client):
    """Her shop, whose cooperative has terms, and she herself."""
    shop, actor = a_shop(organisation=a_cooperative())
    sign_in(client)
    return shop, actor
