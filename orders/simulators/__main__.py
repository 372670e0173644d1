"""`python -m orders.simulators PORT`: all simulated gateways on one port of loopback.

Keys are read from the variables of the house, and notices go to the house at PORT.
"""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from orders.simulators import midtrans, stripe
from orders.simulators.server import HOST, server, together
from orders.simulators.switches import Switches
from orders.simulators.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def build(env: Mapping[str, str], own_url: str) -> "WSGIApplication":
    """Every simulator, with the keys that the house has."""
    house, switches = f"http://{HOST}:{env.get('PORT') or 8000}", Switches()
    secrets = tuple(env.get("STRIPE_WEBHOOK_SECRETS", "").split(","))

    def world(name: str, key: str) -> World:
        return World(f"{own_url}/{name}", house, env.get(key, ""), secrets, switches)

    apps = {
        "midtrans": midtrans.create_app(world("midtrans", "MIDTRANS_SERVER_KEY")),
        "stripe": stripe.create_app(world("stripe", "STRIPE_SECRET_KEY")),
    }
    return together(switches, apps)


def main(arguments: list[str]) -> int:
    """Serve until stopped."""
    port = int(arguments[0]) if arguments else 9000
    server(build(os.environ, f"http://{HOST}:{port}"), port).serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
