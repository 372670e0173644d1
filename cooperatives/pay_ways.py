"""How a payee is paid: her own choice, changed slowly, so that nobody redirects her money.

A change waits (`LUMBUNG_PAY_WAY_WAIT_HOURS`). She is told at once the way she has always been told,
and stops it from any sign-in. Until the wait is over no payout to her begins: neither the old
account nor the new one can be trusted then. Only the payee herself asks for a change; whoever helps
her cannot. Account numbers are sealed, and stand in no log, trail or message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from cooperatives import banks, members
from cooperatives.models.books import Payee
from cooperatives.models.pay_ways import PayWay
from cooperatives.rights import COORDINATE
from cooperatives.settings import CooperativeSettings
from core import audit, clock, notify, sealing, tasks
from core.actors import SYSTEM, Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.errors import DomainError, Forbidden, NotFound
from core.jobs import job
from core.people import Person
from core.tasks import TaskKind

PURPOSE = "pay way"
PAGE = "/ibu/uang/terima"
MISSED = tasks.declare(
    "cooperatives.pay_way_missed",
    _("Ada yang gagal mengganti cara terima uang %(call_me)s. Tanyakan kepada beliau."),
)
CHANGED_BY_PIN = tasks.declare(
    "cooperatives.pay_way_by_pin",
    _("Cara terima uang %(call_me)s diganti hanya dengan PIN. Tanyakan kepada beliau."),
)
OTHER_WAY = tasks.declare(
    "cooperatives.other_pay_way",
    _("Uang Ibu kembali dari bank. Periksa nomor rekening atau pilih cara lain."),
    deed=_("Ganti cara terima uang"),
    urgency=10,
)


class OddNumber(DomainError):
    """No account of that bank, or wallet, can have this number."""

    sentence = _("Nomor ini belum cocok. Periksa angkanya, atau pilih bank lain.")


class NothingNew(DomainError):
    """She is paid this way already."""

    sentence = _("Ibu sudah menerima uang dengan cara ini.")


class StillWaiting(DomainError):
    """One change at a time: the first must be over, or stopped."""

    status = 409
    sentence = _("Masih ada perubahan yang menunggu. Hentikan dulu yang itu.")


class HeldBack(DomainError):
    """Her way of being paid is being changed: no payout begins until the wait is over."""

    status = 409
    sentence = _("Penerima sedang mengganti cara terima uang. Tunggu sampai waktunya lewat.")


@dataclass(frozen=True, slots=True)
class Target:
    """An account as she wrote it; the name on it may be another than the one she is called by."""

    bank: str
    number: str
    name: str


def _ways(payee_id: int) -> Select[PayWay]:
    query = select(PayWay).where(PayWay.payee_id == payee_id, PayWay.stopped_at.is_(None))
    return query.order_by(PayWay.in_force_at.desc(), PayWay.id.desc()).limit(1)


def in_force(db: Reader, payee_id: int) -> PayWay | None:
    """How this payee is paid now; None is cash."""
    return db.scalar(_ways(payee_id).where(PayWay.in_force_at <= clock.now()))


def in_force_of(db: Reader, payee_ids: Sequence[int]) -> dict[int, PayWay | None]:
    """How each of many is paid now; those whose change waits are left out, for none is paid."""
    newest = (
        select(PayWay)
        .ext(distinct_on(PayWay.payee_id))
        .where(PayWay.payee_id.in_(payee_ids), PayWay.stopped_at.is_(None))
        .order_by(PayWay.payee_id, PayWay.in_force_at.desc(), PayWay.id.desc())
    )
    known = {row[0].payee_id: row[0] for row in db.execute(newest)}
    now = clock.now()
    ways = {payee_id: known.get(payee_id) for payee_id in payee_ids}
    return {key: way for key, way in ways.items() if way is None or way.in_force_at <= now}


def waiting(db: Reader, payee_id: int) -> PayWay | None:
    """The change that waits and can be stopped, if any."""
    return db.scalar(_ways(payee_id).where(PayWay.in_force_at > clock.now()))


def payee_of(db: Reader, person_id: int) -> int | None:
    """Under which number the books know a person; None where nothing was ever owed to her."""
    return db.scalar(select(Payee.id).where(Payee.person_id == person_id))


def of_person(db: Reader, person_id: int) -> tuple[PayWay | None, PayWay | None]:
    """How she is paid now, and the change that waits."""
    payee_id = payee_of(db, person_id)
    if payee_id is None:
        return None, None
    return in_force(db, payee_id), waiting(db, payee_id)


def words(way: PayWay | None) -> Any:
    """A way as people say it: BRI ••••1234, or cash."""
    if way is None or way.kind == "cash":
        return _("Tunai di koperasi")
    return f"{banks.NAMES.get(way.bank, way.bank)} ••••{way.tail}"


@in_transaction(retries=3)
def change(
    db: Session, *, actor: Actor, target: Target | None, by_pin_only: bool = False
) -> PayWay:
    """Ask to be paid to an account from now on, or in cash (None). The caller has made sure that
    it is she; where she had nothing but her PIN for that, her coordinators are asked to ask her.

    Raises OddNumber, NothingNew, StillWaiting, and Forbidden for helpers.
    """
    payee_id = _own_payee(db, actor)
    if waiting(db, payee_id):
        raise StillWaiting
    way = _written(payee_id, target)
    if _is_same(in_force(db, payee_id), way, target):
        raise NothingNew
    db.add(way)
    db.flush()
    audit.record(db, actor, "pay_way.change", "pay_way", way.id, kind=way.kind)
    tasks.close(db, OTHER_WAY, actor=actor, doc=("payee", payee_id), reason="changed")
    if by_pin_only:
        _ask_coordinators(db, actor.person_id, CHANGED_BY_PIN)
    _tell(db, actor, way, "asked", _("Cara terima uang Ibu akan diganti. Bukan Ibu? Hentikan."))
    return way


def _own_payee(db: Session, actor: Actor) -> int:
    """The actor's own payee, locked: rivals, and payouts about to begin, wait for each other."""
    if actor.person_id is None or actor.on_behalf_of is not None:
        raise Forbidden
    db.execute(insert(Payee).values(person_id=actor.person_id).on_conflict_do_nothing())
    found = select(Payee.id).where(Payee.person_id == actor.person_id).with_for_update()
    return db.scalars(found).one()


