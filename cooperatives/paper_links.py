"""How this floor's own documents are called where goods and money add up, and who opens them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from cooperatives.models import ConsignNote
from cooperatives.models.bazaars import Bazaar, BazaarGroup
from cooperatives.models.big_orders import BigOrder
from cooperatives.models.counting import StockCount
from cooperatives.models.shipments import Shipment
from cooperatives.models.stock import Place
from cooperatives.paper_rows import act, opener, with_people
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core import access
from core.actors import Actor
from core.documents import Kinds, Paper


def _notes(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
    kept = access.subjects(db, actor, KEEP)
    query = select(ConsignNote.id, ConsignNote.serial, ConsignNote.place_id)
    rows = db.execute(query.where(ConsignNote.id.in_([UUID(said) for said in ids])))
    return {
        str(row[0]): Paper(
            _("Nota titip nomor %(serial)s", serial=row[1]),
            f"/kios-kerja/terima/nota/{row[0]}" if row[2] in kept else "",
        )
        for row in rows
    }


def _movements(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
    """A reversal names the movement it takes back; who sees the one sees the other."""
    url = "/koord/cocok/gerak/{}" if access.subjects(db, actor, COORDINATE) else ""
    return {
        said: Paper(_("Pembatalan catatan nomor %(n)s", n=said), url.format(said)) for said in ids
    }


_COUNTS = with_people(
    select(StockCount.id, Place.name.label("n"), Place.organisation_id.label("subject_id")).join(
        Place, Place.id == StockCount.place_id
    ),
    StockCount.opened_by,
    StockCount.ended_by,
)
_SHIPMENTS = with_people(
    select(
        Shipment.id,
        func.concat("SJ", Shipment.organisation_id, "-", func.lpad(cast(Shipment.serial, String),
                    4, "0")).label("n"),
        Shipment.from_place_id.label("subject_id"),
    ),
    Shipment.sent_by,
)  # fmt: skip
_BIG_ORDERS = with_people(
    select(BigOrder.id, BigOrder.what.label("n"), BigOrder.organisation_id.label("subject_id")),
    BigOrder.created_by,
)


def _bazaars(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
    """A bazaar, or a line of one as "bazaar:lot"; each board opens those it takes part in."""
    asked = {said: said.partition(":")[0] for said in ids}
    numbers = [int(number) for number in asked.values() if number.isdecimal()]
    boards = access.subjects(db, actor, COORDINATE, TREASURE)
    part = select(BazaarGroup.bazaar_id).where(
        BazaarGroup.organisation_id.in_(boards), BazaarGroup.state != "declined"
    )
    mine = Bazaar.id.in_(part).label("is_mine")
    rows = db.execute(select(Bazaar.id, Bazaar.name, mine).where(Bazaar.id.in_(numbers)))
    found = {str(row.id): row for row in rows}
    return {
        said: Paper(found[number].name, f"/koord/bazar/{number}" if found[number].is_mine else "")
        for said, number in asked.items()
        if number in found
    }


PAPERS: Kinds = {
    "bazaar": (_l("Bazar bersama"), _bazaars),
    "bazaar_line": (_l("Bazar bersama"), _bazaars),
    "bazaar_load": (_l("Kiriman ke bazar"), None),
    "bazaar_in": (_l("Kiriman ke bazar"), None),
    "bazaar_rest": (_l("Kiriman ke bazar"), None),
    "bazaar_back": (_l("Barang pulang dari bazar"), None),
    "consign_note": (_l("Nota titip"), _notes),
    "handover": (_l("Nota titip"), None),
    "movement": (_l("Catatan barang"), _movements),
    "act": (_l("Catatan dari HP"), None),
    "home_stock": (_l("Stok di rumah"), None),
    "opening": (_l("Pindahan dari buku lama"), None),
    "shelf": (_l("Barang keluar dari rak"), None),
    "stock_count": (
        _l("Hitungan stok"),
        opener(_COUNTS, _l("Hitungan stok %(n)s"), "/kios-kerja/hitung/{}", COORDINATE, read=act),
    ),
    "shipment": (
        _l("Kiriman"),
        opener(_SHIPMENTS, _l("Kiriman %(n)s"), "/kios-kerja/kiriman/{}", KEEP, read=act),
    ),
    "big_order": (
        _l("Pesanan besar"),
        opener(_BIG_ORDERS, _l("Pesanan besar %(n)s"), "/koord/bagi/{}", COORDINATE),
    ),
}
