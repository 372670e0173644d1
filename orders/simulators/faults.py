"""What goes wrong between a gateway's machine interface and whoever calls it."""

import socket
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NoReturn

from orders.simulators.switches import Switches

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HANG_SECONDS = 20.0


class Faulty:
    """Wraps an application: on calls of machines it loses answers, breaks, or falls silent.

    `is_call` tells calls of machines, by their path, from the pages that people click.
    """

    def __init__(
        self,
        inner: "WSGIApplication",
        switches: Switches,
        is_call: Callable[[str], bool],
        hang_seconds: float = HANG_SECONDS,
    ) -> None:
        self._inner, self._switches, self._is_call = inner, switches, is_call
        self._hang_seconds = hang_seconds

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer, or not."""
        if not self._is_call(environ.get("PATH_INFO", "")):
            return self._inner(environ, start)
        if self._switches.strikes("hang"):
            time.sleep(self._hang_seconds)
            _cut(environ)
        if self._switches.strikes("fail_5xx"):
            start("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"<html><body><h1>502 Bad Gateway</h1></body></html>"]
        if self._switches.strikes("lose_answer"):
            for _part in self._inner(environ, start):
                pass  # The deed is done; nobody will hear of it.
            _cut(environ)
        return self._inner(environ, start)


def _cut(environ: "WSGIEnvironment") -> NoReturn:
    """Close the connection under the caller; werkzeug's server takes it for a dropped one."""
    connection: socket.socket = environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError("a simulated fault")
