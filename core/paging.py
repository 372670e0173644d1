"""What a visitor asked of a list: which page, and which words."""

from flask import request

PAGES_MAX = 10_000
WORDS_LETTERS_MAX = 80


def page_asked() -> int:
    """The page of a list that was asked for, from 1."""
    return min(max(request.args.get("hal", 1, type=int), 1), PAGES_MAX)


def words_asked() -> str:
    """The words a list was searched for; PostgreSQL takes no NUL."""
    return request.args.get("q", "").replace("\x00", "").strip()[:WORDS_LETTERS_MAX]
