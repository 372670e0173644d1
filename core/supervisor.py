"""Several processes kept together: all of them run, or none does."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from core.children import dying_with_us

PAUSE_SECONDS = 0.1
GRACE_SECONDS = 6.0  # What is asked to stop gets so long before it is killed.
ASKS_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked us to stop: Ctrl-C, a signal, or a closed terminal."""


class Fallen(Exception):
    """A part ended by itself or never came up; the message says which, for a person."""


@dataclass(frozen=True)
class Child:
    """A process to keep: what a person calls it, and how it is started."""

    name: str
    argv: tuple[str, ...]


class Supervisor:
    """Starts children and watches over them. Use it from the main thread, and always `stop` it.

    Every wait goes through `_pause`, so a wish to stop or a fallen part ends any of them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[str]] = []
        self._watched: dict[str, Callable[[], int | None]] = {}
        self._asked = False
        for number in ASKS_TO_STOP:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self._asked = True

    def watch(self, name: str, ended: Callable[[], int | None]) -> None:
        """Watch over something that was started elsewhere; `ended` tells its return code."""
        self._watched[name] = ended

    def start(self, child: Child, env: Mapping[str, str]) -> None:
        """Start a child that should run until we stop it."""
        process = self._spawn(child, env, None)
        self.watch(child.name, lambda: _ended(process))

    def finish(self, child: Child, env: Mapping[str, str]) -> str:
        """Run a child to its end and return what it wrote. Raises Fallen if it fails."""
        process = self._spawn(child, env, subprocess.PIPE)
        while True:
            with suppress(subprocess.TimeoutExpired):
                written, _ = process.communicate(timeout=PAUSE_SECONDS)
                break
            self._check()
        self._processes.remove(process)
        if process.returncode:
            raise Fallen(
                f"{child.name} failed ({_told(process.returncode)}). The lines above say why."
            )
        return written

    def wait_for(self, name: str, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready` says so. Raises Fallen if that takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise Fallen(f"{name} gave no answer within {seconds:g} seconds.")
            self._pause()

    def watch_over(self) -> NoReturn:
        """Watch until it is over: raises Stopped or Fallen."""
        while True:
            self._pause()

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """End every child, gently for some seconds; nothing of them is left afterwards."""
        # The process numbers are safe to use: ended children were not yet waited for.
        left = [process for process in self._processes if process.returncode is None]
        for process in left:
            os.kill(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + grace
        while time.monotonic() < deadline and any(_ended(process) is None for process in left):
            time.sleep(PAUSE_SECONDS / 5)
        for process in left:
            with process:  # Waits for it and closes its pipe.
                os.killpg(process.pid, signal.SIGKILL)  # And what it left behind in its session.

    def _spawn(
        self, child: Child, env: Mapping[str, str], stdout: int | None
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603  # Our own programs, no shell.
            child.argv,
            cwd=self._folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            text=True,
            start_new_session=True,  # Ctrl-C in the terminal reaches us alone.
            preexec_fn=dying_with_us(signal.SIGTERM),
        )
        self._processes.append(process)
        return process

    def _pause(self) -> None:
        self._check()
        time.sleep(PAUSE_SECONDS)

    def _check(self) -> None:
        if self._asked:
            raise Stopped
        for name, ended in self._watched.items():
            if (code := ended()) is not None:
                raise Fallen(f"{name} ended by itself ({_told(code)}).")


def _ended(process: subprocess.Popen[str]) -> int | None:
    """The return code of an ended child, which stays to be waited for."""
    if process.returncode is not None:
        return process.returncode
    end = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if end is None:
        return None
    return end.si_status if end.si_code == os.CLD_EXITED else -end.si_status


def _told(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
