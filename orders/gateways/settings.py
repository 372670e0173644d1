"""What the gateways' adapters read from the environment; keys come from nowhere else."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from core.config import ConfigError, setting

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SANDBOX_KEYS = {"MIDTRANS_SERVER_KEY": ("SB-Mid-server-",), "STRIPE_SECRET_KEY": ("sk_test_",)}


@dataclass(frozen=True)
class GatewaySettings:
    """Keys and addresses of the gateways; one without a key is closed and never offered."""

    midtrans_server_key: str = setting(
        "MIDTRANS_SERVER_KEY", "Server key of Midtrans; empty: no payment through Midtrans", ""
    )
    midtrans_production: bool = setting(
        "MIDTRANS_PRODUCTION", "Midtrans for real money; no: its sandbox", False
    )
    midtrans_snap_url: str = setting(
        "MIDTRANS_SNAP_URL", "Where Snap is asked instead of Midtrans' own address", ""
    )
    midtrans_api_url: str = setting(
        "MIDTRANS_API_URL", "Where the Core API is asked instead of Midtrans' own address", ""
    )
    stripe_secret_key: str = setting(
        "STRIPE_SECRET_KEY", "Secret key of Stripe; empty: no payment through Stripe", ""
    )
    stripe_webhook_secrets: tuple[str, ...] = setting(
        "STRIPE_WEBHOOK_SECRETS", "Secrets of Stripe's notices, several while one is replaced", ()
    )
    stripe_api_url: str = setting(
        "STRIPE_API_URL", "Where Stripe is asked instead of its own address", ""
    )
    simulators: bool = setting(
        "LUMBUNG_SIMULATORS",
        "The gateways are simulators of ours and no money is real; never with production keys",
        False,
    )
    remote_seconds: float = setting(
        "LUMBUNG_GATEWAY_SECONDS", "How long a gateway may take to answer, five at most", 5.0
    )


def refuse_unreal(rules: GatewaySettings, *, is_public: bool) -> None:
    """Raise ConfigError where simulated and real money could be taken for one another.

    `is_public`: the house is reached over HTTPS, so strangers may believe it.
    """
    wrong = _mixed(rules, is_public) if rules.simulators else _other_world(rules)
    if wrong:
        raise ConfigError("; ".join(wrong))


def _mixed(rules: GatewaySettings, is_public: bool) -> list[str]:
    """What stands beside simulators and must not."""
    wrong = []
    if rules.midtrans_production:
        wrong.append("LUMBUNG_SIMULATORS together with MIDTRANS_PRODUCTION")
    if is_public:
        wrong.append("LUMBUNG_SIMULATORS together with LUMBUNG_SECURE_COOKIES")
    keys = {
        "MIDTRANS_SERVER_KEY": rules.midtrans_server_key,
        "STRIPE_SECRET_KEY": rules.stripe_secret_key,
    }
    for name, key in keys.items():
        if key and not key.startswith(SANDBOX_KEYS[name]):
            wrong.append(f"LUMBUNG_SIMULATORS together with a real {name}")
    addresses = {
        "MIDTRANS_SNAP_URL": (rules.midtrans_snap_url, rules.midtrans_server_key),
        "MIDTRANS_API_URL": (rules.midtrans_api_url, rules.midtrans_server_key),
        "STRIPE_API_URL": (rules.stripe_api_url, rules.stripe_secret_key),
    }
    for name, (url, key) in addresses.items():
        if (url or key) and urlsplit(url).hostname not in LOOPBACK:
            wrong.append(f"LUMBUNG_SIMULATORS, and {name} is not on this machine")
    return wrong


def _other_world(rules: GatewaySettings) -> list[str]:
    """A key of the sandbox asked for real money, or the other way round."""
    key = rules.midtrans_server_key
    is_sandbox = key.startswith(SANDBOX_KEYS["MIDTRANS_SERVER_KEY"])
    if key and rules.midtrans_production and is_sandbox:
        return ["MIDTRANS_PRODUCTION with a key of the sandbox"]
    if key.startswith("Mid-server-") and not rules.midtrans_production:
        return ["A production MIDTRANS_SERVER_KEY without MIDTRANS_PRODUCTION"]
    return []
