"""Puts together packages of several makers; the cooperatives' floor calls it."""

from flask import Flask
from flask_babel import lazy_gettext as _

from cooperatives.packages import promises
from cooperatives.packages.guides import GUIDES
from cooperatives.packages.views import desk, hers
from cooperatives.rights import COORDINATE
from core import doctor, guides, nav
from core.nav import Entry
from sellers.rights import SELL


def init_app(app: Flask) -> None:
    """Add the pages of packages."""
    app.register_blueprint(desk.bp)
    app.register_blueprint(hers.bp)
    guides.register(app, *GUIDES)
    doctor.register(app, *promises.ALL)
    nav.register(
        app,
        Entry("account", _("Paket bersama"), "package_desk.index", "basket", 53, (COORDINATE,)),
        Entry("account", _("Paket bersama"), "my_packages.index", "basket", 62, (SELL,)),
    )
