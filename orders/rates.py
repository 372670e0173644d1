"""The operator's side of delivery fees: services, zones and rates, and a sample table for a demo.

Nothing that priced a parcel is ever edited. A service's weighing rule is fixed when it is added, a
rate is followed by a newer one, and a service is closed, not deleted. Every change is audited.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from core import audit, clock, regions
from core.actors import Actor
from core.db import in_transaction
from core.errors import DomainError, NotFound
from orders.models import DeliveryRate, DeliveryService, DeliveryZone
from orders.weights import WeighRule

FEE_MAX = 10_000_000
DAYS_MAX = 90
AHEAD_DAYS_MAX = 731

_SAMPLES = Path(__file__).parent / "data"
_CODE = re.compile(r"[a-z][a-z0-9-]{1,29}")
_ZONE = re.compile(r"[a-z][a-z0-9-]{1,19}")


class NoSuchService(NotFound):
    """No delivery service has this code."""

    sentence = _l("Kurir ini tidak ada dalam daftar.")


class CodeTaken(DomainError):
    """A delivery service with this code exists; a changed rule needs another code."""

    status = 409
    sentence = _l("Kode kurir ini sudah dipakai. Pilih kode lain.")


class OddService(DomainError):
    """The code or the label of a service cannot be used."""

    sentence = _l("Kode kurir hanya huruf kecil, angka, dan strip. Nama kurir wajib diisi.")


class OddZone(DomainError):
    """The region does not exist, or the zone's name cannot be used."""

    sentence = _l("Wilayah atau nama zona belum benar.")


class UnknownZone(DomainError):
    """No region lies in this zone, so a rate for it would never be asked."""

    sentence = _l("Zona ini belum punya wilayah. Isi dulu wilayahnya.")


class OddRate(DomainError):
    """An amount, the days or the source of a rate cannot be meant."""

    sentence = _l("Tarif belum benar. Periksa ongkos, lama kirim, dan sumbernya.")


class OddStart(DomainError):
    """Rates begin today or later, for the past is paid, and within two years."""

    sentence = _l("Tarif berlaku paling cepat hari ini, paling lambat dua tahun lagi.")


