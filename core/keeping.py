"""Pages that a phone may keep to be read without signal (templates/core/sw.js, docs/offline.md)."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, request

from core import visitor

V = TypeVar("V", bound=Callable[..., Any])


def kept_on_phone(view: V) -> V:
    """Her phone may keep this page to be read without signal (templates/core/sw.js).

    Only pages about her own things: whatever tells of other people goes into `page.private`.
    """
    view.kept_on_phone = True  # type: ignore[attr-defined]
    return view


def tell_the_phone(app: Flask, response: Response) -> None:
    """Whose page this is, and whether her service worker may keep it; nobody else sees them."""
    response.headers["Lumbung-Person"] = str(visitor.actor().person_id)
    view = app.view_functions.get(request.endpoint or "")
    # What she sees as a helper is another woman's: it may not outlast the help on her phone.
    if hasattr(view, "kept_on_phone") and visitor.acting().on_behalf_of is None:
        response.headers["Lumbung-Keep"] = "yes"
