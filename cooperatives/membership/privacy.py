"""What groups keep of a member besides her membership: savings, advances, part of a surplus.

The figures stay, for they are the group's books too; her voice and the words read to her go.
"""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cooperatives.models import Advance, Membership, Surplus, SurplusShare, Voucher
from core import files
from core.privacy import Keeper, copied


def _export(db: Session, person_id: int) -> dict[str, Any]:
    own = {
        "member": select(
            Membership.cooperative_id, Membership.number, Membership.office, Membership.skills
        ).where(Membership.person_id == person_id),
        "vouchers": select(
            Voucher.happened_on, Voucher.kind, Voucher.sort, Voucher.amount, Voucher.state
        ).where(Voucher.person_id == person_id),
        "advances": select(
            Advance.what, Advance.amount, Advance.due_on, Advance.percent, Advance.floor,
            Advance.text, Advance.created_at, Advance.ended_at,
        ).where(Advance.person_id == person_id),
        "surplus": select(
            Surplus.year, SurplusShare.sold, SurplusShare.saved, SurplusShare.business,
            SurplusShare.capital,
        )
        .join(Surplus, Surplus.id == SurplusShare.surplus_id)
        .where(SurplusShare.person_id == person_id),
    }  # fmt: skip
    return {name: copied(db, query) for name, query in own.items()}


def _erase(db: Session, person_id: int) -> None:
    told = update(Membership).where(Membership.person_id == person_id)
    db.execute(told.values(skills=[], office=""))
    for advance in db.scalars(select(Advance).where(Advance.person_id == person_id)):
        advance.text, advance.witness = "", ""
        files.erase(db, ("advance", advance.id))


KEEPER = Keeper("membership", _export, _erase)
