"""Asking other people's servers: few at a time, never for long, and not at all while they are down.

A web worker has few threads, and a shop whose threads all wait for a gateway is closed. So at most
`SLOTS` threads of a process may wait for one server; whoever comes then is told at once and comes
back later. After some failures in a row nobody asks for a while (a circuit breaker). And nobody
asks while a transaction is open: its locks and its connection would wait with her.
"""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import TypeVar

import structlog
from circuitbreaker import CircuitBreaker

from core.config import remembered
from core.db import leave
from core.errors import RemoteError

T = TypeVar("T")
log = structlog.get_logger()

SLOTS = 2
FAILURES = 3
REST_SECONDS = 20


class TooBusy(RemoteError):
    """Enough threads wait for this server already; try again in some seconds."""


class Down(RemoteError):
    """It failed several times in a row and is left in peace for a while."""


class Remote:
    """Somebody else's server, as one process sees it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._slots = BoundedSemaphore(SLOTS)
        self._breaker = CircuitBreaker(
            failure_threshold=FAILURES,
            recovery_timeout=REST_SECONDS,
            expected_exception=_is_failure,
            name=name,
        )

    def call(self, ask: Callable[[], T]) -> T:
        """Ask, outside any transaction. Raises TooBusy, Down, or whatever `ask` raises."""
        leave(f"asking {self.name}")
        if self._breaker.opened:
            raise Down(self.name)
        if not self._slots.acquire(blocking=False):
            raise TooBusy(self.name)
        try:
            with self._breaker:
                return ask()
        except RemoteError as failed:
            log.warning("remote.failed", remote=self.name, kind=type(failed).__name__)
            raise
        finally:
            self._slots.release()


def _is_failure(kind: type[BaseException], error: BaseException) -> bool:  # noqa: ARG001
    """Only silence and broken answers count; a clear no shows that the server is well."""
    return kind is RemoteError


def remote(name: str) -> Remote:
    """The one view this process has of a server."""
    known: dict[str, Remote] = remembered("remotes")
    return known.setdefault(name, Remote(name))
