"""Puts the orders' floor together."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from core import config, doctor, nav, news
from core.nav import Entry
from orders import due, earning, endings, models, promises
from orders.settings import OrderSettings
from orders.shipping import ShippingSettings
from orders.views import buyer

# Imported so that migrations and the worker see them.
TABLES_AND_JOBS = (models, earning, endings)


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Lay the floor on top of cooperatives."""
    config.register(app, OrderSettings, environ)
    config.register(app, ShippingSettings, environ)
    app.register_blueprint(buyer.bp)
    nav.register(app, Entry("account", _("Pesanan saya"), "orders.mine", "basket", 10))
    news.subscribe(app, "order_due", due.ask_makers)
    doctor.register(app, *promises.ALL)
