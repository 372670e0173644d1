"""How people call an order: the books below know it by its id only and ask here."""

from uuid import UUID

from sqlalchemy import select

from cooperatives import entry_words
from core.db import Reader
from orders.models import Order


def numbers(db: Reader, order_ids: list[str]) -> dict[str, str]:
    """The numbers of these orders by id; what is no order of ours is left out."""
    known = [found for order_id in order_ids if (found := as_id(order_id))]
    query = select(Order.id, Order.number).where(Order.id.in_(known))
    return {str(row.id): row.number for row in db.execute(query)}


def as_id(text: str) -> UUID | None:
    """An id, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


entry_words.name_orders_by(numbers)
