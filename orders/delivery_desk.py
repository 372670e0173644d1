"""What the operator reads about delivery fees: services, the rates of one service, and zones."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from core import clock, regions
from core.db import PAGE_SIZE_MAX, Reader
from core.errors import NotFound
from orders.models import DeliveryRate, DeliveryService, DeliveryZone


@dataclass(frozen=True, slots=True)
class Named:
    """A region that has a zone of its own, with its name."""

    region_code: str
    name: str
    zone: str


def list_services(db: Session) -> Sequence[DeliveryService]:
    """Every service, the open ones first."""
    query = select(DeliveryService).order_by(DeliveryService.is_open.desc(), DeliveryService.label)
    return db.scalars(query).all()


def get_service(db: Session, code: str) -> DeliveryService:
    """One service by its code; raises NotFound."""
    found = db.scalar(select(DeliveryService).where(DeliveryService.code == code))
    if found is None:
        raise NotFound
    return found


def list_rates(db: Session, service_id: int) -> Sequence[DeliveryRate]:
    """The rate in force of each lane and every one that is to come, by lane and day."""
    newest = (
        func.row_number()
        .over(
            partition_by=(DeliveryRate.from_zone, DeliveryRate.to_zone),
            order_by=(DeliveryRate.valid_from.desc(), DeliveryRate.id.desc()),
        )
        .label("turn")
    )
    begun = select(DeliveryRate.id, newest).where(
        DeliveryRate.service_id == service_id, DeliveryRate.valid_from <= clock.today()
    )
    ranked = begun.subquery()
    in_force = select(ranked.c.id).where(ranked.c.turn == 1)
    query = (
        select(DeliveryRate)
        .where(
            DeliveryRate.service_id == service_id,
            DeliveryRate.id.in_(in_force) | (DeliveryRate.valid_from > clock.today()),
        )
        .order_by(
            DeliveryRate.from_zone, DeliveryRate.to_zone, DeliveryRate.valid_from, DeliveryRate.id
        )
    )
    return db.scalars(query.limit(PAGE_SIZE_MAX)).all()


def zone_names(db: Reader) -> list[str]:
    """Every zone that holds a region."""
    query = select(DeliveryZone.zone).distinct().order_by(DeliveryZone.zone)
    return list(db.execute(query).scalars())


def list_zones(db: Reader) -> list[Named]:
    """Every region that was put into a zone, by zone and code."""
    query = select(DeliveryZone.region_code, DeliveryZone.zone)
    rows: Sequence[Row[str, str]] = db.execute(
        query.order_by(DeliveryZone.zone, DeliveryZone.region_code)
    ).all()
    return [Named(row.region_code, region_name(row.region_code), row.zone) for row in rows]


def region_name(code: str) -> str:
    """A province, regency or district by its code; the code itself where it is not known."""
    if district := regions.district(code):
        return district.label
    return regions.regencies().get(code) or regions.provinces().get(code) or code
