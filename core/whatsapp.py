"""WhatsApp by Meta's Cloud API: template messages out, their fate in by a signed webhook.

Meta sends only sentences it has approved: each message of ours has a template of category utility
with the same words (docs/messages.md lists them), and the settings say its name there.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from flask_babel import lazy_gettext as _

from core.channels import REMOTE_SECONDS, Letter, Unreachable
from core.config import setting, settings
from core.errors import DomainError, RemoteError
from core.phones import wa_digits
from core.remote import remote

PARAM_MAX = 1_000
LATER = frozenset({1, 2, 4, 190, 80007, 130429, 131000, 131016, 131048, 131056})
"""Meta's error codes that say nothing about the address: their trouble, our limits, our token."""
FATES = ("sent", "delivered", "read", "failed")


@dataclass(frozen=True)
class WhatsAppSettings:
    """What the WhatsApp channel reads from the environment; without a token it is closed."""

    url: str = setting(
        "LUMBUNG_WHATSAPP_URL",
        "Address of the Cloud API, with its version",
        "https://graph.facebook.com/v23.0",
    )
    phone_id: str = setting("LUMBUNG_WHATSAPP_PHONE_ID", "Id of our number at Meta", "")
    token: str = setting("LUMBUNG_WHATSAPP_TOKEN", "Access token; empty closes the channel", "")
    app_secret: str = setting(
        "LUMBUNG_WHATSAPP_APP_SECRET", "Signs what Meta tells us about our messages", ""
    )
    verify_token: str = setting(
        "LUMBUNG_WHATSAPP_VERIFY_TOKEN", "Word that Meta repeats when the webhook is set up", ""
    )
    templates: tuple[str, ...] = setting(
        "LUMBUNG_WHATSAPP_TEMPLATES",
        "Approved templates, comma-separated, as message=name; other messages go another way",
        (),
    )


class NotSigned(DomainError):
    """What came is not from Meta, or this house has no WhatsApp."""

    status = 401
    sentence = _("Kiriman ini tidak bertanda tangan yang benar.")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one message: sent, delivered, read or failed, and Meta's code for why."""

    remote_id: str
    state: str
    problem: str = ""


class WhatsApp:
    """Template messages to one number."""

    name = "whatsapp"

    def is_open(self, template: str) -> bool:
        """Wherever there is a token, and Meta knows this message."""
        rules = settings(WhatsAppSettings)
        return bool(rules.token and rules.phone_id) and template in _names(rules)

    def send(self, address: str, letter: Letter) -> str:
        """Send it; returns Meta's id, by which its fate is told later."""
        rules = settings(WhatsAppSettings)
        return remote(self.name).call(lambda: _post(rules, _body(rules, address, letter)))


def _post(rules: WhatsAppSettings, body: dict[str, Any]) -> str:
    try:
        with requests.Session() as session:
            session.trust_env = False  # A proxy of the environment would read along.
            answer = session.post(
                f"{rules.url}/{rules.phone_id}/messages",
                json=body,
                headers={"Authorization": f"Bearer {rules.token}"},
                timeout=REMOTE_SECONDS,
                allow_redirects=False,
            )
    except requests.RequestException as error:
        raise RemoteError(f"whatsapp: {type(error).__name__}") from None
    return _remote_id(answer)


def _names(rules: WhatsAppSettings) -> dict[str, str]:
    pairs = (entry.partition("=") for entry in rules.templates)
    return {message.strip(): name.strip() for message, _is, name in pairs if name.strip()}


def _body(rules: WhatsAppSettings, address: str, letter: Letter) -> dict[str, Any]:
    values = letter.params or (letter.title, letter.text)
    texts = [{"type": "text", "text": " ".join(value.split())[:PARAM_MAX]} for value in values]
    components: list[dict[str, Any]] = [{"type": "body", "parameters": texts}]
    if pressed := letter.copies or letter.link.lstrip("/"):
        path = [{"type": "text", "text": pressed}]
        components.append({"type": "button", "sub_type": "url", "index": "0", "parameters": path})
    return {
        "messaging_product": "whatsapp",
        "to": wa_digits(address),
        "type": "template",
        "template": {
            "name": _names(rules)[letter.template],
            "language": {"code": letter.language},
            "components": components,
        },
    }


def _remote_id(answer: requests.Response) -> str:
    try:
        said = answer.json()
        if answer.status_code == requests.codes.ok:
            return str(said["messages"][0]["id"])
        code = int(said["error"]["code"])
    except (ValueError, LookupError, TypeError):
        raise RemoteError(f"whatsapp answered {answer.status_code} in no form we know") from None
    is_theirs = answer.status_code >= 500 or answer.status_code == requests.codes.too_many_requests
    if is_theirs or code in LATER:
        raise RemoteError(f"whatsapp: {answer.status_code}, code {code}")
    raise Unreachable(f"whatsapp_{code}")


def is_our_word(said: str) -> bool:
    """Whether who sets up the webhook knows the word we agreed on."""
    word = settings(WhatsAppSettings).verify_token
    return bool(word) and hmac.compare_digest(said.encode(), word.encode())


def fates(body: bytes, signature: str) -> list[Fate]:
    """What Meta tells of our messages, once the signature over the raw bytes is right.

    Raises NotSigned. What people write to our number is not read.
    """
    secret = settings(WhatsAppSettings).app_secret
    right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(signature.encode(), right.encode()):
        raise NotSigned
    try:
        return list(_statuses(json.loads(body)))
    except (ValueError, LookupError, TypeError, AttributeError):
        return []  # Signed, but of a kind we do not know: nothing of it is ours.


def _statuses(told: Any) -> Iterator[Fate]:
    for entry in told["entry"]:
        for change in entry["changes"]:
            for status in change["value"].get("statuses", ()):
                state = str(status["status"])
                errors = status.get("errors") or [{}]
                code = str(errors[0].get("code", "")) if state == "failed" else ""
                if state in FATES:
                    yield Fate(str(status["id"])[:120], state, f"whatsapp_{code}" if code else "")
