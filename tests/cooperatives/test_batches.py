"""Lists of payouts: made by one, agreed to by another, every rupiah sent and booked once."""

import pytest
from sqlalchemy import select

from cooperatives import pay_ways, payouts
from cooperatives.accounts import own
from cooperatives.models import Payout, Settlement
from cooperatives.models.books import Kind
from cooperatives.payouts import NoReference, NotNow, SecondPerson, WrongSource
from cooperatives.rights import COORDINATE
from cooperatives.settling import batch_reading, batches, cash_receipts, handing
from cooperatives.settling.together import WithItsList
from core import files
from core.actors import Actor
from core.audit import Audit
from core.db import db
from core.errors import NotFound
from core.notices import Notice
from core.tasks import Task
from tests.cooperatives.books_factories import (
    a_sent_batch,
    a_treasurer,
    account_of,
    an_account_for,
    bank,
    clearing,
    closed,
    earned_sale,
    maker_page,
    parties,
    stands,
)
from tests.cooperatives.factories import a_cooperative
from tests.factories import an_actor, give

pytestmark = pytest.mark.service
INK = b"\xff\xd8\xff\xe0ink"


class World:
    """Three members with 9,300 rupiah each: one paid by BRI, one by a wallet, one in cash."""

    def __init__(self):
        self.organisation_id = a_cooperative().id
        self.makers = [parties(cooperative_id=self.organisation_id) for _ in range(3)]
        self.rini, self.wati = (a_treasurer(self.organisation_id) for _ in range(2))
        an_account_for(self.makers[0])
        an_account_for(self.makers[1], "081234567890", "dana")
        for sharing in self.makers:
            earned_sale((sharing, 10_000))
            closed(sharing, self.rini)

    def prepared(self, page=None):
        source_id = account_of(page or bank())
        return batches.prepare(
            actor=self.rini, organisation_id=self.organisation_id, source_id=source_id
        )

    def approved(self, page=None, **more):
        batch = self.prepared(page)
        return batches.approve(actor=self.wati, batch_id=batch.id, **more)

    def drawer(self):
        return own(Kind.CASH, self.organisation_id)


@pytest.fixture
def world(session):
    return World()


def states(batch):
    db.session.expire_all()
    query = select(Payout.state).where(Payout.batch_id == batch.id).order_by(Payout.id)
    return list(db.session.scalars(query))


def ids(batch):
    query = select(Payout.id).where(Payout.batch_id == batch.id).order_by(Payout.id)
    return list(db.session.scalars(query))


def open_tasks():
    query = select(Task.kind).where(Task.closed_at.is_(None), Task.kind.like("payout%"))
    return sorted(db.session.scalars(query))


def test_a_list_goes_from_one_person_to_the_other_and_to_the_bank(world, session):
    batch = world.prepared()
    assert states(batch) == ["created", "created"]
    assert open_tasks() == ["payout_batch.agree", "payout_batch.agree_too"]
    with pytest.raises(SecondPerson):
        batches.approve(actor=world.rini, batch_id=batch.id)
    batches.approve(actor=world.wati, batch_id=batch.id)
    assert open_tasks() == ["payout_batch.send"]
    (transfer,) = batches.begin(actor=world.rini, batch_id=batch.id)  # A wallet is in no file.
    assert (transfer.bank, transfer.number, transfer.amount) == ("bri", "012345678901", 9_300)
    assert batches.begin(actor=world.rini, batch_id=batch.id) == [transfer]
    assert batches.send(actor=world.rini, batch_id=batch.id, reference_no=" BRI-77 ") == 1
    assert states(batch) == ["sent", "approved"]
    batches.confirm(actor=world.rini, batch_id=batch.id)
    batches.pay_batch.run(batch.id)
    batches.pay_batch.run(batch.id)
    assert states(batch) == ["paid", "approved"]
    assert stands(maker_page(world.makers[0])) == 0
    assert stands(bank()) == -9_300
    reference = session.scalar(select(Payout.reference_no).where(Payout.state == "paid"))
    assert reference == f"BRI-77/{ids(batch)[0]}"
    assert open_tasks() == []


