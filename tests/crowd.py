"""Several at one moment: for tests of what must hold when people do not wait for each other."""

import threading

from core.db import db


def at_once(*deeds):
    """Everybody starts at the same moment; the answers, in order."""
    start = threading.Barrier(len(deeds), timeout=30)
    answers = [None] * len(deeds)

    def run(n, deed):
        start.wait()
        answers[n] = deed()

    crowd = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return answers


def with_session(app, deed):
    """The same deed with a session of its own."""

    def run():
        with app.app_context():
            try:
                return deed()
            finally:
                db.session.remove()

    return run


def sessions_at_once(app, *deeds):
    """Deeds with a session each; the answers, in order."""
    db.session.remove()
    return at_once(*(with_session(app, deed) for deed in deeds))


def tried_at_once(app, *deeds):
    """The same where some may fail: what each answered, or which error it met."""
    return sessions_at_once(app, *(or_error(deed) for deed in deeds))


def or_error(deed):
    """The same deed; an error is its answer, because the test wants to see it, whatever it is."""

    def run():
        try:
            return deed()
        except Exception as error:
            return error

    return run
