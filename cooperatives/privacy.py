"""What the cooperatives' floor keeps of a person: memberships, her home's shelf, her money.

The books stay whole, for they are other people's money too and the law asks for them; they know
her by number only.
"""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, or_, select, union, update
from sqlalchemy.orm import Session

from cooperatives.accounts import CARRIED
from cooperatives.beginning import WANTS_TO_JOIN
from cooperatives.members import HELP_WITH_PIN
from cooperatives.models import (
    Account,
    BazaarLine,
    BazaarNote,
    Beginning,
    BigOrder,
    BigShare,
    BringOffer,
    CashNote,
    CashTaker,
    ConsignNote,
    Entry,
    Hold,
    JarNote,
    JarPlan,
    JointPackage,
    JointPart,
    Journal,
    Level,
    Lot,
    Membership,
    Payee,
    PayWay,
    Place,
    ProductDraft,
    StockCountLine,
    TaxLetter,
    Translation,
)
from cooperatives.models.books import Kind
from cooperatives.models.stock import REAL_KINDS
from cooperatives.pay_ways import CHANGED_BY_PIN, MISSED
from cooperatives.receiving import agreeing
from cooperatives.settling.tax_letters import NEAR_LIMIT
from core import clock, files, privacy
from core.people import Person
from core.privacy import Keeper, copied
from core.tasks import Task
from sellers.models import Seller

ENTRIES_MAX = 20_000
ABOUT_MEMBERS = (HELP_WITH_PIN, MISSED, CHANGED_BY_PIN)


def _shops(person_id: int) -> Any:
    return select(Seller.id).where(Seller.person_id == person_id)


def _export(db: Session, person_id: int) -> dict[str, Any]:
    own = _of_herself(person_id) | _agreed(person_id) | _at_bazaars(person_id)
    own |= _goods_and_money(person_id)
    return {name: copied(db, query) for name, query in own.items()}


def _of_herself(person_id: int) -> dict[str, Any]:
    return {
        "memberships": select(
            Membership.cooperative_id, Membership.joined_on, Membership.left_on
        ).where(Membership.person_id == person_id),
        "beginning": select(
            Beginning.vision, Beginning.store_name, Beginning.created_at, Beginning.asked_at,
            Beginning.decided_at, Beginning.is_taken,
        ).where(Beginning.person_id == person_id),
        "translations": select(
            Translation.language, Translation.name, Translation.description, Translation.fee,
            Translation.written_at, Translation.may_name, Translation.state,
        ).where(Translation.translator_id == person_id),
        "translations_asked": select(
            Translation.language, Translation.note, Translation.fee, Translation.asked_at
        ).where(Translation.asked_by == person_id),
        "big_orders": select(
            BigOrder.what, BigShare.units, BigShare.agreed, BigShare.state, BigShare.asked_at
        )
        .join(BigShare, BigShare.big_order_id == BigOrder.id)
        .where(BigShare.seller_id.in_(_shops(person_id)), BigShare.asked_at.is_not(None)),
        "home_shelf": select(Place.name, Place.village, Place.landmark, Place.district_code).where(
            Place.seller_id.in_(_shops(person_id))
        ),
        "cash_book": select(
            CashNote.day, CashNote.place, CashNote.amount, CashNote.note, CashNote.struck_at
        ).where(CashNote.person_id == person_id),
        "product_drafts": select(ProductDraft.saved_at, ProductDraft.answers).where(
            ProductDraft.person_id == person_id
        ),
        "jar_plan": select(JarPlan.home, JarPlan.business, JarPlan.savings).where(
            JarPlan.person_id == person_id
        ),
        "jars": select(JarNote.written_at, JarNote.jar, JarNote.amount).where(
            JarNote.person_id == person_id
        ),
        "tax_letters": select(TaxLetter.year, TaxLetter.kind, TaxLetter.tail).where(
            TaxLetter.person_id == person_id
        ),
        "pay_ways": select(
            PayWay.kind, PayWay.bank, PayWay.tail, PayWay.asked_at, PayWay.in_force_at,
            PayWay.stopped_at,
        )
        .join(Payee, Payee.id == PayWay.payee_id)
        .where(Payee.person_id == person_id),
    }  # fmt: skip


