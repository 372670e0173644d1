"""By which way a one-time code reaches a phone: WhatsApp, a text message, or the console at home.

The console prints the code where the house was started, so that a newcomer can try it out without
any gateway. It is open in a demo house only.
"""

import sys
from collections.abc import Iterable

from flask_babel import force_locale
from flask_babel import gettext as _

from core import i18n
from core.channels import Channel, Letter, Unreachable
from core.config import settings
from core.errors import RemoteError
from core.phones import masked
from core.settings import CoreSettings
from core.sms import Sms
from core.whatsapp import WhatsApp

TEMPLATE = "code"


class Console:
    """Prints the code for whoever runs a demo house; the number itself is not told."""

    name = "console"

    def is_open(self, template: str) -> bool:  # noqa: ARG002
        """In a demo house, and nowhere else."""
        return settings(CoreSettings).demo

    def send(self, address: str, letter: Letter) -> str:
        """Print it."""
        print(f"\n  {masked(address)}: {letter.text}\n", file=sys.stderr, flush=True)  # noqa: T201
        return ""


WAYS: tuple[Channel, ...] = (WhatsApp(), Sms(), Console())


def any_open() -> bool:
    """Whether this house can send codes at all."""
    return any(way.is_open(TEMPLATE) for way in WAYS)


def is_shown_at_home() -> bool:
    """Whether codes come to the console and to no phone."""
    return not any(way.is_open(TEMPLATE) for way in WAYS[:-1]) and WAYS[-1].is_open(TEMPLATE)


def send(
    code_id: int, phone: str, code: str, minutes: int, languages: Iterable[str], prefers: str
) -> str:
    """Send a code by the first way that works; returns its name, "" where the number has none.

    Raises RemoteError if a way failed for now and none worked. A text message comes first for her
    who prefers them; the console speaks up only where there is no other way.
    """
    letter = _letter(code_id, code, minutes, i18n.of_person(languages))
    failed: RemoteError | None = None
    phones = sorted(WAYS[:-1], key=lambda way: way.name != prefers)
    ways = [way for way in phones if way.is_open(TEMPLATE)]
    for way in ways or WAYS[-1:]:
        if not way.is_open(TEMPLATE):
            continue
        try:
            way.send(phone, letter)
        except Unreachable:
            continue
        except RemoteError as silent:
            failed = silent
            continue
        return way.name
    if failed:
        raise failed
    return ""


def _letter(code_id: int, code: str, minutes: int, language: str) -> Letter:
    with force_locale(language):
        title = _("Kode Lumbung")
        text = _(
            "Kode Lumbung: %(code)s. Berlaku %(minutes)s menit. Jangan beri tahu siapa pun.",
            code=code,
            minutes=minutes,
        )
    return Letter(code_id, language, title, text, "", TEMPLATE, (code,), copies=code)
