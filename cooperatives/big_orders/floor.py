"""Puts together the sharing out of big orders; the cooperatives' floor calls it."""

from flask import Flask
from flask_babel import lazy_gettext as _

from cooperatives.big_orders import promises
from cooperatives.big_orders.guides import GUIDES
from cooperatives.big_orders.views import desk, hers
from cooperatives.rights import COORDINATE
from core import doctor, guides, nav
from core.nav import Entry
from sellers.rights import SELL


def init_app(app: Flask) -> None:
    """Register what big orders bring."""
    app.register_blueprint(desk.bp)
    app.register_blueprint(hers.bp)
    guides.register(app, *GUIDES)
    doctor.register(app, *promises.ALL)
    nav.register(
        app,
        Entry("account", _("Bagi pesanan besar"), "big_orders.index", "basket", 51, (COORDINATE,)),
        Entry("account", _("Bagian pesanan besar"), "my_shares.index", "basket", 25, (SELL,)),
    )
