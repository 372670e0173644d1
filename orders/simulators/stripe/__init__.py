"""A Stripe without money: Checkout's page, sessions, refunds, disputes, signed events, a ledger."""

from typing import TYPE_CHECKING

from orders.simulators.desk import bare_app
from orders.simulators.faults import Faulty
from orders.simulators.stripe import api, pages
from orders.simulators.stripe.desk import Desk
from orders.simulators.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MACHINES = "/v1/"


def create_app(world: World) -> "WSGIApplication":
    """The whole of it as one application, with the faults of `world` on its calls."""
    return of_desk(Desk(world))


def of_desk(desk: Desk) -> "WSGIApplication":
    """The application around a desk that a test has in its hands."""
    app = bare_app("orders.simulators.stripe")
    app.register_blueprint(api.blueprint(desk))
    app.register_blueprint(pages.for_buyers(desk))
    app.register_blueprint(pages.for_clerks(desk))
    app.register_blueprint(pages.for_bookkeepers(desk))
    return Faulty(app, desk.world.switches, lambda path: path.startswith(MACHINES))
