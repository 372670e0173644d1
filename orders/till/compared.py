"""Every night: what the till's orders say was sold is what left the shelf."""

from flask_babel import lazy_gettext as _
from sqlalchemy import text

from cooperatives.reconciling import comparing
from cooperatives.reconciling.comparing import Difference
from cooperatives.rights import COORDINATE
from core import tasks
from core.db import Reader

SOLD = tasks.declare(
    "compare.sold",
    _("Pesanan %(number)s berbeda dari barang yang keluar"),
    deed=_("Lihat"),
    many=_("%(count)s pesanan berbeda dari barang yang keluar"),
    urgency=20,
)
_SOLD = text(
    "select o.id, o.number, p.id place_id, p.organisation_id from order_placed o"
    " join parcel on parcel.order_id = o.id join place p on p.id = parcel.place_id"
    " where o.channel = 'counter' and o.state = 'completed'"
    " and (select coalesce(sum(quantity), 0) from order_line l"
    "  where l.parcel_id = parcel.id and l.kind = 'goods')"
    " <> (select coalesce(sum(quantity), 0) from movement m where m.kind = 'sale'"
    "  and m.doc_type = 'order' and m.doc_id = o.id::text and m.from_place_id = p.id)"
    " order by o.id"
)


def _sold(db: Reader) -> list[Difference]:
    return [
        Difference(("order", row.id), row.organisation_id,
                   f"/koord/cocok/gerak?tempat={row.place_id}", {"number": row.number})
        for row in db.execute(_SOLD)
    ]  # fmt: skip


comparing.add(SOLD, COORDINATE, _sold)