def _agreed(person_id: int) -> dict[str, Any]:
    """Who takes her cash, whose cash she takes, and packages that she was asked to join."""
    return {
        "cash_takers": select(CashTaker.created_at, CashTaker.ended_at, Person.call_me)
        .join(Person, Person.id == CashTaker.taker_id)
        .where(CashTaker.owner_id == person_id),
        "takes_cash_for": select(CashTaker.created_at, CashTaker.ended_at).where(
            CashTaker.taker_id == person_id
        ),
        "packages_agreed": select(
            JointPackage.name, JointPart.units, JointPart.piece_price, JointPart.agreed_at
        )
        .join(JointPackage, JointPackage.id == JointPart.package_id)
        .where(JointPart.seller_id.in_(_shops(person_id))),
    }


def _at_bazaars(person_id: int) -> dict[str, Any]:
    return {
        "bazaar_notes": select(BazaarNote.written_at, BazaarNote.text).where(
            BazaarNote.seller_id.in_(_shops(person_id))
        ),
        "bazaar_contested": select(
            BazaarLine.contested_at, BazaarLine.contest, BazaarLine.outcome, BazaarLine.answer
        ).where(BazaarLine.seller_id.in_(_shops(person_id)), BazaarLine.contested_at.is_not(None)),
    }


def _goods_and_money(person_id: int) -> dict[str, Any]:
    return {
        "brought": select(
            ConsignNote.received_at, Place.name, ConsignNote.agreed_how, ConsignNote.agreed_at,
            ConsignNote.dispute, ConsignNote.answer,
        )
        .join(Place, Place.id == ConsignNote.place_id)
        .where(ConsignNote.owner_id.in_(_shops(person_id))),
        "contested": select(
            StockCountLine.contested_at, StockCountLine.contest, StockCountLine.outcome,
            StockCountLine.answer,
        )
        .join(Lot, Lot.id == StockCountLine.lot_id)
        .where(Lot.owner_id.in_(_shops(person_id)), StockCountLine.contested_at.is_not(None)),
        "offered": select(BringOffer.created_at, BringOffer.comes_on, BringOffer.state).where(
            BringOffer.seller_id.in_(_shops(person_id))
        ),
        "money": select(
            Journal.posted_at, Journal.kind, Account.kind, Entry.amount, Account.currency
        )
        .join(Journal, Journal.id == Entry.journal_id)
        .join(Account, Account.id == Entry.account_id)
        .join(Payee, Payee.id == Account.payee_id)
        .where(Payee.person_id == person_id)
        .order_by(Entry.id.desc())
        .limit(ENTRIES_MAX),
    }  # fmt: skip


