"""Who hears of a count: the second person, the owner of what differs, and who answers her."""

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from cooperatives.counts.counting import DOC
from cooperatives.models import Place, StockCount, StockCountLine
from cooperatives.rights import COORDINATE
from core import access, notify, tasks
from core.actors import Actor
from sellers.rights import SELL

VERIFY = tasks.declare(
    "count.verify",
    _l("Selisih hitung stok di %(place)s menunggu orang kedua."),
    deed=_l("Periksa selisihnya"),
    many=_l("%(count)s hitungan stok menunggu orang kedua."),
    urgency=25,
)
CONTESTED = tasks.declare(
    "count.contested",
    _l("Pemilik %(goods)s tidak setuju dengan hasil hitung. Beri keputusan."),
    deed=_l("Putuskan"),
    many=_l("%(count)s hasil hitung tidak disetujui pemiliknya."),
    urgency=20,
)
HERS = "/ibu/titip#hitungan"


def desk(count: StockCount) -> str:
    """Where a count is looked through."""
    return f"/kios-kerja/hitung/{count.id}/periksa"


def ask_second(db: Session, count: StockCount, place: Place) -> None:
    """Whoever coordinates the place is asked to look."""
    tasks.write(
        db,
        VERIFY,
        doc=(DOC, count.id),
        link=desk(count),
        holders=(COORDINATE, place.organisation_id),
        facts={"place": place.name},
    )


def close_second(db: Session, actor: Actor, count: StockCount) -> None:
    """It was looked through, or is pointless now."""
    tasks.close(db, VERIFY, actor=actor, doc=(DOC, count.id), reason=count.state)


def tell_owner(db: Session, count: StockCount, place: Place, owner_id: int) -> None:
    """Something of hers differs."""
    notify.tell(
        db,
        event_key=f"count:{count.id}:{owner_id}",
        people=access.people_who(db, SELL, owner_id),
        title=_l("Ada selisih hitung stok"),
        text=_l(
            "%(place)s menghitung barang Ibu. Lihat hasilnya, cocok atau tidak.", place=place.name
        ),
        link=HERS,
    )


def ask_decision(db: Session, line: StockCountLine, place: Place, goods: str) -> None:
    """The owner contests a line."""
    tasks.write(
        db,
        CONTESTED,
        doc=(DOC, f"{line.count_id}:{line.lot_id}"),
        link=f"/kios-kerja/hitung/{line.count_id}/periksa",
        holders=(COORDINATE, place.organisation_id),
        facts={"goods": goods},
    )


def tell_decided(db: Session, actor: Actor, line: StockCountLine, owner_id: int) -> None:
    """She hears what was decided, and why."""
    doc = (DOC, f"{line.count_id}:{line.lot_id}")
    tasks.close(db, CONTESTED, actor=actor, doc=doc, reason=line.outcome)
    notify.tell(
        db,
        event_key=f"count:{line.count_id}:{line.lot_id}:decided",
        people=access.people_who(db, SELL, owner_id),
        title=_l("Keputusan hasil hitung"),
        text=_l("Koordinator sudah memutuskan. Silakan dibaca."),
        link=HERS,
    )
