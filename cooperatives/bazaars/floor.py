"""Lays bazaars into the floor of cooperatives: pages, doors, and what the doctor asks."""

from flask import Flask
from flask_babel import lazy_gettext as _

from cooperatives.bazaars import promises
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.views import bazaar_desk, bazaar_goods, her_bazaars
from core import doctor, nav
from core.nav import Entry
from sellers.rights import SELL


def init_app(app: Flask) -> None:
    """Register what bazaars bring."""
    for views in (bazaar_desk, bazaar_goods, her_bazaars):
        app.register_blueprint(views.bp)
    board = (COORDINATE, TREASURE)
    nav.register(
        app,
        Entry("account", _("Bazar"), "my_bazaars.index", "calendar", 24, (SELL,)),
        Entry(
            "account", _("Bazar bersama"), "bazaar_desk.index", "calendar", 52, board, _("Bazar")
        ),
    )
    doctor.register(app, *promises.ALL)