def _erase(db: Session, person_id: int) -> None:
    """Memberships end and keep their number; her home's name and address go."""
    today = clock.today()
    memberships = update(Membership).where(
        Membership.person_id == person_id, Membership.left_on.is_(None)
    )
    db.execute(memberships.values(left_on=func.greatest(Membership.joined_on, today)))
    for place in db.scalars(select(Place).where(Place.seller_id.in_(_shops(person_id)))):
        place.name, place.slug = privacy.NOBODY, f"rumah-{place.id}-ditutup"
        place.village = place.landmark = place.district_code = ""
        place.opening_hours, place.is_pickup = {}, False
        place.closed_at = place.closed_at or clock.now()
    db.execute(delete(Beginning).where(Beginning.person_id == person_id))
    wishes = delete(Task).where(Task.kind == WANTS_TO_JOIN.name, Task.doc_id == str(person_id))
    db.execute(wishes)
    numbers = select(func.cast(Membership.id, Task.doc_id.type)).where(
        Membership.person_id == person_id
    )
    about_her = delete(Task).where(
        Task.kind.in_([kind.name for kind in ABOUT_MEMBERS]),
        Task.doc_type == "membership",
        Task.doc_id.in_(numbers),
    )
    db.execute(about_her)
    for note in db.scalars(select(ConsignNote).where(ConsignNote.owner_id.in_(_shops(person_id)))):
        files.erase(db, agreeing.doc_of(note))  # Her thumb and her name on paper.
        note.dispute = note.answer = ""
    db.execute(
        delete(Task).where(
            Task.kind == NEAR_LIMIT.name, func.split_part(Task.doc_id, ":", 1).in_(numbers)
        )
    )
    _erase_contests(db, person_id)
    for private in (CashNote, JarNote, JarPlan, ProductDraft):
        db.execute(delete(private).where(private.person_id == person_id))
    made = update(Translation).where(Translation.translator_id == person_id)
    db.execute(made.values(may_name=False))
    unread = made.where(Translation.state != "accepted")
    db.execute(unread.values(state="withdrawn", name="", description="", reason=""))
    db.execute(
        update(Translation).where(Translation.asked_by == person_id).values(note="", reason="")
    )
    db.execute(delete(BazaarNote).where(BazaarNote.seller_id.in_(_shops(person_id))))
    _erase_ways(db, person_id)
    promised = update(Hold).where(Hold.buyer_key == f"person:{person_id}")
    db.execute(promised.where(Hold.state != "held").values(buyer_key=""))


def _erase_ways(db: Session, person_id: int) -> None:
    """Her accounts, her letters, and who takes cash for whom."""
    hers = select(Payee.id).where(Payee.person_id == person_id)
    ways = update(PayWay).where(PayWay.payee_id.in_(hers))
    db.execute(ways.values(tail="", sealed=b""))
    edges = update(CashTaker).where(
        or_(CashTaker.owner_id == person_id, CashTaker.taker_id == person_id)
    )
    db.execute(edges.where(CashTaker.ended_at.is_(None)).values(ended_at=clock.now()))
    letters = update(TaxLetter).where(TaxLetter.person_id == person_id)
    db.execute(letters.values(tail="", sealed=b""))


def _erase_contests(db: Session, person_id: int) -> None:
    """What she said to counts and bazaars of her goods, and what she was answered."""
    lots = select(Lot.id).where(Lot.owner_id.in_(_shops(person_id)))
    contested = update(StockCountLine).where(StockCountLine.lot_id.in_(lots))
    db.execute(contested.values(contest="", answer=""))
    at_bazaars = update(BazaarLine).where(BazaarLine.seller_id.in_(_shops(person_id)))
    db.execute(at_bazaars.values(contest="", answer=""))


def _reasons(db: Session, person_id: int) -> list[Any]:
    reasons: list[Any] = []
    if _open_money(db, person_id):
        reasons.append(_("Masih ada uang yang harus dibayar. Tunggu pencairan atau lunasi dulu."))
    goods = (
        select(Level.id)
        .join(Lot, Lot.id == Level.lot_id)
        .join(Place, Place.id == Level.place_id)
        .where(Lot.owner_id.in_(_shops(person_id)), Level.on_hand > 0, Place.kind.in_(REAL_KINDS))
    )
    if db.scalar(goods.limit(1)) is not None:
        reasons.append(_("Masih ada barang Ibu di rak. Ambil atau catat keluar dulu."))
    return reasons


def _open_money(db: Session, person_id: int) -> bool:
    """Whether a page of hers, or the cash her shop still carries, does not stand at zero."""
    labels = [f"{CARRIED}{shop}" for shop in db.scalars(_shops(person_id))]
    hers = union(
        select(Account.id).join(Payee).where(Payee.person_id == person_id),
        select(Account.id).where(Account.kind == Kind.RECEIVABLE, Account.label.in_(labels)),
    )
    pages = db.scalars(hers).all()  # Named one by one: a planner that guesses reads all entries.
    query = (
        select(Entry.account_id)
        .where(Entry.account_id.in_(pages))
        .group_by(Entry.account_id)
        .having(func.sum(Entry.amount) != 0)
    )
    return db.scalar(query.limit(1)) is not None


KEEPER = Keeper("cooperatives", _export, _erase, _reasons)
