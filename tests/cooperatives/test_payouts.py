"""Payouts: two people, one transfer, and nobody guesses whether it arrived."""

import itertools

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from cooperatives import payouts, treasury
from cooperatives.accounts import own
from cooperatives.models.books import Kind, Payout, Settlement
from cooperatives.payout_states import ENDED, MOVES, Event, PayoutState
from cooperatives.payouts import Answer, NoReference, NotNow, SecondPerson, WrongSource
from cooperatives.rights import COORDINATE
from cooperatives.settling import handing
from cooperatives.settling.together import NeedsSignature
from core import files
from core.actors import SYSTEM, Actor
from core.audit import Audit
from core.db import db
from core.errors import Forbidden, NotFound, RemoteError
from tests.cooperatives.books_factories import (
    a_treasurer,
    account_of,
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
    """A maker with 33,480 rupiah due, and the two treasurers of her cooperative."""

    def __init__(self):
        self.sharing = parties()
        self.lestari = a_treasurer(self.sharing.cooperative_id)
        self.second = a_treasurer(self.sharing.cooperative_id)
        earned_sale((self.sharing, 36_000))
        self.owed = closed(self.sharing, self.lestari)

    def prepared(self, source=None):
        source_id = account_of(source or bank())
        return payouts.prepare(actor=self.lestari, settlement_id=self.owed.id, source_id=source_id)

    def approved(self):
        return payouts.approve(actor=self.second, payout_id=self.prepared().id)

    def sent(self):
        payout_id = self.approved().id
        return payouts.send(actor=self.lestari, payout_id=payout_id, reference_no="TRX-7")

    def lost(self):
        return payouts.lose(
            actor=self.lestari, payout_id=self.sent().id, reason="tidak ada jawaban"
        )

    def paid(self):
        return payouts.confirm(actor=self.lestari, payout_id=self.sent().id)

    def due(self):
        return -stands(maker_page(self.sharing))


@pytest.fixture
def world(session):
    return World()


def deeds(session):
    deeds_of = select(Audit.action).where(Audit.object_kind == "payout")
    return list(session.scalars(deeds_of.order_by(Audit.id)))


def test_a_payout_goes_from_one_person_to_the_other_and_out(world, session):
    payout = world.paid()
    assert payout.state == "paid"
    assert (payout.made_by, payout.approved_by) == (
        world.lestari.person_id,
        world.second.person_id,
    )
    assert world.due() == 0
    assert stands(bank()) == -33_480
    assert session.get(Settlement, world.owed.id).state == "paid"
    assert deeds(session) == [
        "payout.prepare",
        "payout.approve",
        "payout.send",
        "payout.confirm",
    ]


def test_a_payout_may_be_cash_out_of_the_cooperatives_drawer(world):
    drawer = own(Kind.CASH, world.sharing.cooperative_id)
    payout = world.prepared(drawer)
    payouts.approve(actor=world.second, payout_id=payout.id)
    facts = {"actor": world.lestari, "payout_id": payout.id}
    with pytest.raises(NeedsSignature):
        payouts.send(reference_no="KW-0001", **facts)
    assert [handing.hand_over(signed=files.store(INK), **facts) for _ in range(2)] == [True, False]
    assert (stands(drawer), world.due()) == (-33_480, 0)
    with pytest.raises(NotFound):
        handing.signature_of(db.session(), an_actor("Lain"), payout.id)
    kept = handing.signature_of(db.session(), world.second, payout.id)
    assert (files.read(kept), payout.reference_no) == (INK, f"KW-{payout.id}")


def test_a_transfer_is_no_cash_to_hand_over(world):
    payout = world.approved()
    with pytest.raises(NotFound):
        handing.hand_over(actor=world.lestari, payout_id=payout.id, signed=files.store(INK))


def test_whoever_prepared_it_does_not_approve_it(world):
    payout = world.prepared()
    with pytest.raises(SecondPerson):
        payouts.approve(actor=world.lestari, payout_id=payout.id)
    with pytest.raises(NotNow):
        payouts.send(actor=world.lestari, payout_id=payout.id, reference_no="TRX-7")


def test_the_database_too_asks_for_two_people(world, session):
    payout = world.prepared()
    with pytest.raises(IntegrityError, match="two_people"):
        session.execute(
            text("update payout set approved_by = made_by where id = :id"), {"id": payout.id}
        )


def test_the_database_sends_nothing_unapproved(world, session):
    payout = world.prepared()
    with pytest.raises(IntegrityError, match="ck_payout_approved"):
        session.execute(text("update payout set state = 'sent' where id = :id"), {"id": payout.id})


def test_the_chair_may_be_the_second_person_but_not_the_first(world):
    chair = an_actor("Umi")
    give(chair, COORDINATE, world.sharing.cooperative_id)
    with pytest.raises(NotFound):
        payouts.prepare(actor=chair, settlement_id=world.owed.id, source_id=account_of(bank()))
    payout = world.prepared()
    assert payouts.approve(actor=chair, payout_id=payout.id).approved_by == chair.person_id


def test_strangers_and_the_house_itself_move_no_money(world):
    payout, source_id = world.approved(), account_of(bank())
    foreign = a_treasurer(a_cooperative().id)
    her = Actor(world.sharing.maker.person_id)
    for stranger, refusal in ((foreign, NotFound), (her, NotFound), (SYSTEM, Forbidden)):
        with pytest.raises(refusal):
            payouts.send(actor=stranger, payout_id=payout.id, reference_no="TRX-7")
        with pytest.raises(refusal):
            payouts.prepare(actor=stranger, settlement_id=world.owed.id, source_id=source_id)
    with pytest.raises(NotFound):
        payouts.approve(actor=foreign, payout_id=payout.id)


def test_a_settlement_has_one_payout_at_a_time(world):
    first = world.prepared()
    with pytest.raises(NotNow):
        world.prepared()
    payouts.cancel(actor=world.lestari, payout_id=first.id, reason="salah rekening")
    assert world.prepared().id != first.id


def test_a_paid_settlement_is_not_paid_again(world):
    world.paid()
    with pytest.raises(NotNow):
        world.prepared()


def test_money_leaves_only_what_is_ours(world):
    foreign = own(Kind.BANK, a_cooperative().id)
    for source in (foreign, clearing()):
        with pytest.raises(WrongSource):
            world.prepared(source)
    with pytest.raises(WrongSource):
        payouts.prepare(actor=world.lestari, settlement_id=world.owed.id, source_id=999_999)


def test_a_transfer_without_a_name_is_not_sent(world):
    payout = world.approved()
    with pytest.raises(NoReference):
        payouts.send(actor=world.lestari, payout_id=payout.id, reference_no="  ")


def test_a_button_pressed_twice_pays_once(world, session):
    payout = world.paid()
    payouts.confirm(actor=world.lestari, payout_id=payout.id)
    assert stands(bank()) == -33_480
    assert deeds(session).count("payout.confirm") == 1


def test_a_refused_transfer_leaves_the_money_owed(world, session):
    payout = world.sent()
    payouts.fail(actor=world.lestari, payout_id=payout.id, reason="rekening tutup")
    assert (world.due(), stands(bank())) == (33_480, 0)
    assert session.get(Settlement, world.owed.id).state == "closed"
    assert world.prepared().state == "created"


def test_what_is_unknown_is_not_decided_by_hand(world):
    payout = world.lost()
    for guess in (
        lambda: payouts.confirm(actor=world.lestari, payout_id=payout.id),
        lambda: payouts.fail(actor=world.lestari, payout_id=payout.id, reason="x"),
        lambda: payouts.cancel(actor=world.lestari, payout_id=payout.id, reason="x"),
        world.prepared,
    ):
        with pytest.raises(NotNow):
            guess()
    assert payout.state == "unknown"


@pytest.mark.parametrize(
    ("paid", "state", "due"),
    [(True, "paid", 0), (False, "failed", 33_480), (None, "unknown", 33_480)],
)
def test_what_is_unknown_is_decided_by_asking(world, session, paid, state, due):
    payout, asked = world.lost(), []

    def ask(reference):
        asked.append((reference, "command" in session.info))
        return Answer(paid, evidence="mutasi bank 22 November")

    answered = payouts.resolve(actor=world.lestari, payout_id=payout.id, ask=ask)
    assert (answered.state, world.due()) == (state, due)
    assert asked == [("TRX-7", False)]  # And no transaction was open meanwhile.
    assert "payout.asked" in deeds(session)


def test_a_bank_that_does_not_answer_changes_nothing(world):
    payout = world.lost()

    def ask(_reference):
        raise RemoteError("no line")

    with pytest.raises(RemoteError):
        payouts.resolve(actor=world.lestari, payout_id=payout.id, ask=ask)
    assert payout.state == "unknown"


def test_only_the_unknown_is_asked_after(world):
    with pytest.raises(NotNow):
        payouts.resolve(
            actor=world.lestari, payout_id=world.sent().id, ask=lambda _: pytest.fail("asked")
        )


def test_a_transfer_that_comes_back_opens_the_settlement_again(world, session):
    payout = world.paid()
    payouts.bring_back(actor=world.lestari, payout_id=payout.id, reason="rekening salah")
    assert (world.due(), stands(bank())) == (33_480, 0)
    assert session.get(Settlement, world.owed.id).state == "closed"
    assert closed(world.sharing, world.lestari) is None  # Owed by this settlement, not a new one.
    second = world.paid()
    assert second.id != payout.id
    assert (world.due(), stands(bank())) == (0, -33_480)


def test_boards_list_their_payouts_by_state(world, session):
    payout = world.prepared()
    listed = treasury.list_payouts(session, world.second, PayoutState.CREATED)
    assert [(row.id, row.total, row.made_by) for row in listed] == [
        (payout.id, 33_480, world.lestari.person_id)
    ]
    assert treasury.list_payouts(session, world.second, PayoutState.SENT) == []
    for stranger in (a_treasurer(a_cooperative().id), Actor(world.sharing.maker.person_id)):
        assert treasury.list_payouts(session, stranger) == []


def test_the_states_that_lead_nowhere_free_the_settlement():
    assert set(ENDED) == {"failed", "cancelled", "returned"}


def test_every_move_leads_where_the_table_says_or_is_refused(world, session):
    for state, event in itertools.product(PayoutState, Event):
        payout = Payout(id=1, settlement_id=world.owed.id, state=state)
        if event in MOVES[state]:
            moved = payouts.step(session, SYSTEM, payout, event)
            assert (payout.state, moved) == (MOVES[state][event], MOVES[state][event] != state)
        else:
            with pytest.raises(NotNow):
                payouts.step(session, SYSTEM, payout, event)
            assert payout.state == state


def test_approval_comes_before_any_money_moves():
    """Whatever way leads to sent, unknown or paid passes through approved."""
    reached, frontier = {PayoutState.CREATED}, [PayoutState.CREATED]
    while frontier:
        for target in MOVES[frontier.pop()].values():
            if target not in reached and target != PayoutState.APPROVED:
                reached.add(target)
                frontier.append(target)
    assert reached == {PayoutState.CREATED, PayoutState.CANCELLED}
