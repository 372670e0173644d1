"""Pages that many people read: drawn once for what they show, and then kept.

What costs most is to write the same HTML again, so a page is kept under everything that it shows
(`key`) and is never stale. That is for guests only. What is each reader's own stays open: the
token of a form is put in at the end, and what the header tells of her (the basket) belongs to the
key, by `differ_by`. What guests read may itself be a moment old (`lately`): a link that goes
round in a hundred chats asks the database once a second, not once a reader.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import Flask, current_app, g, render_template, request, session
from flask_wtf.csrf import generate_csrf

from core import visitor
from core.config import settings
from core.i18n import language
from core.settings import CoreSettings

T = TypeVar("T")

KEPT_MAX = 400  # Some 50 kB each, in each web worker.
_BLANK = secrets.token_hex(24)  # Where the token of a form comes; nobody outside ever reads it.


class _Shelf(Generic[T]):
    """What one app keeps; what was asked for longest ago goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> T | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, value: T) -> None:
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)


class _Drawing:
    """What `draw` and `lately` need of one app."""

    def __init__(self, seconds: float) -> None:
        self.differ_by: list[Callable[[], Hashable]] = []
        self.pages: _Shelf[str] = _Shelf()
        self.reads: _Shelf[tuple[float, Any]] = _Shelf()
        self.seconds = seconds


def init_app(app: Flask) -> None:
    """Make room for pages, and let every form ask us for its token; after Flask-WTF."""
    app.extensions["drawing"] = _Drawing(settings(CoreSettings, app).guest_seconds)
    app.jinja_env.globals["csrf_token"] = form_token
    app.context_processor(lambda: {"csrf_token": form_token})


def differ_by(app: Flask, told: Callable[[], Hashable]) -> None:
    """Name something that pages tell of a guest, so that it becomes part of every key."""
    app.extensions["drawing"].differ_by.append(told)


def form_token() -> str:
    """The token of a form, or its place while a page is drawn for many."""
    return _BLANK if g.get("drawn_for_many") else generate_csrf()


def draw(template: str, *key: Hashable, context: Callable[[], Mapping[str, Any]]) -> str:
    """The page that shows what `key` holds; its context is asked for only where it is new.

    Every value of the page must stand in `key`, but for its address and language. Signed-in
    people, and whoever is just being told something, get a page of their own.
    """
    if not _is_one_of_many():
        return render_template(template, **context())
    here = _here()
    whole = (template, language(), request.path, *(told() for told in here.differ_by), key)
    page = here.pages.find(whole)
    if page is None:
        page = _drawn_for_many(template, context)
        here.pages.put(whole, page)
    return page.replace(_BLANK, generate_csrf()) if _BLANK in page else page


def lately(read: Callable[[], T], *key: Hashable) -> T:
    """What `read` answers, or for guests what it answered under this key a moment ago, in the
    reader's language.

    Only for what is looked up again before it counts: price and stock are, when she orders.
    """
    here, key = _here(), (language(), *key)
    if not here.seconds or not _is_one_of_many():
        return read()
    found = here.reads.find(key)
    if found is not None and time.monotonic() - found[0] < here.seconds:
        answer: T = found[1]
        return answer
    answer = read()
    here.reads.put(key, (time.monotonic(), answer))
    return answer


def _is_one_of_many() -> bool:
    return visitor.visitor() is None and "_flashes" not in session


def _here() -> _Drawing:
    found: _Drawing = current_app.extensions["drawing"]
    return found


def _drawn_for_many(template: str, context: Callable[[], Mapping[str, Any]]) -> str:
    g.drawn_for_many = True
    try:
        page = render_template(template, **context())
    finally:
        g.drawn_for_many = False
    token = g.get("csrf_token")  # Flask-WTF notes here what it made.
    if token and token in page:
        raise AssertionError(f"{template} wrote one reader's token into a page for many")
    return page