def _written(payee_id: int, target: Target | None) -> PayWay:
    now = clock.now()
    hours = timedelta(hours=settings(CooperativeSettings).pay_way_wait_hours)
    way = PayWay(payee_id=payee_id, kind="cash", bank="", asked_at=now, in_force_at=now + hours)
    if target is None:
        return way
    number = banks.plain(target.number)
    if not banks.fits(target.bank, number):
        raise OddNumber
    way.kind, way.bank, way.tail = "bank", target.bank, number[-banks.TAIL :]
    way.sealed = sealing.seal(f"{number}\n{target.name}", purpose=PURPOSE)
    return way


def _is_same(now: PayWay | None, new: PayWay, target: Target | None) -> bool:
    if now is None or now.kind == "cash" or target is None:
        return (now is None or now.kind == "cash") and target is None
    known = opened(now)
    plain = Target(target.bank, banks.plain(target.number), target.name)
    return now.bank == new.bank and known == plain


@in_transaction(retries=3)
def stop(db: Session, *, actor: Actor, pay_way_id: int) -> None:
    """She does not want this change, or never asked for it; stopping it twice is once."""
    payee_id = _own_payee(db, actor)
    way = db.get(PayWay, pay_way_id, populate_existing=True)
    now = clock.now()
    if way is None or way.payee_id != payee_id or (not way.stopped_at and way.in_force_at <= now):
        raise NotFound
    if way.stopped_at is None:
        way.stopped_at = now
        audit.record(db, actor, "pay_way.stop", "pay_way", way.id)
        _tell(db, actor, way, "stopped", _("Cara terima uang Ibu tidak jadi diganti."))


def _tell(db: Session, actor: Actor, way: PayWay, what: str, title: Any) -> None:
    """Tell her where she has always been told; without bank or number, for phones are shared."""
    assert actor.person_id is not None
    notify.tell(
        db,
        event_key=f"pay_way_{what}:{way.id}",
        people=[actor.person_id],
        title=title,
        text=_("Buka halaman uang Ibu di Lumbung. Selama menunggu, tidak ada uang yang keluar."),
        link=PAGE,
        at_once=True,
    )


def begin(db: Session, payee_id: int) -> PayWay | None:
    """How a payout that leaves now goes. Raises HeldBack while a change waits."""
    db.execute(select(Payee.id).where(Payee.id == payee_id).with_for_update(read=True))
    if waiting(db, payee_id):
        raise HeldBack
    return in_force(db, payee_id)


def opened(way: PayWay) -> Target | None:
    """The whole account, for whoever sends money there; None where the seal cannot be opened."""
    text = sealing.unseal(way.sealed, purpose=PURPOSE)
    if text is None:
        return None
    number, name = text.split("\n", 1)
    return Target(way.bank, number, name)


def _ask_coordinators(db: Session, person_id: int | None, kind: TaskKind) -> None:
    person = db.get(Person, person_id)
    if person is None or person.erased_at is not None:
        return
    for membership in members.memberships_of(db, person.id):
        tasks.write(
            db,
            kind,
            doc=("membership", membership.id),
            link=f"/koord/pin/{person.id}",
            holders=(COORDINATE, membership.cooperative_id),
            facts={"call_me": person.call_me},
        )


@in_transaction(retries=3)
def report_miss(db: Session, *, actor: Actor, person_id: int) -> None:  # noqa: ARG001
    """Somebody failed to show that she is this person, on the way to change how she is paid."""
    _ask_coordinators(db, person_id, MISSED)


@job("cooperatives.pay_way_missed", key="person_id")
def pay_way_missed(person_id: int, towards: str) -> None:
    """Hears the news `proof_missed`; only what led to her pay way is a matter of coordinators."""
    if towards.startswith(PAGE):
        report_miss(actor=SYSTEM, person_id=person_id)
