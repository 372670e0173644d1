"""Puts the cooperatives' floor together."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from cooperatives import lease, members, models, promises_books, promises_stock
from cooperatives.consignment import TermsSettings
from cooperatives.rights import COORDINATE
from cooperatives.settings import CooperativeSettings
from cooperatives.views import coordinator
from core import config, doctor, nav, news
from core.nav import Entry

TABLES_AND_JOBS = (lease, members, models)  # Imported so that migrations and the worker see them.


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Lay the floor on top of sellers."""
    config.register(app, CooperativeSettings, environ)
    config.register(app, TermsSettings, environ)
    app.register_blueprint(coordinator.bp)
    nav.register(
        app,
        Entry("account", _("Meja koordinator"), "coordinator.desk", "people", 50, (COORDINATE,)),
    )
    news.subscribe(app, "pin_forgotten", members.pin_forgotten)
    doctor.register(app, *promises_stock.ALL, *promises_books.ALL)
