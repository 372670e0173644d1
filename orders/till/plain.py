"""A sale from a form without scripts: so many of each maker's goods, in cash or by QRIS."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select

from cooperatives.models import Place
from core.actors import Actor
from core.db import db as database
from orders.till import opening
from orders.till.said import NoSale
from sellers.models import Variant

BOX = re.compile(r"q-([0-9]{1,15})-([0-9]{1,15})")


def content(
    *, actor: Actor, place: Place, act_id: UUID, typed: Mapping[str, str]
) -> dict[str, Any]:
    """What the form says, as a till tells it. Raises NoSale, TillTaken, NotFound."""
    asked = [
        (int(box[1]), int(box[2]), int(said))
        for name, said in typed.items()
        if (box := BOX.fullmatch(name)) and re.fullmatch("0*[1-9][0-9]{0,4}", said.strip())
    ]
    device = uuid5(NAMESPACE_URL, f"till-without-scripts:{actor.person_id}")
    till = opening.open_till(actor=actor, place_id=place.id, device_id=device)
    known = select(Variant.id, Variant.price).where(Variant.id.in_([each[0] for each in asked]))
    prices = {row.id: row.price for row in database.session().execute(known)}
    if not asked or any(variant not in prices for variant, _owner, _units in asked):
        raise NoSale
    total = sum(prices[variant] * units for variant, _owner, units in asked)
    is_qris = typed.get("way") == "qris"
    return {
        "place": place.id,
        "device": str(device),
        "number": f"{till['sign']}-{till['last'] + 1}",
        "code": uuid5(act_id, "code").hex,
        "lines": [
            {"variant": variant, "quantity": units, "price": prices[variant], "owner": owner}
            for variant, owner, units in asked
        ],
        "cash": 0 if is_qris else total,
        "qris": total if is_qris else 0,
        "invite": typed.get("invite", "").strip()[:20],
    }
