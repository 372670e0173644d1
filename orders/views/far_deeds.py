"""What a maker does with her parcels where there is no signal: packed, and handed over.

Both may arrive late and in either order. To accept or to decline is not among them: the answer
decides about a buyer's money and must be known at once.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from core import acts
from core.actors import Actor
from core.errors import NotFound
from orders import fulfilment, handover, parcels
from orders.forms import SendForm
from orders.views.handling import SAID

PACKED, HANDED_OVER = "parcel.packed", "parcel.handed_over"
Content = Mapping[str, Any]


@acts.handles(PACKED, version=1, label=_("Paket dikemas"))
def packed(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,  # noqa: ARG001
    at: datetime,  # noqa: ARG001
    content: Content,
) -> dict[str, Any]:
    """The parcel is packed; one that has gone already was packed before."""
    parcel_id = _parcel_of(content)
    if parcels.lock(db, actor, parcel_id).parcel.handed_over_at is None:
        fulfilment.pack.within(db, actor=actor, parcel_id=parcel_id)
    return {"parcel": parcel_id, "sentence": str(SAID["pack"])}


@acts.handles(HANDED_OVER, version=1, label=_("Paket diserahkan"))
def handed_over(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,  # noqa: ARG001
    at: datetime,  # noqa: ARG001
    content: Content,
) -> dict[str, Any]:
    """The parcel has gone to the courier, or to the buyer's door."""
    parcel_id = _parcel_of(content)
    form = SendForm.of_act(content)
    handover.send.within(db, actor=actor, parcel_id=parcel_id, tracking=form.number)
    return {"parcel": parcel_id, "sentence": str(SAID["send"])}


def _parcel_of(content: Content) -> int:
    said = str(content.get("parcel", ""))
    if not re.fullmatch("[0-9]{1,15}", said):
        raise NotFound
    return int(said)
