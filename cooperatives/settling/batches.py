"""A batch: many payouts out of one bank or drawer, agreed to as one list by a second person.

One treasurer makes the list, another person strikes what is not right and agrees to the rest. Then
the bank's file is made, sent, and confirmed when the bank's statement says so; cash is counted out
one by one (`handing`). What became of a single transfer stays a matter of that payout
(`cooperatives.payouts`).
"""

from collections.abc import Collection

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import pay_ways, payout_tasks, payouts
from cooperatives.models.books import Account, Kind, Payee, Payout, Settlement
from cooperatives.models.pay_ways import PayWay
from cooperatives.models.settling import PayoutBatch
from cooperatives.payout_states import ENDED, Event, PayoutState
from cooperatives.payouts import NoReference, NotNow, SecondPerson
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling.bank_files import Transfer
from core import access, audit, clock, jobs
from core.actors import SYSTEM, Actor
from core.db import db as database
from core.db import in_transaction
from core.errors import DomainError, Forbidden, NotFound

LINES_MAX = 200
REFERENCE_MAX = 60


class NothingToPay(DomainError):
    """No member with a settlement is paid this way."""

    status = 409
    sentence = _("Belum ada hitungan anggota yang bisa dibayar dari sini.")


class NoFile(DomainError):
    """Nobody has seen an account yet, so nothing can have been sent."""

    status = 409
    sentence = _("Unduh berkas bank dulu, baru catat sudah dikirim.")


@in_transaction(retries=3)
def prepare(db: Session, *, actor: Actor, organisation_id: int, source_id: int) -> PayoutBatch:
    """Make one list of all members whose settlements may be paid out of a bank, or of a drawer.

    Raises NothingToPay, WrongSource, and NotFound for who is not its treasurer.
    """
    access.require(db, actor, TREASURE, organisation_id)
    source = db.get(Account, source_id)
    if actor.person_id is None or source is None or source.kind not in (Kind.BANK, Kind.CASH):
        raise payouts.WrongSource
    wanted = _payable(db, organisation_id, source)
    if not wanted:
        raise NothingToPay
    batch = PayoutBatch(
        organisation_id=organisation_id, source_id=source_id, made_by=actor.person_id
    )
    db.add(batch)
    db.flush()
    for settlement_id in wanted:
        facts = {"settlement_id": settlement_id, "source_id": source_id, "batch_id": batch.id}
        payouts.prepare.within(db, actor=actor, **facts)
    payout_tasks.follow_batch(db, actor=actor, batch=batch)
    audit.record(db, actor, "payout_batch.prepare", "payout_batch", batch.id, lines=len(wanted))
    return batch


