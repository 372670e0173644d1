"""Puts the sellers' floor together."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from core import config, day, doctor, guides, nav, news, privacy, subjects
from core.nav import Entry
from core.rights import OPERATE
from sellers import awaited, her_day, models, permits, shops
from sellers.guides import GUIDES
from sellers.helping import models as helping
from sellers.helping import promises, ways_back
from sellers.helping.settings import HelpSettings
from sellers.privacy import KEEPER
from sellers.rights import PARTS, SELL, SHELF, SHOP
from sellers.settings import SellerSettings
from sellers.training import floor as training
from sellers.views import home, listings, operator, pack_labels, parts, shop
from sellers.views import permits as permit_pages

TABLES_AND_JOBS = (
    awaited,
    helping,
    models,
    permits,
    shops,
    ways_back,
)  # Imported so that migrations and the worker see them.


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Lay the floor on top of core."""
    config.register(app, SellerSettings, environ)
    config.register(app, HelpSettings, environ)
    doctor.register(app, *promises.ALL)
    privacy.register(app, KEEPER)
    for pages in (home, shop, listings, parts, permit_pages, pack_labels, operator):
        app.register_blueprint(pages.bp)
    nav.register(
        app,
        Entry("account", _("Hari ini"), "my_day.today", "clock", 5, PARTS, _("Hari ini")),
        Entry("account", _("Barang saya"), "my_listings.index", "box", 20, SHELF, _("Barang")),
        Entry("account", _("Toko saya"), "my_shop.profile", "home", 25, (SHOP,)),
        Entry("account", _("Izin usaha"), "my_permits.index", "check", 30, (SELL,)),
        Entry("account", _("Jenis barang"), "goods_desk.kinds", "box", 76, (OPERATE,)),
        Entry("account", _("Semua barang"), "goods_desk.goods", "search", 77, (OPERATE,)),
    )
    day.register(app, SELL, her_day.cards)
    subjects.register(app, "seller", shops.open_ones, owned=shops.homes)
    news.subscribe(app, "photo_arrived", awaited.attach_photo)
    guides.register(app, *GUIDES)
    training.init_app(app, environ)
