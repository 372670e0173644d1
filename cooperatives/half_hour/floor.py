"""Puts the coordinator's half hour together; the cooperatives' floor calls it."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from cooperatives.half_hour import (
    cards,
    differences,
    fairness,
    goods,
    members,
    money,
    papers,
    settings,
)
from cooperatives.half_hour.privacy import KEEPER
from cooperatives.rights import COORDINATE
from cooperatives.views import half_hour
from core import config, day, nav, privacy
from core.nav import Entry

TOPICS_AND_JOBS = (differences, fairness, goods, members, money, papers)


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Add the lines, pages and settings of the half hour."""
    config.register(app, settings.HalfHourSettings, environ)
    app.register_blueprint(half_hour.bp)
    day.register(app, COORDINATE, cards.cards)
    privacy.register(app, KEEPER)
    nav.register(
        app,
        Entry(
            "account",
            _("Anggota tanpa HP"),
            "half_hour.letters",
            "print",
            51,
            (COORDINATE,),
            _("Tanpa HP"),
        ),
        Entry("account", _("Pembagian penjualan"), "half_hour.fair", "people", 51, (COORDINATE,)),
        Entry("fairness", _("Bagi pesanan besar"), "big_orders.index", "box", 10, (COORDINATE,)),
        Entry("fairness", _("Giliran bazar"), "bazaar_desk.index", "calendar", 20, (COORDINATE,)),
    )