def _payable(db: Session, organisation_id: int, source: Account) -> list[int]:
    """Settlements of members that nobody pays yet and whose way leads out of this source."""
    begun = select(Payout.id).where(
        Payout.settlement_id == Settlement.id, Payout.state.not_in(ENDED)
    )
    query = (
        select(Settlement.id, Account.payee_id)
        .join(Account, Account.id == Settlement.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .where(
            Account.organisation_id == organisation_id,
            Account.currency == source.currency,
            Payee.person_id.is_not(None),
            Settlement.state == "closed",
            ~begun.exists(),
        )
        .order_by(Settlement.id)
    )
    rows = db.execute(query).all()
    ways = pay_ways.in_force_of(db, [row.payee_id for row in rows])
    kind = "bank" if source.kind == Kind.BANK else "cash"
    fitting = {payee for payee, way in ways.items() if (way.kind if way else "cash") == kind}
    return [row.id for row in rows if row.payee_id in fitting][:LINES_MAX]


@in_transaction(retries=3)
def approve(
    db: Session, *, actor: Actor, batch_id: int, struck: Collection[int] = ()
) -> PayoutBatch:
    """The second person agrees to the list, without the payouts she strikes.

    A treasurer or coordinator who did not make it. Raises SecondPerson, NotNow.
    """
    batch = _found(db, actor, batch_id, TREASURE, COORDINATE)
    if actor.person_id == batch.made_by:
        raise SecondPerson
    if batch.stage != "created":
        raise NotNow
    waiting = [one for one in _lines(db, batch) if one.state == PayoutState.CREATED]
    agreed = [one for one in waiting if one.id not in struck]
    for payout in waiting:
        if payout in agreed:
            payouts.step(db, actor, payout, Event.APPROVE, approved_by=actor.person_id)
        else:
            payouts.step(db, actor, payout, Event.CANCEL, reason="struck")
    batch.approved_by, batch.approved_at = actor.person_id, clock.now()
    if not agreed:
        batch.dropped_at = clock.now()
    payout_tasks.follow_batch(db, actor=actor, batch=batch)
    audit.record(db, actor, "payout_batch.approve", "payout_batch", batch_id, lines=len(agreed))
    return batch


@in_transaction(retries=3)
def begin(db: Session, *, actor: Actor, batch_id: int) -> list[Transfer]:
    """The transfers of the bank's file, with whole numbers: from now on where they go is fixed.

    Who changes her pay way just now, and who has a wallet, is left out: hers is sent by hand.
    """
    batch = _found(db, actor, batch_id, TREASURE)
    if batch.stage != "approved":
        raise NotNow
    found = []
    for payout in _lines(db, batch):
        if payout.state != PayoutState.APPROVED:
            continue
        owed = db.get_one(Settlement, payout.settlement_id)
        way = _way(db, payout, db.get_one(Account, owed.account_id))
        if target := pay_ways.opened(way) if way else None:
            found.append(
                Transfer(target.bank, target.number, target.name, owed.total, f"LBG{payout.id}")
            )
    audit.record(db, actor, "payout_batch.file", "payout_batch", batch_id, lines=len(found))
    return found


def _way(db: Session, payout: Payout, account: Account) -> PayWay | None:
    """The account a payout goes to, fixed; None where no bank's file can name it."""
    now = pay_ways.in_force(db, account.payee_id)
    if payout.begun_at is None and now is not None and now.is_in_a_bank:
        try:
            payouts.fix_way(db, payout, account)
        except pay_ways.HeldBack:
            return None
    way = db.get(PayWay, payout.pay_way_id) if payout.pay_way_id else None
    return way if way is not None and way.is_in_a_bank else None


@in_transaction(retries=3)
def send(db: Session, *, actor: Actor, batch_id: int, reference_no: str) -> int:
    """The bank has taken the file; how many are on their way now.

    Raises NotNow, NoFile, NoReference.
    """
    if not reference_no.strip():
        raise NoReference
    batch = _found(db, actor, batch_id, TREASURE)
    ready = [one for one in _lines(db, batch) if _is_in_file(db, one)]
    if batch.stage != "approved":
        raise NotNow
    if not ready:
        raise NoFile
    batch.reference_no, batch.sent_at = reference_no.strip()[:REFERENCE_MAX], clock.now()
    for payout in ready:
        payouts.send.within(
            db, actor=actor, payout_id=payout.id, reference_no=f"{batch.reference_no}/{payout.id}"
        )
    payout_tasks.follow_batch(db, actor=actor, batch=batch)
    audit.record(db, actor, "payout_batch.send", "payout_batch", batch_id, lines=len(ready))
    return len(ready)


def _is_in_file(db: Session, payout: Payout) -> bool:
    """Whether the bank's file named it: nobody begins a transfer of a list in another way."""
    way = db.get(PayWay, payout.pay_way_id) if payout.pay_way_id else None
    return payout.state == PayoutState.APPROVED and way is not None and way.is_in_a_bank


@in_transaction(retries=3)
def confirm(db: Session, *, actor: Actor, batch_id: int) -> None:
    """The bank says that it is done: a job books every payout of it that nobody says is lost."""
    batch = _found(db, actor, batch_id, TREASURE)
    if batch.stage == "done":
        return
    if batch.stage != "sent":
        raise NotNow
    batch.confirmed_by, batch.confirmed_at = actor.person_id, clock.now()
    payout_tasks.follow_batch(db, actor=actor, batch=batch)
    audit.record(db, actor, "payout_batch.confirm", "payout_batch", batch_id)
    jobs.defer(db, pay_batch, batch_id=batch_id)


@jobs.job("cooperatives.pay_batch", key="batch_id")
def pay_batch(batch_id: int) -> None:
    """Book each payout of a confirmed batch by itself; killed and run again, each only once."""
    batch = database.session().get(PayoutBatch, batch_id)
    if batch is None or batch.confirmed_by is None:
        return
    who = Actor(batch.confirmed_by)
    query = select(Payout.id).where(Payout.batch_id == batch_id, Payout.state == PayoutState.SENT)
    for payout_id in list(database.session().scalars(query.order_by(Payout.id))):
        _book(actor=SYSTEM, payout_id=payout_id, who=who)


@in_transaction(retries=3)
def _book(db: Session, *, actor: Actor, payout_id: int, who: Actor) -> None:  # noqa: ARG001
    payout, _account = payouts.found(db, payout_id)
    if payout.state == PayoutState.SENT:
        payouts.confirm.within(db, actor=who, payout_id=payout_id)


def _found(db: Session, actor: Actor, batch_id: int, *rights: access.Right) -> PayoutBatch:
    """A batch, locked, of an organisation where the actor holds one of these rights."""
    batch = db.get(PayoutBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.organisation_id not in access.subjects(db, actor, *rights):
        raise NotFound
    if actor.person_id is None:
        raise Forbidden
    return batch


def _lines(db: Session, batch: PayoutBatch) -> list[Payout]:
    """The payouts of a batch, locked in one order."""
    query = select(Payout).where(Payout.batch_id == batch.id).order_by(Payout.id)
    return list(db.scalars(query.with_for_update().execution_options(populate_existing=True)))
