"""How she is paid: changed slowly, by herself, and no payout begins while a change waits."""

import threading
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from sqlalchemy import select, text

from cooperatives import pay_ways, payouts, promises_books, promises_pay_ways, settlement
from cooperatives.models import Entry, PayWay, Settlement
from cooperatives.models.books import Payee
from cooperatives.pay_ways import HeldBack, NothingNew, OddNumber, StillWaiting, Target
from cooperatives.privacy import KEEPER
from core import clock
from core.actors import GUEST, Actor
from core.audit import Audit
from core.db import db, in_transaction
from core.errors import Forbidden, NotFound
from core.notices import Notice
from core.tasks import Task
from tests.cooperatives.books_factories import (
    a_treasurer,
    account_of,
    earned_sale,
    maker_page,
    parties,
    somebody,
)
from tests.cooperatives.factories import broken
from tests.cooperatives.test_payouts import World

pytestmark = pytest.mark.service
PROMISES = (*promises_books.ALL, *promises_pay_ways.ALL)
NUMBER = "0123456789012"
TARGET = Target("bri", "0123-4567 8901.2", "Nurhayati")
OTHER = Target("dana", "081234567890", "Nur")
WAIT = timedelta(hours=72)


@pytest.fixture
def world(session):
    return World()


@pytest.fixture
def her(world):
    return Actor(world.sharing.maker.person_id)


@pytest.fixture
def later():
    """Lets hours pass."""
    with time_machine.travel(clock.now(), tick=False) as time:
        yield time.shift


def now_of(session, her):
    session.expire_all()
    return [pay_ways.words(way) for way in pay_ways.of_person(session, her.person_id)]


def ask(her, target=TARGET, **more):
    return pay_ways.change(actor=her, target=target, **more)


def test_a_new_account_counts_after_its_wait(session, her, later):
    ask(her)
    assert now_of(session, her) == ["Tunai di koperasi", "BRI ••••9012"]
    later(WAIT - timedelta(seconds=1))
    assert now_of(session, her)[0] == "Tunai di koperasi"
    later(timedelta(seconds=1))
    assert now_of(session, her) == ["BRI ••••9012", "Tunai di koperasi"]
    assert pay_ways.waiting(session, pay_ways.payee_of(session, her.person_id)) is None


def test_she_is_told_at_once_and_without_the_number(session, her):
    ask(her)
    (notice,) = session.scalars(select(Notice).where(Notice.person_id == her.person_id))
    assert "akan diganti" in notice.title
    assert "BRI" not in notice.title + notice.text
    job = session.execute(text("select scheduled_at from procrastinate_jobs")).scalars().all()
    assert all(at is None or at <= clock.now() for at in job)


def test_she_stops_it_and_nothing_changes(session, her, later):
    way = ask(her)
    for _ in range(2):
        pay_ways.stop(actor=her, pay_way_id=way.id)
    later(WAIT)
    assert now_of(session, her)[0] == "Tunai di koperasi"
    assert ask(her).id != way.id


def test_what_is_in_force_cannot_be_stopped(her, later):
    way = ask(her)
    later(WAIT)
    with pytest.raises(NotFound):
        pay_ways.stop(actor=her, pay_way_id=way.id)


def test_only_one_change_waits_and_only_a_change_is_one(her, later):
    with pytest.raises(NothingNew):
        ask(her, None)
    ask(her)
    with pytest.raises(StillWaiting):
        ask(her, OTHER)
    later(WAIT)
    with pytest.raises(NothingNew):
        ask(her, Target("bri", NUMBER, "Nurhayati"))
    ask(her, None)


@pytest.mark.parametrize("number", ["", "123", "11111111", "12345678x", "1" * 30])
def test_a_number_that_no_bank_knows_is_refused(her, number):
    with pytest.raises(OddNumber):
        ask(her, Target("bri", number, "Nur"))


def test_nobody_changes_or_stops_it_for_her(her):
    helper = Actor(somebody(), on_behalf_of=her.person_id)
    for who in (helper, GUEST, Actor(her.person_id, on_behalf_of=her.person_id)):
        with pytest.raises(Forbidden):
            ask(who)
    way = ask(her)
    with pytest.raises(NotFound):
        pay_ways.stop(actor=Actor(somebody()), pay_way_id=way.id)
    with pytest.raises(Forbidden):
        pay_ways.stop(actor=helper, pay_way_id=way.id)


def test_a_helper_who_names_his_own_account_is_paid_no_money_of_hers(session, world, her):
    """W43: whoever sells for her, the payee of her shop stays she."""
    helper = Actor(somebody())
    ask(helper)
    payee = session.scalars(select(Payee).where(Payee.person_id == her.person_id)).one()
    assert pay_ways.waiting(session, payee.id) is None


def test_no_payout_begins_while_a_change_waits(session, world, her, later):
    payout = world.approved()
    ask(her)
    for step in (
        lambda: payouts.send(actor=world.lestari, payout_id=payout.id, reference_no="TRX-7"),
        lambda: payouts.begin(actor=world.lestari, payout_id=payout.id),
    ):
        with pytest.raises(HeldBack):
            step()
    session.expire_all()
    assert (payout.state, payout.begun_at) == ("approved", None)
    later(WAIT)
    payouts.begin(actor=world.lestari, payout_id=payout.id)
    payouts.send(actor=world.lestari, payout_id=payout.id, reference_no="TRX-7")
    session.expire_all()
    assert session.get(PayWay, payout.pay_way_id).tail == "9012"
    assert broken(PROMISES) == set()


