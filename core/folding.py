"""Templates are compiled once for each language, with what never changes already written in.

A page asks some hundred times for a sentence, an icon or an address that is the same for every
reader of its language. A call with one string, such as `_("Keranjang")`, is answered while the
template is compiled, unless the function answers None; all others are answered on the page.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Flask, url_for
from flask.templating import Environment
from flask_babel import get_locale
from jinja2.environment import create_cache
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape
from werkzeug.routing import BuildError

TEMPLATES_MAX = 400
Answer = Callable[[str], str | None]


def spoken() -> str:
    """The language of this request, or the one that a message is written in."""
    locale = get_locale()
    return locale.language if locale else "id"


class Folding(Extension):
    """Answers calls of `environment.folded` that have one string, in pages but not in messages."""

    def filter_stream(self, stream: TokenStream) -> Any:
        """The tokens of a template with those calls replaced by what they answer."""
        is_page = stream.name is not None and stream.name.endswith(".html")
        return self._answered(list(stream)) if is_page else stream

    def _answered(self, tokens: list[Token]) -> Iterator[Token]:
        at = 0
        while at < len(tokens):
            answer = self._answer(tokens[at : at + 4])
            if answer is None:
                yield tokens[at]
                at += 1
            else:
                yield from _written(tokens[at].lineno, answer)
                at += 4

    def _answer(self, call: list[Token]) -> str | None:
        known: dict[str, Answer] = self.environment.folded  # type: ignore[attr-defined]
        if [token.type for token in call] != ["name", "lparen", "string", "rparen"]:
            return None
        return known[call[0].value](call[2].value) if call[0].value in known else None


def _written(line: int, answer: str) -> Iterator[Token]:
    yield Token(line, "lparen", "(")
    yield Token(line, "string", str(answer))
    if isinstance(answer, Markup) and escape(str(answer)) != answer:
        yield Token(line, "pipe", "|")
        yield Token(line, "name", "safe")
    yield Token(line, "rparen", ")")


def _address(endpoint: str) -> str | None:
    """The address of a page that names nothing; None where it has blanks, which its page fills."""
    try:
        return url_for(endpoint)
    except BuildError:
        return None


class Pages(Environment):
    """Flask's templates, kept apart by language."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.folded: dict[str, Answer] = {"url_for": _address}
        self._caches: defaultdict[str, Any] = defaultdict(partial(create_cache, TEMPLATES_MAX))
        super().__init__(*args, **options)
        self.add_extension(Folding)

    @property
    def cache(self) -> Any:
        """The compiled templates of the language spoken now."""
        return self._caches[spoken()]

    @cache.setter
    def cache(self, _of_no_language: Any) -> None:
        pass


def init_app(app: Flask) -> None:
    """Let the app's templates be ours; before anything asks for them."""
    assert "jinja_env" not in vars(app), "somebody has asked for a template already"
    app.jinja_environment = Pages


def fold(app: Flask, **functions: Callable[..., str]) -> None:
    """Give templates functions whose answer to one string depends on nothing but the language."""
    environment = app.jinja_env
    assert isinstance(environment, Pages)
    environment.globals.update(functions)
    environment.folded.update(functions)
