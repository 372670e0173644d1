"""Puts together activity reports; the cooperatives' floor calls it."""

from flask import Flask
from flask_babel import lazy_gettext as _

from cooperatives.activity.views import desk
from cooperatives.rights import COORDINATE, TREASURE
from core import nav
from core.nav import Entry


def init_app(app: Flask) -> None:
    """Register what reports bring."""
    app.register_blueprint(desk.bp)
    board = (COORDINATE, TREASURE)
    nav.register(app, Entry("account", _("Laporan kegiatan"), "activity.index", "book", 53, board))
