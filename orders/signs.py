"""What hangs on an order besides its goods, seen in one query: nearly always nothing."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, exists, select

from core.db import Reader, Ready
from orders import arrivals, refund_accounts
from orders.models import Claim, ParcelMessage, RefundAccount

_ID = bindparam("order_id", type_=Uuid)
_SIGNS = Ready(
    select(
        arrivals.come_of(_ID).scalar_subquery().label("come"),
        exists().where(Claim.order_id == _ID).label("has_claims"),
        refund_accounts.waiting(_ID).exists().label("asks_account"),
        exists().where(ParcelMessage.order_id == _ID).label("has_talk"),
        exists()
        .where(RefundAccount.order_id == _ID, RefundAccount.erased_at.is_(None))
        .label("has_account"),
    )
)


def of(db: Reader, order_id: UUID) -> Any:
    """`come` (rupiah that came in parts), `has_claims`, `has_talk`, `asks_account` and
    `has_account`.
    """
    return _SIGNS.rows(db, {"order_id": order_id})[0]
