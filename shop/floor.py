"""Puts the shop floor together."""

from collections.abc import Mapping

from flask import Flask

from shop import commands
from shop.views import home


def init_app(app: Flask, environ: Mapping[str, str]) -> None:  # noqa: ARG001
    """Lay the top floor."""
    app.register_blueprint(home.bp)
    commands.init_app(app)
