"""How a simulator tells the house: signed notices from a thread of its own, with faults on request.

What is documented of a gateway's repetitions is a `RetryTable`; time runs `speed` times as fast.
"""

import heapq
import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any, Protocol

import requests

from orders.simulators.switches import Switches

ANSWER_SECONDS = 15.0
DELAY_SECONDS = 3_000.0  # At a hundredfold speed half a minute.
APART_SECONDS = 500.0  # How long a held-back notice waits for one to change places with.
TOLD_MAX = 500
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice ready to be sent: exactly these bytes."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Signer(Protocol):
    """How one gateway signs what it tells."""

    def signed(self, event: Event) -> Letter:
        """The notice as it should be."""

    def forged(self, event: Event) -> Letter:
        """Signed with a key that is not the gateway's."""

    def edited(self, event: Event) -> Letter:
        """Rightly signed, then changed to tell of more than there is."""


@dataclass(frozen=True, slots=True)
class RetryTable:
    """What a gateway repeats: `times` by our answer's code (None: no answer), and the pauses."""

    pauses_seconds: tuple[float, ...]
    times: Callable[[int | None], int]


@dataclass(frozen=True, slots=True)
class Told:
    """One sending, for people and tests to look at: which notice, which try, what was answered."""

    number: int
    tries: int
    answer: int | None


@dataclass(order=True, slots=True)
class _Job:
    """A letter in the queue, by the time it is due and then by the order of arrival."""

    due: float
    position: int
    number: int = field(compare=False)
    tries: int = field(compare=False)
    letter: Letter = field(compare=False)


class Delivery:
    """Sends notices to one address, in order, until it is closed."""

    def __init__(
        self,
        address: str,
        signer: Signer,
        retries: RetryTable,
        switches: Switches,
        speed: float = 100.0,
    ) -> None:
        self._address, self._signer, self._retries = address, signer, retries
        self._switches, self._speed = switches, speed
        self._queue: list[_Job] = []
        self._held: int | None = None  # The number of a notice that waits to be overtaken.
        self._positions, self._numbers = itertools.count(), itertools.count(1)
        self._is_busy, self._is_closed = False, False
        self._wake = Condition()
        self._told: list[Told] = []
        self._thread: Thread | None = None
        self._http = requests.Session()
        self._http.trust_env = False

    def tell(self, event: Event) -> None:
        """Send a notice of an event as soon as it may go; faults that are switched on strike."""
        if self._switches.strikes("silent"):
            return
        letter = self._letter(event)
        copies = 3 if self._switches.strikes("duplicate") else 1
        wait = DELAY_SECONDS if self._switches.strikes("delay") else 0.0
        with self._wake:
            number = next(self._numbers)
            is_held = self._held is None and self._switches.strikes("reorder")
            for _copy in range(copies):
                self._put(APART_SECONDS if is_held else wait, number, 0, letter)
            if is_held:
                self._held = number
            elif self._held is not None:
                self._bring_forward(self._held)
            self._start()

    def told(self) -> list[Told]:
        """What has been sent so far, oldest first."""
        with self._wake:
            return list(self._told)

    def drain(self, seconds: float = 10.0) -> None:
        """Wait until nothing is left to send, repetitions included; raises TimeoutError."""
        with self._wake:
            if not self._wake.wait_for(lambda: not self._queue and not self._is_busy, seconds):
                raise TimeoutError(f"{len(self._queue)} notices are still to be sent")

    def close(self) -> None:
        """Send no more."""
        with self._wake:
            self._is_closed = True
            self._queue.clear()
            self._wake.notify_all()
        if self._thread:
            self._thread.join(ANSWER_SECONDS)
        self._http.close()

    def _letter(self, event: Event) -> Letter:
        if self._switches.strikes("forged"):
            return self._signer.forged(event)
        if self._switches.strikes("edited_status"):
            return self._signer.edited(event)
        return self._signer.signed(event)

    def _put(self, wait: float, number: int, tries: int, letter: Letter) -> None:
        due = time.monotonic() + wait / self._speed
        heapq.heappush(self._queue, _Job(due, next(self._positions), number, tries, letter))
        self._wake.notify_all()

    def _bring_forward(self, number: int) -> None:
        """The one held back goes right after the one that overtook it."""
        self._held = None
        for job in self._queue:
            if job.number == number:
                job.due, job.position = time.monotonic(), next(self._positions)
        heapq.heapify(self._queue)

    def _start(self) -> None:
        if self._thread is None:
            self._thread = Thread(target=self._work, name="notices", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while job := self._next():
            answer = self._post(job.letter)
            with self._wake:
                self._told = [*self._told, Told(job.number, job.tries, answer)][-TOLD_MAX:]
                if job.tries < self._retries.times(answer) and not self._is_closed:
                    pause = self._retries.pauses_seconds[job.tries]
                    self._put(pause, job.number, job.tries + 1, job.letter)
                self._is_busy = False
                self._wake.notify_all()

    def _next(self) -> _Job | None:
        """The next letter when its time has come; None when closed."""
        with self._wake:
            while not self._is_closed:
                left = self._queue[0].due - time.monotonic() if self._queue else None
                if left is not None and left <= 0:
                    job = heapq.heappop(self._queue)
                    if self._held == job.number:
                        self._held = None  # Nobody came to overtake it.
                    self._is_busy = True
                    return job
                self._wake.wait(left)
        return None

    def _post(self, letter: Letter) -> int | None:
        try:
            answer = self._http.post(
                self._address,
                data=letter.body,
                headers={"Content-Type": "application/json", **letter.headers},
                timeout=ANSWER_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException:
            return None
        return answer.status_code
