"""What a cooperative spends, and what it earns besides sales: with receipt, unit and purpose."""

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives.membership import units, vouchers
from cooperatives.membership.settings import MembershipSettings
from cooperatives.membership.vouchers import DOC, Wish
from cooperatives.models import Voucher
from cooperatives.models.vouchers import VoucherKind
from core import files
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.files import Attachment, Stored

CATEGORIES = {
    "material": _("Bahan"),
    "packaging": _("Kemasan"),
    "transport": _("Ongkos jalan"),
    "power": _("Listrik, air, pulsa"),
    "rent": _("Sewa tempat"),
    "wages": _("Upah"),
    "training": _("Pelatihan"),
    "bazaar": _("Bazar"),
    "service": _("Jasa dan sewa alat"),
    "gift": _("Hibah atau hadiah"),
    "other": _("Lain-lain"),
}


class ReceiptNeeded(DomainError):
    """Who agrees to a large cost wants to see its receipt."""

    sentence = _("Biaya sebesar ini perlu foto nota.")


@in_transaction(retries=3)
def write(db: Session, *, actor: Actor, wish: Wish, receipt: Stored | None) -> Voucher:
    """Write a cost or other income down. Raises ReceiptNeeded, and as a voucher does."""
    assert wish.kind in (VoucherKind.COST, VoucherKind.INCOME), wish
    limit = settings(MembershipSettings).cost_second_person_rupiah
    if wish.kind == VoucherKind.COST and receipt is None and wish.amount >= limit:
        raise ReceiptNeeded
    if wish.unit_id is not None:
        unit = units.get_unit(db, actor, wish.unit_id)
        if unit.organisation_id != wish.organisation_id or unit.closed_on is not None:
            raise NotFound
    is_new = db.get(Voucher, wish.id) is None
    voucher = vouchers.put(db, actor=actor, wish=wish)
    if receipt is not None and is_new:
        files.attach.within(db, actor=actor, stored=receipt, doc=(DOC, voucher.id))
    return voucher


def receipt_of(db: Session, voucher: Voucher) -> Attachment | None:
    """The photo of the receipt; the caller has checked who asks."""
    return next(iter(files.list_of(db, (DOC, voucher.id))), None)
