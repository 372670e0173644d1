"""How Stripe's SDK is asked: never for longer than we wait, and no error carries a secret.

Each conversation has a client of its own: its calls and their repetitions share one deadline.
The SDK's defaults would wait 80 seconds, read proxies from the environment, and follow redirects.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

import requests
import stripe

from core.config import settings
from core.errors import DomainError, RemoteError
from orders.gateways.patience import SECONDS_MAX, whole
from orders.gateways.settings import GatewaySettings

T = TypeVar("T")

logging.getLogger("stripe").setLevel(logging.CRITICAL)  # It writes down whole answers.
CONNECT_SECONDS = 2.0
REPEATS = 1
MALFORMED = (AttributeError, KeyError, TypeError, ValueError, RecursionError, DomainError)
CLEAR_NO = (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError)


class Refused(RemoteError):
    """Stripe is well and says no; `code` is its word for why, `param` what it is about."""

    def __init__(self, code: str, param: str = "") -> None:
        super().__init__(f"stripe refused: {code or 'no code'} {param}".strip())
        self.code, self.param = code, param


class _Hasty(requests.Session):
    """A session whose every request ends by one deadline, on the host that was asked."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.trust_env = False
        self._ends = time.monotonic() + seconds

    def request(self, method: Any, url: Any, **more: Any) -> requests.Response:  # type: ignore[override]
        left = self._ends - time.monotonic()
        if left <= 0:
            raise requests.Timeout("no time is left")
        more |= {"timeout": (min(CONNECT_SECONDS, left), left), "stream": True}
        more["allow_redirects"] = False
        with super().request(method, url, **more) as answer:
            answer._content = whole(answer, self._ends)
        return answer


class Conversation:
    """Some calls in a row, together no longer than a gateway may take."""

    def __init__(self) -> None:
        rules = settings(GatewaySettings)
        http = stripe.RequestsClient(session=_Hasty(min(rules.remote_seconds, SECONDS_MAX)))
        base: Any = {"api": rules.stripe_api_url.rstrip("/")} if rules.stripe_api_url else None
        self._client = stripe.StripeClient(
            rules.stripe_secret_key,
            base_addresses=base,
            http_client=http,
            max_network_retries=REPEATS,
        )

    def ask(self, what: Callable[[Any], T]) -> T:
        """Ask the first version of the API. Raises Refused or RemoteError, never an SDK error."""
        try:
            return what(self._client.v1)
        except CLEAR_NO as no:
            raise Refused(_word(no.code), _word(getattr(no, "param", ""))) from None
        except stripe.StripeError as failed:
            raise RemoteError(f"stripe: {type(failed).__name__} {failed.http_status}") from None
        except MALFORMED as odd:
            raise RemoteError(f"stripe: odd answer, {type(odd).__name__}") from None


def _word(text: object) -> str:
    """Only words as Stripe's papers have them: never a sentence, which may hold anything."""
    known = isinstance(text, str) and len(text) <= 60 and text.replace("_", "").isalnum()
    return str(text) if known else ""
