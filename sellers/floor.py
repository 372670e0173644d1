"""Puts the sellers' floor together."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from core import config, nav
from core.nav import Entry
from sellers import models, permits, shops
from sellers.rights import SELL
from sellers.settings import SellerSettings
from sellers.training import floor as training
from sellers.views import listings, parts, shop
from sellers.views import permits as permit_pages

TABLES_AND_JOBS = (models, permits, shops)  # Imported so that migrations and the worker see them.


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Lay the floor on top of core."""
    config.register(app, SellerSettings, environ)
    for pages in (shop, listings, parts, permit_pages):
        app.register_blueprint(pages.bp)
    nav.register(
        app,
        Entry("account", _("Barang saya"), "my_listings.index", "box", 20, (SELL,)),
        Entry("account", _("Toko saya"), "my_shop.profile", "home", 25, (SELL,)),
        Entry("account", _("Izin usaha"), "my_permits.index", "check", 30, (SELL,)),
    )
    training.init_app(app, environ)
