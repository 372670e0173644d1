"""A seller signed in."""

import pytest

from tests.factories import sign_in
from tests.sellers.factories import a_shop


@pytest.fixture
def hers(client):
    """Her shop and she herself, signed in."""
    shop, actor = a_shop()
    sign_in(client)
    return shop, actor
