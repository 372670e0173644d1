"""The box comes back: each member's goods are counted and explained, to the last piece."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cooperatives import goods, levels, places
from cooperatives.bazaars.loads import NotHers
from cooperatives.goods import BadGoods, Portion
from cooperatives.holds import Doc
from cooperatives.models import Bazaar, Level, Lot, Movement
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound

DOC = "bazaar_back"
REASON_MIN = 3


class Counted(NamedTuple):
    """Of one lot: so many go back to her, so many were given to taste."""

    returned: int
    given: int = 0


class SayWhy(DomainError):
    """Goods are missing, and nobody has said what became of them."""

    sentence = _("Ada barang yang kurang. Tulis apa yang terjadi.")


@in_transaction(retries=3)
def bring_back(
    db: Session,
    *,
    actor: Actor,
    act_id: UUID,
    bazaar_id: int,
    seller_id: int,
    counted: Mapping[int, Counted],
    to_place_id: int | None = None,
    reason: str = "",
) -> None:
    """Explain lots of one member: what is counted goes back to her, or to a kiosk; the rest of what
    should be there is lost; what is too many was sold by nobody and is found.

    A lot that is not named is not counted, which is neither zero nor the same. Sent again, nothing
    changes. Works after the closing too: a late offline act may leave something to explain.
    Raises SayWhy, NotHers, BadGoods, NotFound.
    """
    bazaar = db.get(Bazaar, bazaar_id, with_for_update={"read": True}, populate_existing=True)
    if bazaar is None:
        raise NotFound
    places.tended(db, actor, bazaar.place_id)
    doc = Doc(DOC, str(act_id))
    if db.scalar(_of_doc(doc)) is not None:
        return
    owners = set(db.scalars(select(Lot.owner_id).where(Lot.id.in_(counted))))
    if not counted or owners != {seller_id}:
        raise NotHers
    if any(min(one) < 0 for one in counted.values()):
        raise BadGoods
    shelf = levels.lock(db, Level.place_id == bazaar.place_id, Level.lot_id.in_(counted))
    stands = {standing.lot_id: standing.on_hand for standing in shelf}
    odd = {lot: sum(one) - stands.get(lot, 0) for lot, one in counted.items()}
    lost = [Portion(lot, -units) for lot, units in odd.items() if units < 0]
    if lost and len(reason.strip()) < REASON_MIN:
        raise SayWhy
    _post(db, actor, doc, bazaar.place_id, odd, lost, reason)
    given = [Portion(lot, one.given) for lot, one in counted.items() if one.given]
    if given:
        goods.give_samples.within(
            db, actor=actor, doc=doc, place_id=bazaar.place_id, portions=given, reason=reason
        )
    back = [Portion(lot, one.returned) for lot, one in counted.items() if one.returned]
    if back:
        _return(db, actor, doc, bazaar.place_id, to_place_id, back)


def _post(
    db: Session,
    actor: Actor,
    doc: Doc,
    place_id: int,
    odd: Mapping[int, int],
    lost: list[Portion],
    reason: str,
) -> None:
    found = [Portion(lot, units) for lot, units in odd.items() if units > 0]
    if found:
        goods.correct_after_count.within(
            db, actor=actor, doc=doc, place_id=place_id, differences=found
        )
    if lost:
        goods.write_off.within(
            db, actor=actor, doc=doc, place_id=place_id, portions=lost, reason=reason
        )


def _return(
    db: Session,
    actor: Actor,
    doc: Doc,
    place_id: int,
    to_place_id: int | None,
    back: list[Portion],
) -> None:
    if to_place_id is None:
        goods.return_to_owner.within(db, actor=actor, doc=doc, place_id=place_id, portions=back)
        return
    goods.transfer_goods.within(
        db,
        actor=actor,
        doc=doc,
        from_place_id=place_id,
        to_place_id=to_place_id,
        portions=back,
    )


def _of_doc(doc: Doc) -> Select[int]:
    query = select(Movement.id).where(Movement.doc_type == doc.kind, Movement.doc_id == doc.id)
    return query.limit(1)
