"""Serves simulators on loopback, each under its own name, with the switches' page at the root."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from orders.simulators import desk
from orders.simulators.switches import Switches

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Writes no line a request: they would drown the house's own."""

    def log_request(self, *_: Any) -> None:
        """Say nothing."""


def together(switches: Switches, apps: "Mapping[str, WSGIApplication]") -> "WSGIApplication":
    """All simulators as one application: `/midtrans/…`, `/stripe/…`, and the switches at `/`."""
    return DispatcherMiddleware(
        desk.create_app(switches, tuple(apps)), {f"/{name}": app for name, app in apps.items()}
    )


def server(app: "WSGIApplication", port: int = 0) -> BaseWSGIServer:
    """A server on loopback that answers many calls at once; port 0 takes any free one."""
    return make_server(HOST, port, app, threaded=True, request_handler=_Quiet)


@contextmanager
def serving(app: "WSGIApplication") -> Iterator[str]:
    """Serve in a thread while the block runs; yields the address."""
    served = server(app)
    thread = Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{served.server_port}"
    finally:
        served.shutdown()
        thread.join()
        served.server_close()
