"""What delivery costs between two districts: the open services that go there, cheapest first.

The longest region code that fits a district decides its zone, and of the rates between two zones
the newest that has begun counts for each service. All of that is one query. No rate means no
service, and nobody delivering is an empty list, never a fee of nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, ScalarSelect, String, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from core import clock
from core.config import setting, settings
from core.db import Reader
from orders.models import DeliveryRate, DeliveryService, DeliveryZone
from orders.weights import Box, Load, WeighRule

__all__ = ["Box", "Quote", "ShippingSettings", "estimate", "quote"]

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


def quote(
    db: Reader,
    *,
    from_district: str,
    to_district: str,
    grams: int,
    boxes: Iterable[Box] = (),
    day: date | None = None,
) -> list[Quote]:
    """Every way to send goods of this weight and these boxes, cheapest first; empty: no service.

    A district we do not know has no service. Raises OddParcel.
    """
    load = Load.packed(grams, boxes, settings(ShippingSettings).packaging_grams)
    if not _DISTRICT.fullmatch(to_district):
        return []
    return _quotes(db, from_district, to_district, load, day)


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
    `quote` binds. Raises OddParcel.
    """
    load = Load.packed(grams, boxes, settings(ShippingSettings).packaging_grams)
    if not _REGENCY_OR_DISTRICT.fullmatch(to_region):
        return None
    return next(iter(_quotes(db, from_district, to_region, load, day)), None)


def _quotes(db: Reader, origin: str, target: str, load: Load, day: date | None) -> list[Quote]:
    if not _DISTRICT.fullmatch(origin):
        return []
    values = {
        "origin": _prefixes(origin),
        "target": _prefixes(target),
        "day": day or clock.today(),
    }
    found = (_priced(offer, load) for offer in db.execute(_OFFERS, values))
    return sorted(
        (one for one in found if one is not None),
        key=lambda one: (one.fee, one.days_max, one.service_code),
    )


def _prefixes(code: str) -> list[str]:
    """The codes of what a place lies in, its own included."""
    return [code[:digits] for digits in (2, 4, 6)]


def _priced(offer: Row[*tuple[object, ...]], load: Load) -> Quote | None:
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


def _zone(codes: str) -> ScalarSelect[str]:
    """The zone of the longest of these region codes; no zone fits no rate."""
    return (
        select(_zones.zone)
        .where(_zones.region_code == any_(bindparam(codes, type_=ARRAY(String))))
        .order_by(func.length(_zones.region_code).desc())
        .limit(1)
        .scalar_subquery()
    )


# Made once, and of plain columns: checkout asks it for every parcel.
_OFFERS = (
    select(
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
    .join_from(DeliveryRate.__table__, DeliveryService.__table__)
    .where(
        _services.is_open,
        _rates.from_zone == _zone("origin"),
        _rates.to_zone == _zone("target"),
        _rates.valid_from <= bindparam("day"),
    )
    .ext(distinct_on(_rates.service_id))
    .order_by(_rates.service_id, _rates.valid_from.desc(), _rates.id.desc())
)
