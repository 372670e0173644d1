"""Ways to reach somebody, behind one interface: e-mail over SMTP, WhatsApp by Meta's Cloud API.

Each says whether it can be used at all, and sends one letter to one address. What fails for now is
a RemoteError and tried again; what this address will never get is `Unreachable`, and another way
is taken. A text link for WhatsApp needs no channel: `core.words.wa_link`.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import time
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import urlsplit

from core.config import settings
from core.errors import RemoteError
from core.remote import remote
from core.settings import CoreSettings

REMOTE_SECONDS = 5
QUIET = (time(20), time(6))  # Where somebody has set no hours of her own (domain J8).


class Unreachable(Exception):
    """This address will not be reached this way; `problem` is a short word for why, no address."""

    def __init__(self, problem: str) -> None:
        self.problem = problem[:40]
        super().__init__(self.problem)


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody can be reached: an address for each way, the preferred way first."""

    addresses: dict[str, str] = field(default_factory=dict)
    quiet: tuple[time, time] = QUIET


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, whatever the way. `link` is a path of ours, "" where it leads nowhere.

    `copies` is what its reader takes over by one press, as a one-time code.
    """

    notice_id: int
    language: str
    title: str
    text: str
    link: str
    template: str
    params: tuple[str, ...]
    copies: str = ""


class Channel(Protocol):
    """One way to send letters."""

    name: str

    def is_open(self, template: str) -> bool:
        """Whether this house can send such a letter this way."""

    def send(self, address: str, letter: Letter) -> str:
        """Send it; returns its name at the other side. Raises RemoteError, Unreachable."""


class Mail:
    """Plain text over SMTP, from the address in the settings."""

    name = "email"

    def is_open(self, template: str) -> bool:  # noqa: ARG002
        """Wherever a mail server is named."""
        return bool(settings(CoreSettings).smtp_url)

    def send(self, address: str, letter: Letter) -> str:
        """Hand it to our server. The same letter has the same Message-ID, however often it goes."""
        rules = settings(CoreSettings)
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = rules.mail_from, address, letter.title
        host = parseaddr(rules.mail_from)[1].partition("@")[2] or "localhost"
        mail["Message-ID"] = f"<notice-{letter.notice_id}@{host}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = letter.language
        link = f"\n\n{rules.public_url}{letter.link}" if letter.link else ""
        mail.set_content(f"{letter.text}{link}\n")
        remote(self.name).call(lambda: _post(rules.smtp_url, mail))
        return ""


def _post(url: str, mail: EmailMessage) -> None:
    try:
        _hand_over(url, mail)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _words in refused.recipients.values()]
        if all(code >= 500 for code in codes):
            raise Unreachable("mail_refused") from None
        raise RemoteError("the mail server asks to come again") from None
    except (smtplib.SMTPException, OSError) as error:
        raise RemoteError(f"mail: {type(error).__name__}") from None


def _hand_over(url: str, mail: EmailMessage) -> None:
    server = urlsplit(url)
    with smtplib.SMTP(server.hostname or "", server.port or 25, timeout=REMOTE_SECONDS) as smtp:
        if server.scheme == "smtp+tls":
            smtp.starttls(context=ssl.create_default_context())
        if server.username:
            smtp.login(server.username, server.password or "")
        smtp.send_message(mail)