def test_no_payout_of_a_list_is_agreed_to_by_itself(world):
    batch = world.prepared()
    with pytest.raises(NotNow):
        payouts.approve(actor=world.wati, payout_id=ids(batch)[0])


def test_what_is_struck_is_not_paid_and_may_be_paid_later(world):
    batch = world.prepared()
    first, second = ids(batch)
    batches.approve(actor=world.wati, batch_id=batch.id, struck=[first])
    assert states(batch) == ["cancelled", "approved"]
    again = world.prepared()
    assert len(ids(again)) == 1
    batches.approve(actor=world.wati, batch_id=again.id, struck=ids(again))
    assert (again.stage, states(again)) == ("dropped", ["cancelled"])
    assert second not in ids(again)


def test_a_coordinator_may_agree_and_do_no_more(world):
    umi = an_actor("Umi")
    give(umi, COORDINATE, world.organisation_id)
    batch = world.prepared()
    batches.approve(actor=umi, batch_id=batch.id)
    for act in (batches.begin, batches.confirm):
        with pytest.raises(NotFound):
            act(actor=umi, batch_id=batch.id)


def test_strangers_find_no_list(world):
    batch = world.prepared()
    for stranger in (a_treasurer(a_cooperative().id), an_actor("Lain"), Actor()):
        with pytest.raises(NotFound):
            batches.approve(actor=stranger, batch_id=batch.id)
        with pytest.raises(NotFound):
            batch_reading.get(db.session(), stranger, batch.id)
    with pytest.raises(WrongSource):
        batches.prepare(
            actor=world.rini,
            organisation_id=world.organisation_id,
            source_id=account_of(clearing()),
        )


def test_steps_out_of_turn_are_refused(world):
    batch = world.prepared()
    for act in (batches.begin, batches.confirm):
        with pytest.raises(NotNow):
            act(actor=world.rini, batch_id=batch.id)
    batches.approve(actor=world.wati, batch_id=batch.id)
    with pytest.raises(NotNow):
        batches.approve(actor=world.wati, batch_id=batch.id)
    with pytest.raises(batches.NoFile):
        batches.send(actor=world.rini, batch_id=batch.id, reference_no="X")
    with pytest.raises(NoReference):
        batches.send(actor=world.rini, batch_id=batch.id, reference_no="  ")


def test_what_is_in_the_banks_file_is_not_sent_alone_as_well(world):
    """She would be paid twice. A wallet is in no file, so it is sent by itself."""
    batch = world.approved()
    in_file, by_wallet = ids(batch)
    for _ in range(2):
        with pytest.raises(WithItsList):
            payouts.begin(actor=world.rini, payout_id=in_file)
        with pytest.raises(WithItsList):
            payouts.send(actor=world.rini, payout_id=in_file, reference_no="LAGI")
        batches.begin(actor=world.rini, batch_id=batch.id)
    payouts.send(actor=world.rini, payout_id=by_wallet, reference_no="DANA-1")
    assert batches.send(actor=world.rini, batch_id=batch.id, reference_no="BRI-1") == 1
    assert states(batch) == ["sent", "sent"]


def test_nobody_is_on_two_lists(world):
    world.prepared()
    with pytest.raises(batches.NothingToPay):
        world.prepared()


def test_who_changes_her_pay_way_is_left_out(world):
    batch = world.approved()
    her = Actor(world.makers[0].maker.person_id)
    pay_ways.change(actor=her, target=pay_ways.Target("bca", "8880001111", "Nur"))
    assert batches.begin(actor=world.rini, batch_id=batch.id) == []
    held = {line.payout_id: line.is_held for line in lines_of(world, batch)}
    assert held == {ids(batch)[0]: True, ids(batch)[1]: False}
    world.prepared(world.drawer())  # She is on no other list either.
    assert len(ids(batch)) == 2


