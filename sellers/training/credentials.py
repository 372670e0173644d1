"""Certificates as Open Badges 3.0: files that any wallet or school can check without asking us.

A credential is signed when its holder takes it along, as Data Integrity `eddsa-rdfc-2022` by the
provider's `did:key`. Whether it was withdrawn since stands in a Bitstring Status List of the same
issuer: each credential has one bit of at least 131,072, drawn at random, so that a position tells
nobody who it is. A list says no more than which bits are set. (W3C Bitstring Status List 1.0 and
Open Badges 3.0.)
"""

import json
import secrets
from datetime import datetime, time, timedelta
from typing import Any

from openbadgeslib.ob3.credential import Achievement, IdentityObject, Issuer, OpenBadgeCredential
from openbadgeslib.ob3.ldp import OB3LdpSigner, add_data_integrity_proof
from openbadgeslib.ob3.status_list import (
    DEFAULT_SIZE_BITS,
    build_status_list_credential,
    status_entry,
)
from sqlalchemy import String, UniqueConstraint, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import audit, clock
from core.actors import Actor
from core.clock import WIB
from core.config import settings
from core.db import Base, Reader, in_transaction, moment, reference
from core.errors import NotFound
from core.orgs import Organisation
from core.people import Person
from core.settings import CoreSettings
from sellers.training import endorsement_files, endorsements, keys, lost_keys
from sellers.training.models import Certificate, Cohort, Enrolment, Programme

LIST_HOLDS_MAX = 100_000  # Fewer than bits, so that a free one is soon drawn.
LIST_LASTS = timedelta(days=1)
"""So long may somebody rely on a list she keeps; then she asks for the new one."""


class StatusList(Base):
    """A list of bits that one key of one provider signs."""

    __tablename__ = "status_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = reference("organisation.id", index=True)
    issuer: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = moment(default=clock.now)


class Credential(Base):
    """A certificate that was taken along as a file, and its bit; the file itself is not kept."""

    __tablename__ = "credential"
    __table_args__ = (UniqueConstraint("list_id", "position"),)

    certificate_id: Mapped[int] = reference("certificate.id", primary_key=True)
    list_id: Mapped[int] = reference("status_list.id")
    position: Mapped[int]
    created_at: Mapped[datetime] = moment(default=clock.now)


def export(*, actor: Actor, enrolment_id: int, with_name: bool) -> dict[str, Any]:
    """The actor's own living certificate as a signed credential. Raises NotFound and KeyLost."""
    found = _take_along(actor=actor, enrolment_id=enrolment_id)
    _certificate, _programme, provider, _name, credential, _issuer, _behind = found
    with lost_keys.told(provider.id, credential.list_id):
        return _signed(found, with_name=with_name)


@in_transaction(retries=3)
def _take_along(db: Session, *, actor: Actor, enrolment_id: int) -> Any:
    """What the file says, with the bit that it has had since it was first taken along."""
    row = db.execute(
        select(Certificate, Programme, Organisation, Person.name)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .join(Organisation, Organisation.id == Programme.provider_id)
        .where(
            Enrolment.id == enrolment_id,
            Enrolment.person_id == actor.person_id,
            Certificate.withdrawn_at.is_(None),
        )
        .with_for_update(of=Certificate)
    ).first()
    if row is None:
        raise NotFound
    certificate, programme, provider, name = row
    credential = db.get(Credential, certificate.id) or _given_a_bit(db, certificate, provider.id)
    audit.record(db, actor, "credential.export", "certificate", certificate.id)
    issuer = db.get_one(StatusList, credential.list_id).issuer
    behind = endorsements.of_code(db, certificate.code)
    return certificate, programme, provider, name, credential, issuer, behind


def _given_a_bit(db: Session, certificate: Certificate, provider_id: int) -> Credential:
    """Draw a bit that no other credential has, in the list of the key in force."""
    status_list = _list_in_force(db, provider_id)
    while True:
        position = secrets.randbelow(DEFAULT_SIZE_BITS)
        row = {
            "certificate_id": certificate.id,
            "list_id": status_list.id,
            "position": position,
            "created_at": clock.now(),
        }
        drawn = insert(Credential).values(row).on_conflict_do_nothing().returning(Credential)
        if (found := db.scalar(drawn)) is not None:
            return found


