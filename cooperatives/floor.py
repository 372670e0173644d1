"""Puts the cooperatives' floor together."""

from collections.abc import Mapping

from flask import Flask

from cooperatives import lease, members, models, promises_books, promises_stock
from cooperatives.consignment import TermsSettings
from cooperatives.settings import CooperativeSettings
from core import config, doctor, news

TABLES_AND_JOBS = (lease, members, models)  # Imported so that migrations and the worker see them.


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Lay the floor on top of sellers."""
    config.register(app, CooperativeSettings, environ)
    config.register(app, TermsSettings, environ)
    news.subscribe(app, "pin_forgotten", members.pin_forgotten)
    doctor.register(app, *promises_stock.ALL, *promises_books.ALL)