def lines_of(world, batch):
    return batch_reading.lines(db.session(), world.wati, batch.id)


def test_the_list_shows_no_more_than_the_end_of_an_account(world):
    batch = world.prepared()
    assert sorted(str(line.way) for line in lines_of(world, batch)) == [
        "BRI ••••8901",
        "DANA ••••7890",
    ]


def test_cash_is_counted_out_one_by_one(world):
    batch = world.approved(world.drawer())
    (payout_id,) = ids(batch)
    assert cash_receipts.drawn(lines_of(world, batch), "Koperasi").startswith(b"%PDF-")
    facts = {"actor": world.rini, "payout_id": payout_id}
    assert [handing.hand_over(signed=files.store(INK), **facts) for _ in range(2)] == [True, False]
    assert (states(batch), batch.stage) == (["paid"], "done")
    assert (stands(world.drawer()), stands(maker_page(world.makers[2]))) == (-9_300, 0)
    assert open_tasks() == []


def test_a_banks_list_of_wallets_is_on_its_way_when_the_last_one_is_sent(world):
    batch = world.approved(struck=[])
    in_file, by_wallet = ids(batch)
    payouts.cancel(actor=world.rini, payout_id=in_file, reason="salah orang")
    assert batch.stage == "approved"
    payouts.send(actor=world.rini, payout_id=by_wallet, reference_no="DANA-1")
    db.session.expire_all()
    assert batch.stage == "sent"
    assert open_tasks() == ["payout_batch.see_come"]


def test_what_nobody_knows_waits_for_the_banks_answer(session):
    cooperative_id = a_cooperative().id
    makers = [parties(cooperative_id=cooperative_id) for _ in range(2)]
    rini, wati = (a_treasurer(cooperative_id) for _ in range(2))
    batch = a_sent_batch(cooperative_id, makers, rini, wati)
    lost = ids(batch)[0]
    payouts.lose(actor=rini, payout_id=lost, reason="tidak ada di mutasi")
    batches.confirm(actor=rini, batch_id=batch.id)
    batches.pay_batch.run(batch.id)
    assert states(batch) == ["unknown", "paid"]
    assert "payout.ask_bank" in open_tasks()
    with pytest.raises(NotNow):
        payouts.send(actor=rini, payout_id=lost, reference_no="LAGI")
    payouts.resolve(actor=rini, payout_id=lost, ask=lambda _r: payouts.Answer(True, "CS BRI"))
    assert states(batch) == ["paid", "paid"]


def test_a_transfer_that_came_back_asks_her_for_another_way(session):
    cooperative_id = a_cooperative().id
    her = parties(cooperative_id=cooperative_id)
    rini, wati = (a_treasurer(cooperative_id) for _ in range(2))
    batch = a_sent_batch(cooperative_id, [her], rini, wati)
    batches.confirm(actor=rini, batch_id=batch.id)
    batches.pay_batch.run(batch.id)
    (payout_id,) = ids(batch)
    payouts.bring_back(actor=rini, payout_id=payout_id, reason="rekening ditutup")
    assert session.scalars(select(Settlement.state)).all() == ["closed"]
    person_id = her.maker.person_id
    asked = select(Task).where(Task.person_id == person_id, Task.closed_at.is_(None))
    assert session.scalars(asked).one().link == "/ibu/uang/terima"
    told = select(Notice.event_key).where(Notice.person_id == person_id)
    assert f"payout_back:{payout_id}" in session.scalars(told).all()
    pay_ways.change(actor=Actor(person_id), target=None)
    assert session.scalars(asked).all() == []


def test_who_saw_the_numbers_is_in_the_trail_and_no_number_is(world, session):
    batch = world.approved()
    batches.begin(actor=world.rini, batch_id=batch.id)
    deeds = session.scalars(select(Audit).where(Audit.object_kind == "payout_batch")).all()
    assert [deed.action for deed in deeds][-1] == "payout_batch.file"
    assert "012345678901" not in str([deed.facts for deed in deeds])
