"""The surplus of a year (SHU): income less costs, shared as the general meeting decided.

It is simulated at any time, proposed once the year is over with the minutes of the meeting, and
booked when a second person agrees. Members' shares go to their pages and out with a settlement.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, cast, func, or_, select, union_all
from sqlalchemy.orm import Session

from cooperatives.carrying import sums
from cooperatives.membership import network
from cooperatives.membership.sharing_out import Base, Shared, share_out
from cooperatives.models import Account, Carried, Entry, Journal, Membership, Payee
from cooperatives.models.books import Kind
from cooperatives.models.surplus import PARTS, Surplus, SurplusPolicy, SurplusShare
from cooperatives.rights import COORDINATE, TREASURE
from core import access, audit, clock, files, tasks, words
from core.actors import Actor
from core.db import Reader, in_transaction
from core.errors import DomainError, NotFound
from core.files import Attachment, Stored
from core.money import BASIS_POINTS

DOC = "surplus"
AGREE = tasks.declare("surplus.agree", _("Setujui pembagian SHU %(year)s sebesar %(amount)s"))
AGREE_TOO = tasks.declare("surplus.agree_too", _("Bantu setujui pembagian SHU %(year)s"))
INCOME = (Kind.COOPERATIVE, Kind.KIOSK, Kind.INCOME)
COSTS = (Kind.EXPENSE, Kind.GATEWAY_FEE, Kind.OVER_SHORT, Kind.RISK_FUND)
NOT_OF_A_YEAR = ("payout", "payout_return", DOC)
"""Money that only moved on, and the sharing of another surplus."""


class NotWhole(DomainError):
    """The parts are all of the surplus, no more and no less."""

    sentence = _("Jumlah semua bagian harus 100 persen.")


class NoPolicy(DomainError):
    """First the meeting decides."""

    sentence = _("Tulis dulu keputusan rapat tentang pembagian SHU.")


class TooEarly(DomainError):
    """A year is shared out when it is over."""

    sentence = _("SHU dibagi sesudah tahun buku selesai. Sekarang baru perkiraan.")


class NothingToShare(DomainError):
    """There is a loss, or nothing."""

    sentence = _("Tidak ada sisa untuk dibagi.")


class Changed(DomainError):
    """The books say something else than what was proposed."""

    status = 409
    sentence = _("Buku sudah berubah sejak diusulkan. Tolak dulu, lalu usulkan lagi.")


class SecondPerson(DomainError):
    """Whoever proposed it may not agree to it."""

    sentence = _("Pembagian SHU harus disetujui orang lain.")


class NotNow(DomainError):
    """It stands elsewhere: this step is not possible, or not any more."""

    status = 409
    sentence = _("Pembagian SHU ini sudah di langkah lain. Muat ulang halaman.")


@dataclass(frozen=True, slots=True)
class Year:
    """What a year earned and cost, by kind of page, and how that is shared."""

    organisation_id: int
    year: int
    income: dict[str, int]
    costs: dict[str, int]
    policy: SurplusPolicy | None
    shared: Shared | None

    @property
    def total(self) -> int:
        """Income less costs; a loss is negative."""
        return sum(self.income.values()) - sum(self.costs.values())


@in_transaction(retries=3)
def write_policy(
    db: Session, *, actor: Actor, organisation_id: int, decided_on: date, parts: dict[str, int]
) -> SurplusPolicy:
    """Write down what a general meeting decided, as a new version. Raises NotWhole, NotFound."""
    _board(db, actor, organisation_id)
    if set(parts) != set(PARTS) or min(parts.values()) < 0 or sum(parts.values()) != BASIS_POINTS:
        raise NotWhole
    before = policy_of(db, organisation_id)
    policy = SurplusPolicy(
        organisation_id=organisation_id,
        version=(before.version if before else 0) + 1,
        decided_on=decided_on,
        written_by=actor.person_id,
        **parts,
    )
    db.add(policy)
    db.flush()
    audit.record(db, actor, "surplus.policy", "surplus_policy", policy.id, version=policy.version)
    return policy


def policy_of(db: Reader, organisation_id: int) -> SurplusPolicy | None:
    """The newest decision."""
    query = select(SurplusPolicy).where(SurplusPolicy.organisation_id == organisation_id)
    return db.execute(query.order_by(SurplusPolicy.version.desc()).limit(1)).scalar()


def parts_of(policy: SurplusPolicy) -> dict[str, int]:
    """Its parts in basis points."""
    return {part: getattr(policy, part) for part in PARTS}


def _board(db: Reader, actor: Actor, organisation_id: int) -> None:
    if organisation_id not in access.subjects(db, actor, TREASURE, COORDINATE):
        raise NotFound


def simulate(db: Session, actor: Actor, organisation_id: int, year: int) -> Year:
    """What the year gives so far, for the board."""
    _board(db, actor, organisation_id)
    return _year(db, organisation_id, year, policy_of(db, organisation_id))


def _year(db: Session, organisation_id: int, year: int, policy: SurplusPolicy | None) -> Year:
    found = _sums(db, organisation_id, year)
    income = {str(kind): -found[kind] for kind in INCOME if found.get(kind)}
    costs = {str(kind): found[kind] for kind in COSTS if found.get(kind)}
    total = sum(income.values()) - sum(costs.values())
    shared = None
    if policy is not None:
        shared = share_out(total, parts_of(policy), bases(db, organisation_id, year))
    return Year(organisation_id, year, income, costs, policy, shared)


def _sums(db: Reader, organisation_id: int, year: int) -> dict[str, int]:
    (since, until), (first, after) = network.year_of(year), sums.year_months(year)
    before = select(Carried.page_kind.label("kind"), Carried.amount).where(
        Carried.organisation_id == organisation_id,
        Carried.account_id.is_(None),
        Carried.page_kind.in_((*INCOME, *COSTS)),
        Carried.journal_kind.not_in(NOT_OF_A_YEAR),
        Carried.happened_month >= first,
        Carried.happened_month < after,
    )
    late = (
        select(Account.kind, Entry.amount)
        .join(Entry, Entry.account_id == Account.id)
        .join(Journal, Journal.id == Entry.journal_id)
        .where(Entry.id > sums.carried_to(db), Account.organisation_id == organisation_id)
        .where(Account.kind.in_((*INCOME, *COSTS)), Journal.kind.not_in(NOT_OF_A_YEAR))
        .where(Journal.happened_at >= since, Journal.happened_at < until)
    )
    both = union_all(before, late).subquery()
    query = select(both.c.kind, sums.whole(func.sum(both.c.amount)).label("total"))
    return {row.kind: row.total for row in db.execute(query.group_by(both.c.kind))}


def bases(db: Session, organisation_id: int, year: int) -> list[Base]:
    """What each member at the end of the year (or today) sold in it, and has saved until then."""
    until = network.year_of(year)[1]
    last = min(date(year, 12, 31), clock.today())
    query = (
        select(Membership.person_id)
        .distinct()
        .where(
            Membership.cooperative_id == organisation_id,
            Membership.joined_on <= last,
            or_(Membership.left_on.is_(None), Membership.left_on > last),
        )
    )
    sold = network.sold_by_member(db, year, organisation_id)
    total = cast(func.sum(-Entry.amount), BigInteger).label("total")
    saved = (
        select(Payee.person_id, total)
        .join(Account, Account.payee_id == Payee.id)
        .join(Entry, Entry.account_id == Account.id)
        .join(Journal, Journal.id == Entry.journal_id)
        .where(Account.organisation_id == organisation_id, Account.kind == Kind.SAVINGS)
        .where(Journal.happened_at < until)
        .group_by(Payee.person_id)
    )
    savings_of = {row.person_id: row.total for row in db.execute(saved)}
    people = sorted(db.scalars(query))
    return [
        Base(one, sold.get((organisation_id, one), 0), savings_of.get(one, 0)) for one in people
    ]


def simulate_total(db: Session, organisation_id: int, year: int) -> int:
    """Income less costs of a year, as the books say now."""
    return _year(db, organisation_id, year, None).total


def hers(db: Session, person_id: int, organisation_id: int, year: int) -> Any:
    """SHU hari ini: the year with her own line, or None where she has none; asked by herself."""
    found = _year(db, organisation_id, year, policy_of(db, organisation_id))
    if found.shared is None:
        return None
    line = next((one for one in found.shared.lines if one.person_id == person_id), None)
    return (found, line) if line else None


@in_transaction(retries=3)
def propose(
    db: Session, *, actor: Actor, organisation_id: int, year: int, minutes: Stored
) -> Surplus:
    """Propose to share a year out, with the minutes of the meeting.

    Raises TooEarly, NoPolicy, NothingToShare, NotNow where the year is proposed or booked already.
    """
    access.require(db, actor, TREASURE, organisation_id)
    if year >= clock.today().year:
        raise TooEarly
    found = _year(db, organisation_id, year, policy_of(db, organisation_id))
    if found.policy is None or found.shared is None:
        raise NoPolicy
    if found.total <= 0:
        raise NothingToShare
    if find(db, organisation_id, year) is not None:
        raise NotNow
    assert actor.person_id is not None, "a treasurer is a person"
    made = Surplus(
        organisation_id=organisation_id, year=year, policy_id=found.policy.id,
        income=sum(found.income.values()), costs=sum(found.costs.values()), total=found.total,
        made_by=actor.person_id,
    )  # fmt: skip
    db.add(made)
    db.flush()
    db.add_all(
        SurplusShare(
            surplus_id=made.id, person_id=line.person_id, sold=line.sold, saved=line.saved,
            business=line.business, capital=line.capital,
        )
        for line in found.shared.lines
    )  # fmt: skip
    files.attach.within(db, actor=actor, stored=minutes, doc=(DOC, made.id))
    for kind, right in ((AGREE, TREASURE), (AGREE_TOO, COORDINATE)):
        tasks.write(
            db, kind, doc=(DOC, made.id), holders=(right, organisation_id),
            facts={"year": year, "amount": words.rupiah(made.total)},
            link=f"/kas/shu/{made.id}",
        )  # fmt: skip
    audit.record(db, actor, "surplus.propose", DOC, made.id, total=made.total)
    return made


def find(db: Session, organisation_id: int, year: int) -> Surplus | None:
    """What is proposed or booked for a year."""
    query = select(Surplus).where(
        Surplus.organisation_id == organisation_id,
        Surplus.year == year,
        Surplus.state != "refused",
    )
    return db.scalar(query)


def get(db: Session, actor: Actor, surplus_id: int, *, lock: bool = False) -> Surplus:
    """One proposal, for the board; raises NotFound."""
    query = select(Surplus).where(Surplus.id == surplus_id)
    found = db.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    _board(db, actor, found.organisation_id)
    return found


def read_minutes(db: Session, actor: Actor, surplus_id: int) -> Attachment:
    """The minutes of the meeting, for the board; raises NotFound."""
    found = files.list_of(db, (DOC, get(db, actor, surplus_id).id))
    if not found:
        raise NotFound
    return found[0]
