"""How this floor's own documents are called where goods and money add up, and who opens them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import Account, Bazaar, BazaarGroup, ConsignNote, Payout, Settlement
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


def _payouts(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
    boards = access.subjects(db, actor, COORDINATE, TREASURE)
    query = (
        select(Payout.id, Account.organisation_id)
        .join(Settlement, Settlement.id == Payout.settlement_id)
        .join(Account, Account.id == Settlement.account_id)
        .where(Payout.id.in_([int(said) for said in ids if said.isdecimal()]))
    )
    return {
        str(row[0]): Paper(
            _("Pencairan nomor %(n)s", n=row[0]), f"/kas/bayar/{row[0]}" if row[1] in boards else ""
        )
        for row in db.execute(query)
    }


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
    "counter_sale": (_l("Penjualan di kios"), None),
    "payout": (_l("Pencairan"), _payouts),
    "journal": (_l("Catatan buku"), None),
}
