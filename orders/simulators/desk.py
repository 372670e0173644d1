"""The switches as a page and as JSON, and the manners that all simulators' pages share."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from orders.simulators.switches import ALWAYS, FAULTS, Switches

BODY_BYTES_MAX = 64 * 1024
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
HERE = Path(__file__).parent


def bare_app(name: str) -> Flask:
    """An application for a simulator: loopback names only, small bodies, no press from elsewhere.

    Its pages stand in orders/simulators/templates and extend `simulator.html`.
    """
    app = Flask(name, root_path=str(HERE), static_folder=None)
    app.config.update(TRUSTED_HOSTS=LOOPBACK, MAX_CONTENT_LENGTH=BODY_BYTES_MAX)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_refuse_other_sites)
    return app


def _refuse_other_sites() -> None:
    """Nobody signs in here, so no token is needed; other sites may still not press buttons."""
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def create_app(switches: Switches, names: Sequence[str]) -> Flask:
    """The page at the root: all faults, and the ways to the simulators."""
    app = bare_app("orders.simulators.desk")

    @app.get("/")
    def index() -> str:
        return render_template(
            "switches.html", faults=FAULTS, state=switches.state(), names=names, always=ALWAYS
        )

    @app.post("/")
    def press() -> AnyResponse:
        _set(switches, request.form)
        return redirect(url_for("index"), code=303)

    @app.get("/switches.json")
    def state() -> Response:
        return jsonify(switches.state())

    @app.post("/switches.json")
    def change() -> Response:
        _set(switches, request.get_json())
        return jsonify(switches.state())

    return app


def _set(switches: Switches, wanted: Mapping[str, object]) -> None:
    try:
        switches.set(**{name: int(str(times)) for name, times in wanted.items()})
    except (KeyError, ValueError, AttributeError):
        abort(400)
