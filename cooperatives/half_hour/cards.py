"""The lines of the half hour as cards of the coordinator's day, a few of each topic."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cooperatives.half_hour.lines import SHOWN_MAX, TOPICS, Asked, Line, Topic
from cooperatives.rights import COORDINATE
from core import access
from core.actors import Actor
from core.day import LATE, Card

PAGE = "/koord/urusan"
ONE_MORE = SHOWN_MAX + 1


def cards(db: Session, actor: Actor) -> list[Card]:
    """What stands now in the organisations she coordinates."""
    asked = Asked(access.subjects(db, actor, COORDINATE), ONE_MORE)
    found: list[Card] = []
    for topic in TOPICS.values() if asked.boards else ():
        lines = topic.find(db, asked)
        found += [card(topic, line) for line in lines[:SHOWN_MAX]]
        if len(lines) > SHOWN_MAX:
            found.append(_others(topic))
    return found


def card(topic: Topic, line: Line) -> Card:
    """One line; its next step is the word of its button."""
    return Card(
        urgency=LATE + topic.urgency // 5 if line.is_late else topic.urgency,
        kind="warning" if line.is_late else "wait",
        icon=topic.icon,
        title=line.title,
        url=line.url or f"{PAGE}/{topic.name}/{line.thing}",
        deed=str(topic.deed),
        detail=line.detail,
        state=_("Mendesak") if line.is_late else "",
    )


def _others(topic: Topic) -> Card:
    title = _("Masih ada lagi: %(heading)s", heading=topic.heading)
    return Card(topic.urgency, "wait", topic.icon, title, f"{PAGE}/{topic.name}", _("Lihat semua"))
