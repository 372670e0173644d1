"""The simulated Midtrans on loopback, for tests in which other processes pay and ask there."""

from contextlib import contextmanager
from types import SimpleNamespace

from orders.simulators.midtrans import of_desk
from orders.simulators.midtrans.desk import Desk
from orders.simulators.server import serving
from orders.simulators.switches import ALWAYS, Switches
from orders.simulators.world import World

KEY = "SB-Mid-server-for-tests"
ROOM = SimpleNamespace(desk=None)  # The desk of the gateway that runs now.


@contextmanager
def a_gateway(house_url="http://127.0.0.1:9", silent=True):
    """Yields what the house must know of it: the environment of its processes."""
    room, switches = SimpleNamespace(), Switches()
    if silent:
        switches.set(silent=ALWAYS)

    def app(environ, start):
        return room.app(environ, start)

    with serving(app) as url:
        desk = Desk(World(url, house_url, KEY, switches=switches))
        room.app, ROOM.desk = of_desk(desk), desk
        try:
            yield {
                "MIDTRANS_SERVER_KEY": KEY,
                "MIDTRANS_SNAP_URL": url,
                "MIDTRANS_API_URL": url,
                "LUMBUNG_SIMULATORS": "yes",
            }
        finally:
            desk.delivery.close()
            ROOM.desk = None


def pay(key, channel=None):
    """The buyer pays there, on the newest page of this attempt."""
    page = [page for page in ROOM.desk.book.pages.values() if page.order_id == key][-1]
    payment = ROOM.desk.pick(page, channel or page.channels[0])
    ROOM.desk.do(payment, "pay")
    return payment
