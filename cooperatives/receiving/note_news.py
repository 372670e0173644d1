"""What the owner of goods hears of her *nota titip*, and the keeper of her answer."""

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from cooperatives.models import ConsignNote, Place
from cooperatives.rights import KEEP
from core import access, notify, tasks
from core.actors import Actor
from sellers.rights import SELL

DISPUTED = tasks.declare(
    "note.disputed",
    _l("Nota %(number)s tidak cocok menurut pemiliknya. Periksa bersama."),
    deed=_l("Buka notanya"),
    urgency=20,
)


def hers(note: ConsignNote) -> str:
    """Where the owner reads it."""
    return f"/ibu/titip/nota/{note.id}"


def tell_taken_in(db: Session, note: ConsignNote) -> None:
    """Her goods stand on the shelf, or some were not taken."""
    place = db.get_one(Place, note.place_id)
    notify.tell(
        db,
        event_key=f"note:{note.id}",
        people=access.people_who(db, SELL, note.owner_id),
        title=_l("Barang Ibu sudah diterima"),
        text=_l(
            "%(place)s mencatat barang Ibu. Lihat notanya, cocok atau tidak.", place=place.name
        ),
        link=hers(note),
        at_once=True,
    )


def tell_corrected(db: Session, note: ConsignNote, times: int) -> None:
    """The keeper wrote down another number."""
    notify.tell(
        db,
        event_key=f"note:{note.id}:{times}",
        people=access.people_who(db, SELL, note.owner_id),
        title=_l("Nota titip Ibu dibetulkan"),
        text=_l("Jumlah di nota %(number)s berubah. Lihat lagi notanya.", number=note.number),
        link=hers(note),
    )


def ask_keeper(db: Session, note: ConsignNote) -> None:
    """The owner says that something does not fit."""
    tasks.write(
        db,
        DISPUTED,
        doc=("consign_note", note.id),
        link=f"/kios-kerja/terima/nota/{note.id}",
        holders=(KEEP, note.place_id),
        facts={"number": note.number},
    )


def close(db: Session, actor: Actor, note: ConsignNote) -> None:
    """Nothing is open about it any more."""
    tasks.close(db, DISPUTED, actor=actor, doc=("consign_note", note.id), reason="settled")


def tell_answered(db: Session, actor: Actor, note: ConsignNote) -> None:
    """The keeper has answered what did not fit."""
    close(db, actor, note)
    notify.tell(
        db,
        event_key=f"note:{note.id}:answer:{note.answered_at:%y%m%d%H%M%S}",
        people=access.people_who(db, SELL, note.owner_id),
        title=_l("Penjaga kios menjawab"),
        text=_l("Ada jawaban untuk nota %(number)s. Silakan dibaca.", number=note.number),
        link=hers(note),
    )
