"""Every night the books are marked, and what they add up to is carried forward to that mark."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from cooperatives.models.books import FOR_ORDERS, PAYABLE, Account, Entry
from cooperatives.models.carrying import BookMark
from cooperatives.settling.turnover import GROSS
from core import clock
from core.actors import SYSTEM, Actor
from core.db import be_patient, in_transaction
from core.jobs import job

CHUNK = 200_000  # Entries carried in one transaction: a year's backlog holds nothing up.
PAGES = 200

_ORDERS = ", ".join(f"'{kind}'" for kind in sorted(FOR_ORDERS))
ADDED_UP = f"""
    select a.organisation_id, a.kind page_kind, case when w.is_page then a.id end account_id,
        j.kind journal_kind,
        date_trunc('month', j.posted_at at time zone 'Asia/Jakarta')::date posted_month,
        date_trunc('month', j.happened_at at time zone 'Asia/Jakarta')::date happened_month,
        sum(e.amount)::bigint amount,
        coalesce(sum(c.cooperative + c.kiosk + c.operator + c.affiliate), 0)::bigint cuts,
        coalesce(sum(g.gross), 0)::bigint gross
    from entry e join account a on a.id = e.account_id join journal j on j.id = e.journal_id
    join (values (true), (false)) w(is_page) on not (w.is_page and a.kind in ({_ORDERS}))
    left join cut c on c.journal_id = j.id and c.account_id = a.id
    left join ({GROSS} where e.id > :since and e.id <= :until) g on g.entry_id = e.id
    where e.id > :since and e.id <= :until
    group by 1, 2, 3, 4, 5, 6
"""  # noqa: S608  (our own words)
"""What the entries between two of them add up to; the doctor asks the same of all of them."""

_CARRY = text(f"""
    insert into carried (organisation_id, page_kind, account_id, journal_kind, posted_month,
        happened_month, amount, cuts, gross) {ADDED_UP}
    on conflict on constraint uq_carried do update set amount = carried.amount + excluded.amount,
        cuts = carried.cuts + excluded.cuts, gross = carried.gross + excluded.gross
""")
_BALANCE = text(f"""
    insert into carried_page (account_id, balance, open_from)
    select e.account_id, sum(e.amount), 0 from entry e join account a on a.id = e.account_id
    where e.id > :since and e.id <= :until and a.kind not in ({_ORDERS}) group by 1
    on conflict (account_id) do update set balance = carried_page.balance + excluded.balance
""")  # noqa: S608
_OPEN = text("""
    update carried_page p set open_from = coalesce((select e.id from entry e
        where e.account_id = p.account_id and e.id >= p.open_from and e.id <= :last
        and not exists (select from settlement_entry t where t.entry_id = e.id)
        order by e.id limit 1), :last + 1)
    where p.account_id = any(:accounts)
""")


@job("cooperatives.carry_forward", key=None, cron="20 18 * * *")  # 01.20 in Wonosobo.
def carry_forward() -> None:
    """Mark the books, carry the sums there, and note up to where everything is settled."""
    mark(actor=SYSTEM)
    carry()


def carry() -> None:
    """Carry everything to the newest mark, some entries and some pages at a time."""
    while carry_some(actor=SYSTEM):
        pass
    after = 0
    while found := settle_up_to(actor=SYSTEM, after=after):
        after = found


@in_transaction(retries=3)
def mark(db: Session, *, actor: Actor) -> int:  # noqa: ARG001
    """Note the newest entry while nobody writes: whoever was about to has a later number.

    Writers wait for the blink of an eye; whoever is writing is waited for, but not for long.
    """
    db.execute(text("lock table journal in share mode"))
    newest = db.scalar(select(func.max(Entry.id))) or 0
    before = _newest(db)
    made = BookMark(at=clock.now(), entry_id=newest, carried_to=before.carried_to if before else 0)
    db.add(made)
    db.flush()
    return made.id


def _newest(db: Session, *, lock: bool = False) -> BookMark | None:
    query = select(BookMark).order_by(BookMark.id.desc()).limit(1)
    return db.scalar(query.with_for_update() if lock else query)


@in_transaction(retries=3)
def carry_some(db: Session, *, actor: Actor) -> bool:  # noqa: ARG001
    """Carry the next entries up to the newest mark; False where none are left."""
    newest = _newest(db, lock=True)
    if newest is None or newest.carried_to >= newest.entry_id:
        return False
    be_patient(db)
    until = min(newest.carried_to + CHUNK, newest.entry_id)
    for statement in (_CARRY, _BALANCE):
        db.execute(statement, {"since": newest.carried_to, "until": until})
    newest.carried_to = until
    return True


@in_transaction(retries=3)
def settle_up_to(db: Session, *, actor: Actor, after: int) -> int:  # noqa: ARG001
    """Note for the next pages up to where everything on them is settled; the last one's id."""
    newest = _newest(db)
    query = select(Account.id).where(Account.kind.in_(PAYABLE), Account.id > after)
    accounts = list(db.scalars(query.order_by(Account.id).limit(PAGES)))
    if newest is None or not accounts:
        return 0
    be_patient(db)
    db.execute(_OPEN, {"accounts": accounts, "last": newest.entry_id})
    return accounts[-1]
