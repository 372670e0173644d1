"""What delivery costs between two districts: the open services that go there, cheapest first.

The longest region code that fits a district decides its zone, and of the rates between two zones
the newest that has begun counts for each service. All of that is one query. No rate means no
service, and nobody delivering is an empty list, never a fee of nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, ScalarSelect, String, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from core import clock
from core.config import setting, settings
from core.db import Reader, Ready
from orders.models import DeliveryRate, DeliveryService, DeliveryZone
from orders.weights import Box, Load, WeighRule

__all__ = ["Box", "Freight", "Quote", "ShippingSettings", "estimate", "quotes"]

_DISTRICT = re.compile(r"[0-9]{6}")
_REGENCY_OR_DISTRICT = re.compile(r"[0-9]{4}(?:[0-9]{2})?")


@dataclass(frozen=True)
class ShippingSettings:
    """What delivery fees read from the environment."""

    packaging_grams: int = setting(
        "LUMBUNG_PACKAGING_GRAMS",
        "Grams added to every parcel for its carton; product weights are packed ones already",
        0,
    )


@dataclass(frozen=True, slots=True)
class Quote:
    """What one service asks for one parcel. `rate_id` names the row it was priced by."""

    fee: int
    takes_cash: bool
    billed_kg: int
    rate_id: int
    label: str
    service_code: str
    days_min: int
    days_max: int


@dataclass(frozen=True, slots=True)
class Freight:
    """A parcel to be sent: from where, its packed goods in grams, and their boxes."""

    from_district: str
    grams: int
    boxes: tuple[Box, ...] = ()

    def load(self) -> Load:
        """As a courier weighs it. Raises OddParcel."""
        return Load.packed(self.grams, self.boxes, settings(ShippingSettings).packaging_grams)


def quotes(
    db: Reader, parcels: Sequence[Freight], *, to_district: str, day: date | None = None
) -> list[list[Quote]]:
    """Every way to send each of these parcels, cheapest first; an empty list: no service.

    A district we do not know has no service. One query for all. Raises OddParcel.
    """
    return _quotes(db, parcels, to_district if _DISTRICT.fullmatch(to_district) else "", day)


def estimate(
    db: Reader,
    *,
    from_district: str,
    to_region: str,
    grams: int,
    boxes: Iterable[Box] = (),
    day: date | None = None,
) -> Quote | None:
    """The cheapest way to a kabupaten (4 digits) or kecamatan (6), before an address is known.

    None where nobody goes. A kabupaten with dearer corners is told by its common zone, so only
    `quotes` binds. Raises OddParcel.
    """
    freight = Freight(from_district, grams, tuple(boxes))
    target = to_region if _REGENCY_OR_DISTRICT.fullmatch(to_region) else ""
    return next(iter(_quotes(db, [freight], target, day)[0]), None)


def _quotes(
    db: Reader, parcels: Sequence[Freight], target: str, day: date | None
) -> list[list[Quote]]:
    loads = [parcel.load() for parcel in parcels]
    origins = {p.from_district for p in parcels if _DISTRICT.fullmatch(p.from_district)}
    offers: dict[str, list[Any]] = {}
    if origins and target:
        values = {"origins": sorted(origins), "target": target, "day": day or clock.today()}
        for offer in _OFFERS.rows(db, values):
            offers.setdefault(offer.origin, []).append(offer)
    return [
        _cheapest_first(offers.get(parcel.from_district, ()), load)
        for parcel, load in zip(parcels, loads, strict=True)
    ]


def _cheapest_first(offers: Iterable[Any], load: Load) -> list[Quote]:
    found = (_priced(offer, load) for offer in offers)
    return sorted(
        (one for one in found if one is not None),
        key=lambda one: (one.fee, one.days_max, one.service_code),
    )


def _priced(offer: Any, load: Load) -> Quote | None:
    """The offer for this parcel; None where the lane has ended or the parcel is too much."""
    rule = WeighRule(
        offer.divisor,
        offer.tolerance_grams,
        offer.is_inclusive,
        offer.min_grams,
        offer.step_grams,
        offer.max_grams,
    )
    if not offer.is_offered or not rule.carries(load):
        return None
    return Quote(
        fee=rule.fee(load, base_rupiah=offer.base_rupiah, step_rupiah=offer.step_rupiah),
        takes_cash=offer.takes_cash,
        billed_kg=-(-rule.billed_grams(load) // 1000),
        rate_id=offer.rate_id,
        label=offer.label,
        service_code=offer.code,
        days_min=offer.days_min,
        days_max=offer.days_max,
    )


_zones = DeliveryZone.__table__.c
_services = DeliveryService.__table__.c
_rates = DeliveryRate.__table__.c


def _zone(code: ColumnElement[str]) -> ScalarSelect[str]:
    """The zone of the longest region code that this code begins with; no zone fits no rate."""
    lies_in = [func.left(code, digits) for digits in (2, 4, 6)]
    return (
        select(_zones.zone)
        .where(_zones.region_code.in_(lies_in))
        .order_by(func.length(_zones.region_code).desc())
        .limit(1)
        .scalar_subquery()
    )


_origin = (
    func.unnest(bindparam("origins", type_=ARRAY(String)))
    .table_valued("code", name="origin")
    .render_derived()
)
# Made once, and of plain columns: checkout asks it for all parcels at once.
_OFFERS = Ready(
    select(
        _origin.c.code.label("origin"),
        _services.code,
        _services.label,
        _services.divisor,
        _services.tolerance_grams,
        _services.is_inclusive,
        _services.min_grams,
        _services.step_grams,
        _services.max_grams,
        _services.takes_cash,
        _rates.id.label("rate_id"),
        _rates.base_rupiah,
        _rates.step_rupiah,
        _rates.days_min,
        _rates.days_max,
        _rates.is_offered,
    )
    .select_from(_origin)
    .join(DeliveryRate.__table__, _rates.from_zone == _zone(_origin.c.code))
    .join(DeliveryService.__table__, _services.id == _rates.service_id)
    .where(
        _services.is_open,
        _rates.to_zone == _zone(bindparam("target", type_=String)),
        _rates.valid_from <= bindparam("day", type_=Date),
    )
    .ext(distinct_on(_origin.c.code, _rates.service_id))
    .order_by(_origin.c.code, _rates.service_id, _rates.valid_from.desc(), _rates.id.desc())
)
