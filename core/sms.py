"""Text messages through any gateway that takes our small protocol over HTTP (docs/signing-in.md).

Gateways differ in the names of their fields only; ours are translated by a few lines in front of
theirs. Only numbers of the countries named in the settings are written to: a text abroad costs many
times as much, and thieves earn on some numbers.
"""

from dataclasses import dataclass

import requests

from core.channels import REMOTE_SECONDS, Letter, Unreachable
from core.config import setting, settings
from core.errors import RemoteError
from core.remote import remote

NEVER = frozenset({400, 404, 410, 422})
"""What a gateway answers about a number that it will never reach."""


@dataclass(frozen=True)
class SmsSettings:
    """What the SMS channel reads from the environment; without an address it is closed."""

    url: str = setting("LUMBUNG_SMS_URL", "Where the SMS gateway takes messages", "")
    token: str = setting("LUMBUNG_SMS_TOKEN", "Token that the SMS gateway knows us by", "")
    sender: str = setting("LUMBUNG_SMS_SENDER", "Name that our text messages come from", "LUMBUNG")
    countries: tuple[str, ...] = setting(
        "LUMBUNG_SMS_COUNTRIES", "Country codes that text messages go to, comma-separated", ("+62",)
    )


class Sms:
    """One text message to one number."""

    name = "sms"

    def is_open(self, template: str) -> bool:  # noqa: ARG002
        """Wherever a gateway is named."""
        return bool(settings(SmsSettings).url)

    def send(self, address: str, letter: Letter) -> str:
        """Send it; returns the gateway's id for it."""
        rules = settings(SmsSettings)
        if not address.startswith(rules.countries):
            raise Unreachable("sms_country")
        return remote(self.name).call(lambda: _post(rules, address, letter))


def _post(rules: SmsSettings, address: str, letter: Letter) -> str:
    key = f"{letter.template}-{letter.notice_id}"
    try:
        with requests.Session() as session:
            session.trust_env = False  # A proxy of the environment would read along.
            answer = session.post(
                rules.url,
                json={"to": address, "text": letter.text, "sender": rules.sender, "id": key},
                headers={"Authorization": f"Bearer {rules.token}", "Idempotency-Key": key},
                timeout=REMOTE_SECONDS,
                allow_redirects=False,
            )
    except requests.RequestException as error:
        raise RemoteError(f"sms: {type(error).__name__}") from None
    if answer.status_code in NEVER:
        raise Unreachable(f"sms_{answer.status_code}")
    if answer.status_code not in (200, 201, 202):
        raise RemoteError(f"sms: {answer.status_code}")
    try:
        return str(answer.json()["id"])[:120]
    except (ValueError, LookupError, TypeError):
        return ""  # Taken, but by a gateway that gives no names.
