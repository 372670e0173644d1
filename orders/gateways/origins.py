"""The sites on which buyers pay: the only ones a form of ours may lead on to."""

from urllib.parse import urlsplit

from orders.gateways.settings import GatewaySettings

SNAP = ("https://app.midtrans.com", "https://app.sandbox.midtrans.com")
CHECKOUT = ("https://checkout.stripe.com",)


def of_gateways(rules: GatewaySettings) -> list[str]:
    """Origins of the pay pages of every gateway that is open in this house."""
    found: list[str] = []
    if rules.midtrans_server_key:
        found += [_origin(rules.midtrans_snap_url)] if rules.midtrans_snap_url else SNAP
    if rules.stripe_secret_key:
        found += [_origin(rules.stripe_api_url)] if rules.stripe_api_url else CHECKOUT
    return sorted(set(found))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
