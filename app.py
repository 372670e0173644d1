"""The roof: puts the floors together. Only the server, the worker and the tests import it."""

import os
from collections.abc import Mapping

from flask import Flask

import cooperatives.floor
import core.floor
import orders.floor
import sellers.floor
import shop.floor
from core import web

FLOORS = (core.floor, sellers.floor, cooperatives.floor, orders.floor, shop.floor)


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Build the house from the ground up; `environ` stands in for the environment in tests."""
    app = Flask(__name__, static_folder=None)
    for floor in FLOORS:
        floor.init_app(app, os.environ if environ is None else environ)
    for endpoint in app.view_functions:
        web.gate_of(app, endpoint)
    return app
