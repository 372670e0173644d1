"""That money waits for her, as a card of her day; how much stands behind her PIN."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from cooperatives import notebook
from core.actors import Actor
from core.day import Card

MONEY = 80


def cards(db: Session, actor: Actor) -> list[Card]:
    """A phone is shared in many families, so the card says no amount."""
    if actor.person_id is None or notebook.stands(db, actor.person_id) <= 0:
        return []
    title = _("Uang Ibu menunggu dibayar")
    detail = _("Jumlahnya dibuka dengan PIN, jadi hanya Ibu yang melihat.")
    return [Card(MONEY, "good", "cash", title, "/ibu/uang", _("Lihat uang"), detail)]
