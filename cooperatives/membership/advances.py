"""Raw-material advances: lent by two people, paid back out of sales as she agreed aloud.

Each has a page of its own in the books. A settlement takes a share of what she has earned, never
more than agreed, and never so much that less than the floor stays hers. She may end that at any
time; what she owes stays, and she pays it in cash.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Select, cast, func, select
from sqlalchemy.orm import Session

from cooperatives import ledger
from cooperatives.accounts import Owner, Page
from cooperatives.membership import vouchers
from cooperatives.membership.vouchers import Wish
from cooperatives.models import Account, Advance, Entry, Journal, Membership, Payee, Voucher
from cooperatives.models.books import Kind
from cooperatives.models.vouchers import VoucherKind
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, clock, files
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.files import Attachment, Stored
from core.people import Person, get_person
from core.words import rupiah, tanggal

DOC = "advance"
SHARE = "advance_share"
PERCENT_MAX = 50


class BadDueDay(DomainError):
    """It is due after today."""

    sentence = _l("Pilih hari sesudah hari ini sebagai jatuh tempo.")


class NoMember(DomainError):
    """Advances are for members."""

    sentence = _l("Pinjaman bahan hanya untuk anggota.")


class WitnessNeeded(DomainError):
    """Nobody lends to herself unseen."""

    sentence = _l("Ibu meminjam untuk diri sendiri. Tulis nama saksinya.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """What is lent and how it comes back; `money` is where it leaves from."""

    id: UUID
    organisation_id: int
    person_id: int
    amount: int
    what: str
    money: str
    due_on: date
    percent: int
    floor: int
    witness: str = ""

    @property
    def in_goods(self) -> bool:
        """Goods leave a page of cost, money leaves a drawer or a bank."""
        return self.money.startswith("cost:")


@dataclass(frozen=True, slots=True)
class Open:
    """An advance with what is still owed of it."""

    advance: Advance
    name: str
    owed: int

    @property
    def is_late(self) -> bool:
        """Its day has gone by."""
        return self.owed > 0 and self.advance.due_on < clock.today()


def check(db: Reader, actor: Actor, deal: Deal) -> None:
    """Raise NoMember, BadDueDay or WitnessNeeded where nobody could agree to this."""
    access.require(db, actor, TREASURE, deal.organisation_id)
    member = select(Membership.id).where(
        Membership.cooperative_id == deal.organisation_id,
        Membership.person_id == deal.person_id,
        Membership.left_on.is_(None),
    )
    if db.execute(member).first() is None:
        raise NoMember
    if deal.due_on <= clock.today():
        raise BadDueDay
    if actor.person_id == deal.person_id and not deal.witness.strip():
        raise WitnessNeeded
    assert 0 <= deal.percent <= PERCENT_MAX, deal


def text_of(db: Session, deal: Deal) -> str:
    """What is read to her before she agrees, always in Indonesian."""
    name = get_person(db, deal.person_id).name
    with force_locale("id"):
        lent = _("Saya menerima bahan") if deal.in_goods else _("Saya menerima uang untuk bahan")
        said = [
            _("Saya, %(name)s, meminjam %(amount)s.", name=name, amount=rupiah(deal.amount)),
            f"{lent}: {deal.what}.",
            _("Pinjaman ini kembali paling lambat %(day)s.", day=tanggal(deal.due_on)),
        ]
        if deal.percent:
            said += [
                _(
                    "Setiap hitungan, paling banyak %(n)s persen bagian saya dipotong.",
                    n=deal.percent,
                ),
                _("Paling sedikit %(floor)s tetap untuk saya.", floor=rupiah(deal.floor)),
                _("Saya boleh menghentikan potongan kapan saja. Sisanya saya bayar tunai."),
            ]
        else:
            said.append(_("Saya membayarnya tunai. Penjualan saya tidak dipotong."))
    return "\n".join(said)


@in_transaction(retries=3)
def lend(db: Session, *, actor: Actor, deal: Deal, proof: Stored, text: str) -> Voucher:
    """Write an advance down with her proof; it is given once a second person agrees.

    Raises as `check` and as a voucher does.
    """
    check(db, actor, deal)
    before = db.get(Voucher, deal.id)
    if before is not None:
        return before
    advance = Advance(
        organisation_id=deal.organisation_id, person_id=deal.person_id, amount=deal.amount,
        in_goods=deal.in_goods, what=deal.what, due_on=deal.due_on, percent=deal.percent,
        floor=deal.floor, witness=deal.witness.strip(), text=text, recorded_by=actor.person_id,
        consent="voice" if proof.content_type.startswith("audio/") else "thumb",
    )  # fmt: skip
    db.add(advance)
    db.flush()
    files.attach.within(db, actor=actor, stored=proof, doc=(DOC, advance.id))
    wish = Wish(
        id=deal.id, organisation_id=deal.organisation_id, kind=VoucherKind.LENT, amount=deal.amount,
        money=deal.money, happened_on=clock.today(), person_id=deal.person_id,
        advance_id=advance.id, words=deal.what,
    )  # fmt: skip
    return vouchers.put(db, actor=actor, wish=wish)


@in_transaction(retries=3)
def repay(
    db: Session, *, actor: Actor, advance_id: int, act_id: UUID, amount: int, money: str
) -> Voucher:
    """She pays back in cash. Raises TooMuch, NoMoney, NotFound."""
    advance = get_advance(db, actor, advance_id)
    wish = Wish(
        id=act_id, organisation_id=advance.organisation_id, kind=VoucherKind.REPAID, amount=amount,
        money=money, happened_on=clock.today(), person_id=advance.person_id, advance_id=advance.id,
        words=advance.what,
    )  # fmt: skip
    return vouchers.put(db, actor=actor, wish=wish)


@in_transaction(retries=3)
def stop_share(db: Session, *, actor: Actor, advance_id: int) -> Advance:
    """Nothing more is taken from her sales: she says so herself, or a board on her word."""
    advance = get_advance(db, actor, advance_id, lock=True)
    if advance.ended_at is None:
        advance.ended_at, advance.ended_by = clock.now(), actor.person_id
        audit.record(db, actor, "advance.stop_share", DOC, advance.id)
    return advance


def page_of(advance: Advance) -> Page:
    """Its own page in the books."""
    owner = Owner(person_id=advance.person_id)
    return Page(Kind.ADVANCE, advance.organisation_id, owner, str(advance.id))


def get_advance(db: Session, actor: Actor, advance_id: int, *, lock: bool = False) -> Advance:
    """One advance, for her and for the boards of her group; raises NotFound."""
    query = select(Advance).where(Advance.id == advance_id)
    advance = db.scalar(query.with_for_update() if lock else query)
    boards = access.subjects(db, actor, TREASURE, COORDINATE)
    is_hers = advance is not None and advance.person_id == actor.person_id
    if advance is None or not (is_hers or advance.organisation_id in boards):
        raise NotFound
    return advance


def _open() -> Select[*tuple[Any, ...]]:
    owed = (
        select(cast(func.coalesce(func.sum(Entry.amount), 0), BigInteger))
        .join(Account, Account.id == Entry.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .where(Account.kind == Kind.ADVANCE, Account.organisation_id == Advance.organisation_id)
        .where(Account.label == func.cast(Advance.id, Account.label.type))
        .where(Payee.person_id == Advance.person_id)
        .correlate(Advance)
        .scalar_subquery()
    )
    query = select(Advance, Person.name, owed.label("owed"))
    return query.join(Person, Person.id == Advance.person_id)


def list_of_group(db: Reader, actor: Actor, organisation_id: int) -> list[Open]:
    """What a group has lent, what is late first; for its treasurer."""
    access.require(db, actor, TREASURE, organisation_id)
    query = _open().where(Advance.organisation_id == organisation_id)
    found = [Open(*row) for row in db.execute(query.order_by(Advance.due_on, Advance.id))]
    return sorted(found, key=lambda one: one.owed == 0)


def list_of_person(db: Reader, person_id: int) -> list[Open]:
    """What one member still owes, or has paid back; the caller knows it is she."""
    query = _open().where(Advance.person_id == person_id).order_by(Advance.due_on, Advance.id)
    return [Open(*row) for row in db.execute(query)]


def share_of(earned: int, taken: int, percent: int, floor: int, owed: int) -> int:
    """What an advance takes of one settlement of `earned` rupiah, of which `taken` went already."""
    return max(min(earned * percent // 100 - taken, earned - floor - taken, owed), 0)


def take_shares(
    db: Session, *, actor: Actor, organisation_id: int, person_id: int, earned: int
) -> int:
    """Just before a settlement adds up: what she agreed to goes from her page to her advances.

    The caller has locked her page, so two settlements never take at once. The entries are in her
    statement like any other, with what they were for; the earliest due is paid first, and all of
    them together never take more than the largest percentage agreed to.
    """
    query = _open().where(
        Advance.organisation_id == organisation_id,
        Advance.person_id == person_id,
        Advance.ended_at.is_(None),
        Advance.percent > 0,
    )
    taken = 0
    for advance, _name, owed in db.execute(query.order_by(Advance.due_on, Advance.id)).all():
        share = share_of(earned, taken, advance.percent, advance.floor, owed)
        if share:
            _take(db, actor, advance, share)
            taken += share
    return taken


def _take(db: Session, actor: Actor, advance: Advance, share: int) -> None:
    before = select(func.count(Journal.id)).where(
        Journal.kind == SHARE, Journal.doc_type == DOC, Journal.doc_id.like(f"{advance.id}-%")
    )
    owner = Owner(person_id=advance.person_id)
    ledger.post(
        db,
        actor=actor,
        kind=SHARE,
        doc=(DOC, f"{advance.id}-{(db.scalar(before) or 0) + 1}"),
        lines=[
            (Page(Kind.MAKER, advance.organisation_id, owner), share),
            (page_of(advance), -share),
        ],
        memo=advance.what,
    )


@in_transaction(retries=3)
def read_proof(db: Session, *, actor: Actor, advance_id: int) -> Attachment:
    """Her spoken consent or thumb print, for those it concerns; each reading is written down."""
    advance = get_advance(db, actor, advance_id)
    found = files.list_of(db, (DOC, advance.id))
    if not found:
        raise NotFound
    audit.record(db, actor, "advance.proof_read", DOC, advance.id)
    return found[0]