def _list_in_force(db: Session, provider_id: int) -> StatusList:
    issuer = keys.did(keys.current(provider_id))
    db.get(Organisation, provider_id, with_for_update=True)  # Two exports do not open two lists.
    held = select(func.count()).where(Credential.list_id == StatusList.id).scalar_subquery()
    found = db.scalar(
        select(StatusList)
        .where(
            StatusList.provider_id == provider_id,
            StatusList.issuer == issuer,
            held < LIST_HOLDS_MAX,
        )
        .order_by(StatusList.id.desc())
        .limit(1)
    )
    if found is None:
        found = StatusList(provider_id=provider_id, issuer=issuer)
        db.add(found)
        db.flush()
    return found


def _signed(found: Any, *, with_name: bool) -> dict[str, Any]:
    certificate, programme, provider, name, credential, issuer, behind = found
    key = keys.of_issuer(provider.id, issuer)
    at = settings(CoreSettings).public_url
    itself = f"{at}/sertifikat/{certificate.code}"
    about = OpenBadgeCredential(
        id=itself,
        issuer=Issuer(id=issuer, name=provider.name, url=at),
        recipient_id=None,
        identifiers=[
            IdentityObject(name if with_name else certificate.code, _kind(with_name), False)
        ],
        name=programme.name,
        achievement=Achievement(
            id=f"{at}/belajar/{programme.slug}",
            name=programme.name,
            description=programme.name_en or programme.name,
            criteria_narrative=_criteria(certificate),
            achievement_type="CertificateOfCompletion",
        ),
        issuance_date=certificate.issued_at,
        expiration_date=_end(certificate),
        credential_status=[
            status_entry(_address(credential.list_id), "revocation", credential.position)
        ],
        endorsement_jwts=[endorsement_files.signed(shown, about=itself) for shown in behind],
    )
    signer = OB3LdpSigner(keys.pem(key))
    signed: dict[str, Any] = signer.sign(about, created=clock.now())
    return signed


def _kind(with_name: bool) -> str:
    return "name" if with_name else "identifier"


def _criteria(certificate: Certificate) -> str:
    """The printed formula; a written exception is said without its reason."""
    text = (
        f"{certificate.attended} dari {certificate.required} pertemuan wajib dihadiri;"
        f" syaratnya {certificate.pass_percent} persen."
    )
    return f"{text} Diberikan dengan pengecualian tertulis." if certificate.exception else text


def _end(certificate: Certificate) -> datetime | None:
    """It is valid through its last day in Indonesia."""
    if certificate.valid_until is None:
        return None
    return datetime.combine(certificate.valid_until + timedelta(days=1), time(), WIB)


def _address(list_id: int) -> str:
    return f"{settings(CoreSettings).public_url}/sertifikat/status/{list_id}"


def status_document(db: Reader, list_id: int) -> str:
    """The signed list as JSON text, with a bit for every withdrawn one.

    Raises NotFound and KeyLost.
    """
    row = db.execute(
        select(StatusList.provider_id, StatusList.issuer).where(StatusList.id == list_id)
    ).first()
    if row is None:
        raise NotFound
    withdrawn = (
        select(Credential.position)
        .join(Certificate, Certificate.id == Credential.certificate_id)
        .where(Credential.list_id == list_id, Certificate.withdrawn_at.is_not(None))
    )
    bits = [each[0] for each in db.execute(withdrawn.order_by(Credential.position))]
    with lost_keys.told(row.provider_id, list_id):
        key = keys.of_issuer(row.provider_id, row.issuer)
    now = clock.now()
    document = build_status_list_credential(
        row.issuer, _address(list_id), "revocation", bits, issued=now, valid_until=now + LIST_LASTS
    )
    method = OB3LdpSigner(keys.pem(key)).verification_method
    return json.dumps(add_data_integrity_proof(document, keys.pem(key), method, created=now))


def written(document: dict[str, Any]) -> str:
    """A signed document as the text that travels."""
    return json.dumps(document, ensure_ascii=False, indent=1)
