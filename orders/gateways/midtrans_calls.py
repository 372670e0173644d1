"""One call to Midtrans through its own SDK, with what the SDK leaves out: patience has an end.

The SDK waits for ever, follows redirects with the key, obeys proxy variables, pastes names into
addresses and puts whole answers into its errors. So it sends through a transport of ours, every
call has a client of its own, and of an error only a code and a kind are told.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import midtransclient
import requests
from midtransclient.error_midtrans import JSONDecodeError, MidtransAPIError
from urllib3 import Timeout

from core.config import settings
from core.errors import RemoteError
from orders.gateways.patience import SECONDS_MAX, whole
from orders.gateways.settings import GatewaySettings

IDEMPOTENCY_KEY_MAX = 46  # A longer one is ignored without a word.
Question = Callable[[midtransclient.Snap], Any]
NAME = re.compile(r"[A-Za-z0-9._~-]{1,50}")
FAILURES = (
    JSONDecodeError,
    requests.RequestException,
    OSError,
    ValueError,
    AttributeError,
    TypeError,
    KeyError,
    RecursionError,
)


class Refused(RemoteError):
    """Midtrans' clear no: a code of its papers. What it says is kept for comparing, not shown."""

    def __init__(self, code: str, says: str = "") -> None:
        super().__init__(f"midtrans said {code}")
        self.code, self.says = code, says


class Answer:
    """What the SDK looks at of an answer. It has no text, so no error can carry one away."""

    text = ""

    def __init__(self, status_code: int, body: bytes) -> None:
        self.status_code, self._body = status_code, body

    def json(self) -> Any:
        """The answer; raises ValueError."""
        return json.loads(self._body)


class Transport:
    """Stands in for the `requests` module inside the SDK."""

    def __init__(self, ends: float) -> None:
        self._ends = ends

    def request(self, method: str, url: str, **more: Any) -> Answer:
        """Send once, to this address and no other, and hear the end within the time."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise requests.Timeout("no time is left")
        more |= {"allow_redirects": False, "stream": True, "proxies": {}}
        patience: Any = Timeout(total=seconds, connect=seconds)
        with requests.Session() as session:
            session.trust_env = False
            with session.request(method, url, timeout=patience, **more) as answer:
                if 300 <= answer.status_code < 400:
                    raise requests.TooManyRedirects("a redirect is not followed")
                return Answer(answer.status_code, whole(answer, self._ends))


def named(name: str) -> str:
    """A name that may stand in an address; anything else is our bug."""
    assert NAME.fullmatch(name), "a name that Midtrans cannot know"
    return name


class Conversation:
    """All that is asked for one purpose, and the seconds that it may take altogether."""

    def __init__(self) -> None:
        self._ends = time.monotonic() + min(settings(GatewaySettings).remote_seconds, SECONDS_MAX)

    def ask(self, question: Question, key: str = "") -> Mapping[str, Any]:
        """Ask through a fresh client; `key` makes what it asks happen once.

        Raises Refused for a clear no, RemoteError for silence or nonsense.
        """
        try:
            answer = question(self._client(key))
        except MidtransAPIError as no:
            refused = _refused(no)
        except FAILURES as failure:
            raise RemoteError(f"midtrans gave no answer ({type(failure).__name__})") from None
        else:
            if not isinstance(answer, dict):
                raise RemoteError("midtrans answered with no object")
            return answer
        raise refused

    def close_page(self, token: str) -> None:
        """Cancel a page of Snap, so that nobody can pay there; one that is gone is gone."""

        def question(snap: midtransclient.Snap) -> Any:
            there = snap.api_config
            url = f"{there.get_snap_base_url()}/transactions/{named(token)}/cancel"
            send = snap.http_client.request
            answer, _raw = send("post", there.server_key, url, {}, there.custom_headers)
            return answer

        try:
            self.ask(question)
        except Refused:
            return

    def _client(self, key: str) -> midtransclient.Snap:
        """With dictionaries of its own: the SDK's defaults are shared by all clients."""
        assert len(key) <= IDEMPOTENCY_KEY_MAX
        rules = settings(GatewaySettings)
        snap = midtransclient.Snap(
            is_production=rules.midtrans_production,
            server_key=rules.midtrans_server_key,
            custom_headers={"Idempotency-Key": key} if key else {},
            proxies={},
        )
        there = snap.api_config
        if rules.midtrans_snap_url:
            snap_url = rules.midtrans_snap_url.rstrip("/") + "/snap/v1"
            there.SNAP_SANDBOX_BASE_URL = there.SNAP_PRODUCTION_BASE_URL = snap_url
        if rules.midtrans_api_url:
            api_url = rules.midtrans_api_url.rstrip("/")
            there.CORE_SANDBOX_BASE_URL = there.CORE_PRODUCTION_BASE_URL = api_url
        snap.http_client.http_client = Transport(self._ends)
        return snap


def _refused(no: MidtransAPIError) -> RemoteError:
    facts = no.api_response_dict if isinstance(no.api_response_dict, dict) else {}
    # The Core API tells its code in the body, often under an HTTP 200; Snap only by HTTP.
    code = str(facts.get("status_code") or no.http_status_code)[:5]
    if code.startswith("5"):
        return RemoteError(f"midtrans failed ({code})")
    says = facts.get("error_messages") or facts.get("status_message") or ""
    return Refused(code, str(says)[:500].lower())
