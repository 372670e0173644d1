"""How documents of money are called where the books add up, who opens them, and their people."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives.models import Account, Payout, Settlement
from cooperatives.models.books import Journal
from cooperatives.models.days import Bag, DrawerCount, TradingDay
from cooperatives.models.stock import Place
from cooperatives.models.surplus import Surplus
from cooperatives.models.vouchers import Advance, Voucher
from cooperatives.paper_rows import act, opener, with_people
from cooperatives.reconciling import books
from cooperatives.rights import COORDINATE, TREASURE
from core import access
from core.actors import Actor
from core.documents import Kinds, Paper

BOARD = (COORDINATE, TREASURE)
_VOUCHERS = with_people(
    select(Voucher.id, Voucher.words.label("n"), Voucher.organisation_id.label("subject_id")),
    Voucher.made_by,
    Voucher.decided_by,
)
_ADVANCES = with_people(
    select(Advance.id, Advance.id.label("n"), Advance.organisation_id.label("subject_id")),
    Advance.recorded_by,
)
_SURPLUSES = with_people(
    select(Surplus.id, Surplus.year.label("n"), Surplus.organisation_id.label("subject_id")),
    Surplus.made_by,
    Surplus.decided_by,
)
_SETTLEMENTS = with_people(
    select(
        Settlement.id, Settlement.id.label("n"), Account.organisation_id.label("subject_id")
    ).join(Account, Account.id == Settlement.account_id),
    Settlement.closed_by,
)
_PAYOUTS = with_people(
    select(Payout.id, Payout.id.label("n"), Account.organisation_id.label("subject_id"))
    .join(Settlement, Settlement.id == Payout.settlement_id)
    .join(Account, Account.id == Settlement.account_id),
    Payout.made_by,
    Payout.approved_by,
)
_BAGS = with_people(
    select(Bag.id, Place.name.label("n"), Place.organisation_id.label("subject_id")).join(
        Place, Place.id == Bag.place_id
    ),
    Bag.carried_by,
    Bag.confirmed_by,
)
_COUNTS = with_people(
    select(DrawerCount.id, Place.name.label("n"), Place.organisation_id.label("subject_id"))
    .join(TradingDay, TradingDay.id == DrawerCount.day_id)
    .join(Place, Place.id == TradingDay.place_id),
    DrawerCount.counted_by,
    DrawerCount.taken_by,
)


def _journals(db: Session, actor: Actor, ids: Sequence[str]) -> Mapping[str, Paper]:
    """A reversal names the journal it takes back."""
    numbers = [int(said) for said in ids if said.isdecimal()]
    hers = books.of_hers(access.subjects(db, actor, TREASURE))
    seen = set(db.scalars(books.entries_of(hers).where(Journal.id.in_(numbers)))) if numbers else ()
    return {
        said: Paper(
            str(_l("Pembatalan catatan nomor %(n)s", n=said)),
            f"/kas/cocok/catatan/{said}" if int(said) in seen else "",
        )
        for said in ids
        if said.isdecimal()
    }


PAPERS: Kinds = {
    "voucher": (
        _l("Bukti kas"),
        opener(_VOUCHERS, _l("Bukti kas: %(n)s"), "/kas/bukti/{}", *BOARD, read=act),
    ),
    "advance": (
        _l("Pinjaman bahan"),
        opener(_ADVANCES, _l("Pinjaman bahan nomor %(n)s"), "/kas/pinjaman/{}", TREASURE),
    ),
    "surplus": (
        _l("Sisa hasil usaha"),
        opener(_SURPLUSES, _l("Sisa hasil usaha tahun %(n)s"), "/kas/shu/{}", *BOARD),
    ),
    "settlement": (
        _l("Hitungan"),
        opener(_SETTLEMENTS, _l("Hitungan nomor %(n)s"), "/kas/bayar/hitungan/{}", TREASURE),
    ),
    "payout": (
        _l("Pencairan"),
        opener(_PAYOUTS, _l("Pencairan nomor %(n)s"), "/kas/bayar/{}", *BOARD),
    ),
    "bag": (_l("Setoran"), opener(_BAGS, _l("Setoran dari %(n)s"), "", *BOARD, read=act)),
    "cash_count": (
        _l("Hitungan laci"),
        opener(_COUNTS, _l("Hitungan laci %(n)s"), "", *BOARD, read=act),
    ),
    "journal": (_l("Catatan buku"), _journals),
}