def test_a_stopped_change_lets_the_payout_go_the_old_way(session, world, her):
    payout = world.approved()
    pay_ways.stop(actor=her, pay_way_id=ask(her).id)
    payouts.send(actor=world.lestari, payout_id=payout.id, reference_no="KW-1")
    session.expire_all()
    assert (payout.state, payout.pay_way_id) == ("sent", None)
    assert broken(PROMISES) == set()


def test_what_a_treasurer_has_begun_is_not_moved_by_a_change(session, world, her):
    payout = world.approved()
    payouts.begin(actor=world.lestari, payout_id=payout.id)
    ask(her)
    payouts.send(actor=world.lestari, payout_id=payout.id, reference_no="KW-1")
    session.expire_all()
    assert (payout.state, payout.pay_way_id) == ("sent", None)
    assert broken(PROMISES) == set()


@pytest.mark.parametrize(
    ("promise", "deed"),
    [
        ("T5", "update payout set begun_at = (select asked_at from pay_way) + interval '1 minute'"),
        ("T6", "update payout set pay_way_id = (select id from pay_way)"),
        (
            "T7",
            "insert into pay_way (payee_id, kind, bank, tail, sealed, asked_at, in_force_at)"
            " select payee_id, kind, bank, tail, sealed, asked_at, in_force_at from pay_way",
        ),
    ],
)
def test_each_promise_sees_its_corruption(session, world, her, promise, deed):
    payout = world.approved()
    payouts.begin(actor=world.lestari, payout_id=payout.id)
    ask(her)
    assert broken(PROMISES) == set()
    session.execute(text(deed))
    assert promise in broken(PROMISES)


def test_the_number_is_sealed_and_in_no_trail(session, her):
    way = ask(her)
    assert NUMBER.encode() not in way.sealed
    trail = session.scalars(select(Audit).where(Audit.object_kind == "pay_way")).all()
    assert [deed.action for deed in trail] == ["pay_way.change"]
    assert "9012" not in str([deed.facts for deed in trail])
    assert pay_ways.opened(way) == Target("bri", NUMBER, "Nurhayati")


def test_a_pin_alone_and_a_miss_are_told_to_her_coordinators(session, world, her):
    @in_transaction()
    def join(db):
        db.execute(
            text(
                "insert into membership (cooperative_id, person_id, joined_on)"
                " values (:cooperative, :person, now())"
            ),
            {"cooperative": world.sharing.cooperative_id, "person": her.person_id},
        )

    join()
    ask(her, by_pin_only=True)
    pay_ways.pay_way_missed.run(person_id=her.person_id, towards="/ibu/produk")
    assert tasks(session) == ["cooperatives.pay_way_by_pin"]
    for _ in range(2):
        pay_ways.pay_way_missed.run(person_id=her.person_id, towards=f"{pay_ways.PAGE}/ganti")
    assert tasks(session) == ["cooperatives.pay_way_by_pin", "cooperatives.pay_way_missed"]


def tasks(session):
    kinds = select(Task.kind).where(Task.kind.like("cooperatives.pay_way%"))
    return sorted(session.scalars(kinds))


def test_her_copy_has_it_and_erasing_blanks_it(session, her):
    way = ask(her)
    (copy,) = KEEPER.export(session, her.person_id)["pay_ways"]
    assert (copy["bank"], copy["tail"]) == ("bri", "9012")
    KEEPER.erase(session, her.person_id)
    session.refresh(way)
    assert (way.tail, way.sealed) == ("", b"")


def in_threads(app, *deeds):
    """Do all at once, each in its own connection; what each ended with."""
    ends = [None] * len(deeds)

    def run(place, deed):
        with app.app_context():
            try:
                ends[place] = deed()
            except Exception as refused:
                ends[place] = type(refused)
            db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.mark.race
def test_of_two_changes_at_once_one_waits(committed):
    for _ in range(5):
        her = Actor(somebody())
        ends = in_threads(committed, *(partial(ask, her, target) for target in (TARGET, OTHER) * 3))
        assert sorted(map(str, ends)).count(str(StillWaiting)) == 5
        assert len(pay_ways.of_person(db.session(), her.person_id)) == 2
        db.session.rollback()
    assert broken(PROMISES) == set()


@in_transaction()
def settled(db, *, account_id, actor):
    """A settlement of all that stands there; it waits for nobody's transaction, as a cut would."""
    entries = db.scalars(select(Entry).where(Entry.account_id == account_id)).all()
    total = -sum(entry.amount for entry in entries)
    owed = Settlement(account_id=account_id, cut=0, total=total, closed_by=actor.person_id)
    db.add(owed)
    db.flush()
    settlement.attach(db, owed.id, [entry.id for entry in entries])
    return owed


class AtOnce(World):
    """The same world without a cut."""

    def __init__(self):
        self.sharing = parties()
        self.lestari, self.second = (a_treasurer(self.sharing.cooperative_id) for _ in range(2))
        earned_sale((self.sharing, 36_000))
        self.owed = settled(account_id=account_of(maker_page(self.sharing)), actor=self.lestari)


@pytest.mark.race
def test_a_payout_and_a_change_at_once_do_not_cross(committed):
    for _ in range(5):
        world = AtOnce()
        payout_id, her = world.approved().id, Actor(world.sharing.maker.person_id)
        db.session.remove()
        ends = in_threads(
            committed,
            lambda p=payout_id, w=world: (
                payouts.send(actor=w.lestari, payout_id=p, reference_no="TRX").state
            ),
            lambda h=her: ask(h).kind,
        )
        assert ends[1] == "bank"
        assert ends[0] in ("sent", HeldBack)
        assert broken(PROMISES) == set()
