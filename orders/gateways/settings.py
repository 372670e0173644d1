"""What the gateways' adapters read from the environment; keys come from nowhere else."""

from dataclasses import dataclass

from core.config import setting


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
