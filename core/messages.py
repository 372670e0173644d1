"""Messages written from templates: `templates/message/<name>.txt`, the first line is the subject.

One template speaks every language through gettext. What it is filled with comes from our own floors
or from people; line ends inside a value are folded, so that nobody writes headers for us.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale

TITLE_MAX = 160


@dataclass(frozen=True, slots=True)
class Message:
    """A message in one language; `params` are the values of its WhatsApp template, in order."""

    name: str
    title: str
    text: str
    params: tuple[str, ...] = ()


def folded(value: object) -> str:
    """A value on one line."""
    return " ".join(str(value).split())


def written(name: str, language: str, facts: Mapping[str, object], *params: str) -> Message:
    """Fill in a template for one reader; `params` names the facts that WhatsApp is given."""
    with force_locale(language):
        known = {key: folded(value) if isinstance(value, str) else value
                 for key, value in facts.items()}  # fmt: skip
        text = current_app.jinja_env.get_template(f"message/{name}.txt").render(known)
    title, _line, body = text.strip().partition("\n")
    values = tuple(folded(known[key]) for key in params)
    return Message(name, folded(title)[:TITLE_MAX], body.strip(), values)
