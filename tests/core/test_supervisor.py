"""Keeping several processes together, with real ones."""

import os
import signal
import time
from pathlib import Path

import pytest

from core.supervisor import Child, Fallen, Stopped, Supervisor


def gone(pid, seconds=5.0):
    """Whether a process ended, even if nobody has taken note of it yet."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if ") Z " in Path(f"/proc/{pid}/stat").read_text():
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def supervisor(tmp_path):
    handlers = {number: signal.getsignal(number) for number in (1, 2, 15)}
    supervisor = Supervisor(tmp_path)
    yield supervisor
    supervisor.stop(0.1)
    for number, handler in handlers.items():
        signal.signal(number, handler)


def shell(name, script):
    return Child(name, ("sh", "-c", script))


def test_a_child_that_will_not_stop_is_killed_with_what_it_left_behind(supervisor, tmp_path):
    script = "trap '' TERM; sleep 600 & echo $! > grandchild; wait; sleep 600"
    supervisor.start(shell("A stubborn part", script), os.environ)
    supervisor.wait_for("A stubborn part", (tmp_path / "grandchild").exists, 5)
    time.sleep(0.1)
    grandchild = int((tmp_path / "grandchild").read_text())
    began = time.monotonic()
    supervisor.stop(0.3)
    assert time.monotonic() - began < 2
    assert gone(grandchild)


def test_a_part_that_never_answers_is_named(supervisor):
    with pytest.raises(Fallen, match="The web server gave no answer within"):
        supervisor.wait_for("The web server", lambda: False, 0.2)


def test_a_wish_to_stop_ends_a_wait(supervisor):
    supervisor.start(shell("A part", "kill -TERM $PPID; sleep 600"), os.environ)
    with pytest.raises(Stopped):
        supervisor.wait_for("The web server", lambda: False, 20)


def test_a_part_that_falls_ends_a_preparation(supervisor):
    supervisor.start(shell("A part", "exit 4"), os.environ)
    with pytest.raises(Fallen, match=r"A part ended by itself \(exit code 4\)"):
        supervisor.finish(shell("Preparing", "sleep 600"), os.environ)


def test_a_long_output_is_kept_whole(supervisor):
    script = "sleep 0.3; yes lumbung | head -n 50000"
    assert supervisor.finish(shell("Preparing", script), os.environ).count("lumbung\n") == 50000
