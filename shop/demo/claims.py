"""Problems with parcels in the demo world: one that ended with money back, one that waits.

Told once each, after the orders were answered; a run after a crash tells and answers what is left.
"""

from typing import Any

from sqlalchemy import select

from core import acts
from core.actors import Actor
from core.db import db as database
from orders import claim_answers, claims
from orders.claim_answers import Reply
from orders.claim_states import ClaimState
from orders.claims import Told
from orders.models import Claim, Line, Order
from sellers.models import Variant
from shop.demo.cast import act_id, read
from shop.demo.orders import person_id


def tell_all() -> int:
    """Let buyers tell their problems and makers answer; returns how many steps were taken now."""
    session = database.session()
    return sum(
        _tell(row)
        for row in read("claims")["claims"]
        if session.get(Order, act_id("order", row["order"]))
    )


def _tell(row: dict[str, Any]) -> int:
    session, claim_id = database.session(), act_id("claim", row["key"])
    order = session.get_one(Order, act_id("order", row["order"]))
    taken = 0
    if session.get(acts.Act, claim_id) is None:
        line = _line(order, row["product"])
        assert line.parcel_id is not None
        told = Told(
            line.parcel_id, {line.id: row["quantity"]}, row["trouble"], row["wish"], row["words"]
        )
        buyer = Actor(order.buyer_id)
        claims.open_claim(actor=buyer, claim_id=claim_id, order_id=order.id, told=told)
        taken += 1
    claim = session.get_one(Claim, claim_id)
    if "answer" in row and claim.state == ClaimState.OPEN:
        pieces = {_line(order, row["product"]).id: row["quantity"]}
        who = Actor(person_id(session, row["answered_by"]))
        reply = Reply(row["wish"], pieces, words=row["answer"])
        claim_answers.answer(actor=who, claim_id=claim_id, reply=reply)
        taken += 1
    return taken


def _line(order: Order, product: str) -> Line:
    sku = next(row["sku"] for row in read("listings")["listings"] if row["key"] == product)
    query = (
        select(Line)
        .join(Variant, Variant.id == Line.variant_id)
        .where(Line.order_id == order.id, Variant.sku == sku)
    )
    return database.session().scalars(query.limit(1)).one()
