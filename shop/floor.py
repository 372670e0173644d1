"""Puts the shop floor together."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from core import config, doctor, drawing, guides, nav, news, privacy, visitor
from core.nav import Entry
from core.rights import OPERATE
from sellers.rights import SELL
from shop import commands, complaint_promises, vocabulary
from shop.guides import GUIDES
from shop.privacy import KEEPER
from shop.settings import ShopSettings
from shop.views import (
    basket,
    bazaars,
    car,
    catalogue,
    checkout,
    complaints,
    cookie,
    home,
    learning,
    makers,
    packages,
    pages,
    product,
    promote,
)


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Lay the top floor."""
    config.register(app, ShopSettings, environ)
    app.register_blueprint(home.bp)
    app.register_blueprint(catalogue.bp)
    app.register_blueprint(product.bp)
    app.register_blueprint(promote.bp)
    app.register_blueprint(makers.bp)
    app.register_blueprint(bazaars.bp)
    app.register_blueprint(packages.bp)
    app.register_blueprint(learning.bp)
    app.register_blueprint(car.bp)
    news.subscribe(app, "listing_published", vocabulary.learn_words)
    app.register_blueprint(basket.bp)
    app.register_blueprint(checkout.bp)
    app.context_processor(cookie.page_words)
    drawing.differ_by(app, cookie.basket_count)
    visitor.keep_when_entering(app, cookie.BASKET, cookie.DISTRICT, cookie.LINKS)
    app.register_blueprint(pages.bp)
    app.register_blueprint(complaints.bp)
    nav.register(
        app,
        Entry("package.public", _("Halaman paket"), "packages.show"),
        Entry("listing.public", _("Halaman barang"), "product.show"),
        Entry("account", _("Promosi"), "promote.index", "share", 33, (SELL,)),
        Entry("account", _("Aduan"), "complaints.desk", "help", 80, (OPERATE,)),
    )
    guides.register(app, *GUIDES)
    doctor.register(app, *complaint_promises.ALL)
    privacy.register(app, KEEPER)
    commands.init_app(app)