@dataclass(frozen=True, slots=True)
class Lane:
    """One service from one zone to another."""

    service_code: str
    from_zone: str
    to_zone: str


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a lane costs and how long it takes. Raises OddRate; `source` says who told the price."""

    base_rupiah: int
    step_rupiah: int
    days_min: int
    days_max: int
    source: str

    def __post_init__(self) -> None:
        numbers = (self.base_rupiah, self.step_rupiah, self.days_min, self.days_max)
        fits = (
            all(type(number) is int for number in numbers)
            and 0 <= self.base_rupiah <= FEE_MAX
            and 0 <= self.step_rupiah <= FEE_MAX
            and 0 <= self.days_min <= self.days_max <= DAYS_MAX
            and 0 < len(self.source) <= 120
            and self.source.isprintable()
        )
        if not fits:
            raise OddRate


@in_transaction()
def add_service(
    db: Session, *, actor: Actor, code: str, label: str, rule: WeighRule, takes_cash: bool
) -> int:
    """A new service, open at once, without rates. Raises OddService, CodeTaken."""
    if not _CODE.fullmatch(code) or not 0 < len(label) <= 80 or not label.isprintable():
        raise OddService
    values = {"code": code, "label": label, "takes_cash": takes_cash, "is_open": True}
    values |= asdict(rule)
    query = upsert(DeliveryService).values(values).on_conflict_do_nothing()
    service_id: int | None = db.scalar(query.returning(DeliveryService.id))
    if service_id is None:
        raise CodeTaken
    audit.record(db, actor, "delivery.service_add", "delivery_service", service_id, **values)
    return service_id


@in_transaction()
def switch_service(db: Session, *, actor: Actor, code: str, is_open: bool) -> None:
    """Close a service everywhere, or open it again; placed orders keep it. Raises NoSuchService."""
    service_id = _service_id(db, code)
    db.execute(
        update(DeliveryService).where(DeliveryService.id == service_id).values(is_open=is_open)
    )
    audit.record(
        db, actor, "delivery.service_switch", "delivery_service", service_id, is_open=is_open
    )


@in_transaction()
def set_zone(db: Session, *, actor: Actor, region_code: str, zone: str | None) -> None:
    """Put a province, regency or district into a zone; None leaves it to what it lies in.

    Raises OddZone.
    """
    if not _is_region(region_code) or (zone is not None and not _ZONE.fullmatch(zone)):
        raise OddZone
    kept = DeliveryZone.region_code == region_code
    before = db.scalar(select(DeliveryZone.zone).where(kept).with_for_update())
    if zone is None:
        db.execute(delete(DeliveryZone).where(kept))
    else:
        row = upsert(DeliveryZone).values(region_code=region_code, zone=zone)
        db.execute(row.on_conflict_do_update(index_elements=["region_code"], set_={"zone": zone}))
    audit.record(
        db, actor, "delivery.zone_set", "delivery_zone", region_code, before=before, after=zone
    )


def _is_region(code: str) -> bool:
    return (
        code in regions.provinces()
        or code in regions.regencies()
        or regions.district(code) is not None
    )


@in_transaction()
def add_rate(db: Session, *, actor: Actor, lane: Lane, tariff: Tariff, valid_from: date) -> int:
    """A price from a day on. The same day again corrects it: the last row written counts.

    Raises NoSuchService, UnknownZone, OddStart.
    """
    return _write_rate(db, actor, lane, asdict(tariff) | {"is_offered": True}, valid_from)


@in_transaction()
def end_lane(db: Session, *, actor: Actor, lane: Lane, valid_from: date, source: str) -> int:
    """From a day on the service does not go there; a later rate opens it again.

    Raises NoSuchService, UnknownZone, OddStart, OddRate.
    """
    ended = asdict(Tariff(0, 0, 0, 0, source)) | {"is_offered": False}
    return _write_rate(db, actor, lane, ended, valid_from)


def _write_rate(
    db: Session, actor: Actor, lane: Lane, values: dict[str, object], valid_from: date
) -> int:
    today = clock.today()
    if not today <= valid_from <= today + timedelta(days=AHEAD_DAYS_MAX):
        raise OddStart
    service_id = _service_id(db, lane.service_code)
    _refuse_unknown(db, {lane.from_zone, lane.to_zone})
    row = values | {
        "service_id": service_id,
        "from_zone": lane.from_zone,
        "to_zone": lane.to_zone,
        "valid_from": valid_from,
    }
    rate_id: int = db.execute(
        insert(DeliveryRate).values(row).returning(DeliveryRate.id)
    ).scalar_one()
    facts = row | {"valid_from": valid_from.isoformat()}
    audit.record(db, actor, "delivery.rate_add", "delivery_rate", rate_id, **facts)
    return rate_id


def _refuse_unknown(db: Session, zones: set[str]) -> None:
    query = select(DeliveryZone.zone).where(DeliveryZone.zone.in_(zones)).distinct()
    if not all(map(_ZONE.fullmatch, zones)) or zones - set(db.scalars(query)):
        raise UnknownZone


def _service_id(db: Session, code: str) -> int:
    query = select(DeliveryService.id).where(DeliveryService.code == code)
    service_id = db.scalar(query) if _CODE.fullmatch(code) else None
    if service_id is None:
        raise NoSuchService
    return service_id


@in_transaction()
def load_sample_rates(db: Session, *, actor: Actor) -> int:
    """Fill the tables with invented prices for a demo; returns how many rates were new.

    What is there already stays as it is, so running it again changes nothing.
    """
    db.execute(select(func.pg_advisory_xact_lock(func.hashtext("delivery.samples"))))
    services = [_sample_service(row) for row in _sample("delivery_services")]
    db.execute(upsert(DeliveryService).values(services).on_conflict_do_nothing())
    zones = list(_sample("delivery_zones"))
    db.execute(upsert(DeliveryZone).values(zones).on_conflict_do_nothing())
    rates = _new_sample_rates(db)
    if rates:
        db.execute(insert(DeliveryRate), rates)
        audit.record(
            db, actor, "delivery.sample_load", "delivery_rate", "samples", rates=len(rates)
        )
    return len(rates)


def _sample(name: str) -> Iterator[dict[str, str]]:
    with (_SAMPLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _sample_service(row: dict[str, str]) -> dict[str, object]:
    rule = WeighRule(
        divisor=int(row["divisor"]) if row["divisor"] else None,
        tolerance_grams=int(row["tolerance_grams"]),
        is_inclusive=row["is_inclusive"] == "yes",
        min_grams=int(row["min_grams"]),
        step_grams=int(row["step_grams"]),
        max_grams=int(row["max_grams"]),
    )
    named = {"code": row["code"], "label": row["label"], "is_open": True}
    return named | asdict(rule) | {"takes_cash": row["takes_cash"] == "yes"}


def _new_sample_rates(db: Session) -> list[dict[str, object]]:
    """Sample rates whose lane and day are not in the table yet."""
    services = db.execute(select(DeliveryService.code, DeliveryService.id))
    ids = {service.code: service.id for service in services}
    key = (
        DeliveryRate.service_id,
        DeliveryRate.from_zone,
        DeliveryRate.to_zone,
        DeliveryRate.valid_from,
    )
    known = {tuple(row) for row in db.execute(select(*key))}
    rates = (_sample_rate(row, ids[row["service"]]) for row in _sample("delivery_rates"))
    return [rate for rate in rates if tuple(rate[column.key] for column in key) not in known]


def _sample_rate(row: dict[str, str], service_id: int) -> dict[str, object]:
    tariff = Tariff(
        base_rupiah=int(row["base_rupiah"]),
        step_rupiah=int(row["step_rupiah"]),
        days_min=int(row["days_min"]),
        days_max=int(row["days_max"]),
        source=row["source"],
    )
    return asdict(tariff) | {
        "service_id": service_id,
        "from_zone": row["from_zone"],
        "to_zone": row["to_zone"],
        "valid_from": date.fromisoformat(row["valid_from"]),
    }
