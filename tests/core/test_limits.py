"""Tries are counted for everybody together and forgotten after a while."""

import pytest
import time_machine

from core import limits
from core.errors import TooMany

pytestmark = pytest.mark.service


def spend(times, key="pin:1"):
    for _ in range(times):
        limits.spend(key=key, most=3, seconds=60)


def test_the_fourth_try_of_three_is_refused(app):
    spend(3)
    with pytest.raises(TooMany):
        spend(1)


def test_another_key_is_not_touched(app):
    spend(3)
    spend(1, key="pin:2")


def test_the_count_starts_again_after_the_window(app):
    with time_machine.travel("2026-11-22 10:00:00+07:00", tick=False) as clock:
        spend(3)
        clock.shift(61)
        spend(3)


def test_success_forgets_the_tries(app):
    spend(3)
    limits.forget(key="pin:1")
    spend(3)
