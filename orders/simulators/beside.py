"""Simulated gateways beside the house of `make run`, where no real one is wanted.

They start with the demo world, or where LUMBUNG_SIMULATORS says yes, and never beside a real key.
"""

import sys
from collections.abc import Mapping

from core.companions import HOST, Companion, free_port
from core.config import FALSE_WORDS, TRUE_WORDS
from core.supervisor import Child

KEYS = ("MIDTRANS_SERVER_KEY", "STRIPE_SECRET_KEY")
PORTS_APART = 1_000


def companion(env: Mapping[str, str], port: int) -> Companion | None:
    """All simulators as one process, and the keys and addresses under which they are reached."""
    if any(env.get(name) for name in KEYS) or not _is_wanted(env):
        return None
    own = free_port(port + PORTS_APART)
    argv = (sys.executable, "-m", "orders.simulators", str(own))
    return Companion(
        Child("The simulated gateways", argv), own, settings_at(f"http://{HOST}:{own}")
    )


def _is_wanted(env: Mapping[str, str]) -> bool:
    said = env.get("LUMBUNG_SIMULATORS", "").lower()
    if said in TRUE_WORDS:
        return True
    is_real = env.get("LUMBUNG_SECURE_COOKIES", "").lower() in TRUE_WORDS
    is_demo = env.get("LUMBUNG_DEMO", "yes").lower() not in FALSE_WORDS
    return said == "" and is_demo and not is_real


def settings_at(url: str) -> dict[str, str]:
    """What the house reads; the keys open nothing but these simulators."""
    return {
        "LUMBUNG_SIMULATORS": "yes",
        "MIDTRANS_SERVER_KEY": "SB-Mid-server-simulated",
        "MIDTRANS_SNAP_URL": f"{url}/midtrans",
        "MIDTRANS_API_URL": f"{url}/midtrans",
        "STRIPE_SECRET_KEY": "sk_test_simulated",
        "STRIPE_WEBHOOK_SECRETS": "whsec_simulated",
        "STRIPE_API_URL": f"{url}/stripe",
    }
