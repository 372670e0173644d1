"""Last digits of its own for every transfer, so that a line on the statement names its order.

A few rupiah are taken off the total, never put on it: nobody pays more than the bill. The operator
bears them when the money is earned (`orders.earning`).
"""

import secrets
from datetime import timedelta

from sqlalchemy import BigInteger, DateTime, bindparam, literal_column, or_, select
from sqlalchemy.orm import Session

from core import clock
from core.config import settings
from core.db import Ready
from orders.models import Attempt
from orders.settings import OrderSettings

AMONG = 99
"""So many of the smallest free codes are drawn from: few rupiah, seldom drawn by two at once."""

TRIES = 5
CODE_MAX = 999
OPEN_STATES = ("created", "pending", "unknown")
_random = secrets.SystemRandom()


# Method and states stand in the text: as values they would keep a prepared plan from the index.
_TAKEN = Ready(
    select(Attempt.amount).where(
        Attempt.method == literal_column("'transfer'"),
        Attempt.amount.between(
            bindparam("least", type_=BigInteger), bindparam("most", type_=BigInteger)
        ),
        or_(
            Attempt.expires_at > bindparam("lately", type_=DateTime(timezone=True)),
            *(Attempt.state == literal_column(f"'{state}'") for state in OPEN_STATES),
        ),
    )
)


def most() -> int:
    """The largest code."""
    return max(0, min(CODE_MAX, settings(OrderSettings).transfer_code_rupiah_max))


def draw(db: Session, total: int) -> list[int]:
    """Some codes that no other transfer uses now or used lately; none where all are taken.

    Whoever writes one still needs the unique index: a rival may have drawn the same.
    """
    largest = min(most(), total - 1)
    if largest < 1:
        return []
    lately = clock.now() - timedelta(days=settings(OrderSettings).transfer_code_days)
    asked = {"least": total - largest, "most": total - 1, "lately": lately}
    taken = {row.amount for row in _TAKEN.rows(db, asked)}
    free = [code for code in range(1, largest + 1) if total - code not in taken][:AMONG]
    return _random.sample(free, min(TRIES, len(free)))
