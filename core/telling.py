"""What a person is told after a deed: that it is done, or why not."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import DomainError, NotFound
from core.web import say


@contextmanager
def told(done: str = "") -> Iterator[None]:
    """Say why the deed inside was refused, or `done`; what is not there stays an error page."""
    try:
        yield
    except NotFound:
        raise
    except DomainError as refused:
        say(str(refused.sentence), "warning")
    else:
        if done:
            say(done)
