"""The bank statement: every line is stored once, and every rupiah of it ends in one place."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock, doctor
from core.access import SamePerson
from core.actors import GUEST, Actor
from core.db import db
from core.errors import NotFound
from core.sheet_files import NotASheet
from core.tasks import Task
from orders import endings, refunds, statement_matching, statement_outgoing, statements, transfers
from orders.bank_layouts import LAYOUTS
from orders.models import Attempt, BankFile, Order, Refund
from orders.statement_matching import NotForThat, SeenForAnother
from orders.statements import OtherLayout, WrongAccount
from orders.states import IllegalMove
from tests.cooperatives.factories import a_maker
from tests.orders.bank_factories import a_file, a_line, brought, lines_of
from tests.orders.factories import a_market, attempt_of, balances, order, rules, run_jobs

pytestmark = pytest.mark.service
BCA = """Informasi Rekening - Mutasi Rekening
No. rekening : ,'0000000000
Periode : 01/11/2026 - 26/11/2026

Tanggal Transaksi,Keterangan,Cabang,Jumlah,,Saldo
'25/11,TRSF E-BANKING CR 2511/LMB-2611-0007,'0000,"91,963.00",CR,"5,000,000.00"
'26/11,BIAYA ADM,'0000,"15,000.00",DB,"4,985,000.00"
PEND,TRSF E-BANKING CR,'0000,"10,000.00",CR,"4,995,000.00"
Saldo Awal,:,"3,765,433.00"
"""
BRI = """ID,NOREK,TGL_TRAN,TGL_EFEKTIF,JAM_TRAN,SEQ,DESK_TRAN,SALDO_AWAL_MUTASI,MUTASI_DEBET,\
MUTASI_KREDIT,SALDO_AKHIR_MUTASI,TRREMK
1,0000000000,2026-11-26 00:00:00,2026-11-26,101500,1,NBMB JOKO,1000.00,0.00,91963.00,92963.00,LMB
2,0000000000,2026-11-26 00:00:00,2026-11-26,101500,2,BIAYA,92963.00,6500.00,0.00,86463.00,
"""
MANDIRI = """AccountNo;Ccy;PostDate;Remarks;AdditionalDesc;Credit Amount;Debit Amount;Close Balance
0000000000;IDR;26 November 2026 11:27:10;JOKO;LMB-2611-0007;91963.00;0.00;13838932.64
0000000000;IDR;26 November 2026 12:00:00;ADM;;.00;6500.00;13832432.64
"""
BSI = """Tanggal,TrxId,Trx Time,Keterangan,D/K,Mutasi,Saldo
26/11/2026,FT1,10:15,TRF LMB-2611-0007,K,"91.963,00","1.000.000,00"
26/11/2026,FT2,10:16,BIAYA,D,"6.500,00","993.500,00"
"""


@pytest.fixture
def market(app):
    made = a_market(units=500)
    rules(second_person_rupiah=10_000_000)
    return made


@pytest.fixture(autouse=True)
def the_house_is_in_order(app):
    yield
    is_well()


def is_well():
    db.session.expire_all()
    found = doctor.examine_on(db.session(), current_app.extensions["doctor"])
    assert [(finding.invariant.id, finding.rows) for finding in found] == []


def state_of(placed):
    db.session.expire_all()
    return db.session.get(Order, placed.id).state


def sure(actor):
    lines = statements.list_lines(db.session(), actor)
    found = statement_matching.proposals(db.session(), lines)
    return statement_matching.match_sure(actor=actor, lines=lines, found=found)


def match(actor, line, placed):
    return statement_matching.match(actor=actor, line_id=line.id, attempt_id=attempt_of(placed).id)


def owed(placed):
    query = select(Refund.reason, Refund.amount).join(Attempt).where(Attempt.order_id == placed.id)
    return sorted(tuple(row) for row in db.session.execute(query))


def open_tasks(kind):
    return list(db.session.scalars(select(Task).where(Task.kind == kind, Task.closed_at.is_(None))))


# Files


@pytest.mark.parametrize(
    ("text", "code", "amounts"),
    [
        (BCA, "bca", [91_963, -15_000]), (BRI, "bri", [91_963, -6_500]),
        (MANDIRI, "mandiri", [91_963, -6_500]), (BSI, "bsi", [91_963, -6_500]),
        (a_file((91_963, "x"), (-5, "y")).decode(), "umum", [91_963, -5]),
    ],
)  # fmt: skip
def test_the_layout_of_each_bank_is_recognised(text, code, amounts):
    sheet = statements.read(text.encode())
    assert sheet.layout.code == code
    assert [row.values["amount"] for row in sheet.rows] == amounts
    assert statements.read(text.encode(), code).layout.code == code


def test_what_could_not_be_read_is_kept_with_its_line(market):
    content = BCA.encode()
    file = statements.keep(
        actor=market.treasurers[0], content=content, sheet=statements.read(content)
    )
    assert (file.lines, file.new_lines) == (2, 2)
    assert [line for line, _words in file.flaws] == [8]
    assert [line for line, _words in file.asides] == [9]


def test_every_layout_is_known_by_its_code():
    assert [layout.code for layout in LAYOUTS.values()] == list(LAYOUTS)


def test_a_file_of_another_bank_in_a_chosen_layout_is_refused():
    with pytest.raises(NotASheet):
        statements.read(BCA.encode(), "bri")


def test_the_same_file_twice_changes_nothing(market):
    first = brought(market.treasurers[0], (5_000, "a"), (5_000, "a"), (7_000, "b"))
    again = brought(market.treasurers[1], (5_000, "a"), (5_000, "a"), (7_000, "b"))
    assert (again.id, len(lines_of())) == (first.id, 3)


def test_a_file_that_overlaps_brings_only_what_is_new(market):
    brought(market.treasurers[0], (5_000, "a"), (7_000, "b"))
    file = brought(market.treasurers[0], (7_000, "b"), (5_000, "A "), (5_000, "a"), (9_000, "c"))
    assert (file.lines, file.new_lines) == (4, 2)
    assert sorted((line.amount, line.running) for line in lines_of()) == [
        (5_000, 1), (5_000, 2), (7_000, 1), (9_000, 1),
    ]  # fmt: skip


def test_the_same_days_in_another_layout_are_refused(market):
    content = MANDIRI.encode()
    statements.keep(actor=market.treasurers[0], content=content, sheet=statements.read(content))
    other = BSI.encode()
    with pytest.raises(OtherLayout):
        statements.keep(actor=market.treasurers[0], content=other, sheet=statements.read(other))


@pytest.mark.parametrize("text", [BCA, MANDIRI, BRI])
def test_a_statement_of_another_account_is_refused(market, text):
    content = text.replace("0000000000", "9876543210").encode()
    with pytest.raises(WrongAccount):
        statements.keep(actor=market.treasurers[0], content=content, sheet=statements.read(content))
    assert db.session.query(BankFile).count() == 0


def test_only_the_operators_treasurers_bring_statements(market):
    content = a_file((1, "x"))
    for actor in (market.sells, market.keeps, GUEST):
        with pytest.raises(NotFound):
            statements.keep(actor=actor, content=content, sheet=statements.read(content))


# Money that came


def test_one_press_books_all_that_fits_exactly(market):
    orders = [order((market.tiwul, 1)) for _ in range(3)]
    amounts = [attempt_of(placed).amount for placed in orders]
    brought(market.treasurers[0], *((amount, "TRSF") for amount in amounts), (1_234, "BUNGA"))
    assert sure(market.treasurers[0]) == [3, 0, 0]
    assert [state_of(placed) for placed in orders] == ["paid"] * 3
    assert balances() == {"bank": sum(amounts), "held": -sum(amounts)}
    assert [line.state for line in lines_of()] == ["matched"] * 3 + ["open"]
    assert sure(market.treasurers[0]) == [0, 0, 0]


def test_a_large_one_is_seen_by_two(market):
    rules(second_person_rupiah=100_000)
    placed = order((market.batik, 1))
    line = a_line(amount=attempt_of(placed).amount, actor=market.treasurers[0])
    first, second = market.treasurers
    assert sure(first) == [0, 1, 0]
    assert state_of(placed) == "awaiting_payment"
    with pytest.raises(SamePerson):
        match(first, line, placed)
    assert sure(second) == [1, 0, 0]
    attempt = attempt_of(placed)
    assert (attempt.noted_by, attempt.confirmed_by) == (first.person_id, second.person_id)


def test_one_by_hand_and_one_by_the_file_are_two(market):
    rules(second_person_rupiah=100_000)
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    first, second = market.treasurers
    transfers.confirm(actor=first, attempt_id=attempt.id, amount=attempt.amount)
    line = a_line(amount=attempt.amount, actor=second)
    assert match(second, line, placed)
    assert state_of(placed) == "paid"


def test_the_second_treasurer_cannot_take_it_for_another_order(market):
    rules(second_person_rupiah=100_000)
    one, other = order((market.batik, 1)), order((market.batik, 1))
    line = a_line(amount=attempt_of(one).amount, actor=market.treasurers[0])
    assert not match(market.treasurers[0], line, one)
    with pytest.raises(SeenForAnother):
        match(market.treasurers[1], line, other)


def test_money_noted_by_hand_is_not_counted_again(market):
    placed = order((market.tiwul, 1))
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    brought(market.treasurers[0], (attempt.amount, "TRSF"))
    assert sure(market.treasurers[0]) == [1, 0, 0]
    assert balances() == {"bank": attempt.amount, "held": -attempt.amount}
    assert owed(placed) == []


def test_a_second_line_for_one_order_goes_back(market):
    placed = order((market.tiwul, 1))
    amount = attempt_of(placed).amount
    brought(market.treasurers[0], (amount, placed.number), (amount, placed.number))
    first, second = lines_of()
    assert match(market.treasurers[0], first, placed)
    assert match(market.treasurers[0], second, placed)
    assert owed(placed) == [("surplus", amount)]
    assert first.attempt_id != second.attempt_id


def test_too_little_and_its_rest_are_two_lines(market):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    brought(market.treasurers[0], (100_000, placed.number), (attempt.amount - 100_000, "lunas"))
    small, rest = lines_of()
    assert match(market.treasurers[0], small, placed) or True
    assert state_of(placed) == "awaiting_payment"
    assert sure(market.treasurers[0]) == [1, 0, 0]  # The rest is now just what is asked.
    assert state_of(placed) == "paid"
    db.session.refresh(rest)
    assert rest.attempt_id == attempt.id


def test_more_than_asked_pays_and_the_rest_goes_back(market):
    placed = order((market.tiwul, 1))
    line = a_line(amount=placed.total + 10_000, actor=market.treasurers[0], text=placed.number)
    match(market.treasurers[0], line, placed)
    assert (state_of(placed), owed(placed)) == ("paid", [("over", 10_000)])


def test_a_late_one_whose_goods_are_gone_goes_back(market):
    placed = order((market.tiwul, 1))
    attempt = attempt_of(placed)
    endings.cancel(actor=GUEST, order_id=placed.id)
    line = a_line(amount=attempt.amount, actor=market.treasurers[0])
    assert sure(market.treasurers[0]) == [0, 0, 0]  # A person looks at it.
    match(market.treasurers[0], line, placed)
    assert owed(placed) == [("surplus", attempt.amount)]


def test_a_line_from_before_the_order_is_not_for_it(market):
    placed = order((market.tiwul, 1))
    day = clock.today() - timedelta(days=5)
    brought(market.treasurers[0], (attempt_of(placed).amount, placed.number, day))
    (line,) = lines_of()
    assert sure(market.treasurers[0]) == [0, 0, 0]
    with pytest.raises(NotForThat):
        match(market.treasurers[0], line, placed)
    with pytest.raises(NotForThat):
        statement_matching.by_number(db.session(), line, placed.number)


def test_unknown_money_asks_the_treasurers_until_a_reason_is_given(market):
    line = a_line(amount=123_456, actor=market.treasurers[0])
    (task,) = open_tasks("bank.unmatched")
    assert task.link == f"/kas/mutasi/{line.id}"
    with pytest.raises(IllegalMove):
        statement_matching.close(actor=market.treasurers[0], line_id=line.id, reason=" ")
    statement_matching.close(actor=market.treasurers[0], line_id=line.id, reason="bunga bank")
    db.session.refresh(line)
    assert (line.state, line.reason) == ("closed", "bunga bank")
    assert open_tasks("bank.unmatched") == []
    with pytest.raises(IllegalMove):
        match(market.treasurers[0], line, order((market.tiwul, 1)))
    statement_matching.reopen(actor=market.treasurers[0], line_id=line.id)
    db.session.refresh(line)
    assert line.state == "open"


def test_a_matched_line_stays_matched(market):
    placed = order((market.tiwul, 1))
    line = a_line(amount=attempt_of(placed).amount, actor=market.treasurers[0])
    match(market.treasurers[0], line, placed)
    for act in (
        lambda: match(market.treasurers[0], line, placed),
        lambda: statement_matching.close(actor=market.treasurers[0], line_id=line.id, reason="x"),
        lambda: statement_matching.reopen(actor=market.treasurers[0], line_id=line.id),
    ):
        with pytest.raises(IllegalMove):
            act()


# Money that left


def a_sent_refund(market):
    placed = order((market.tiwul, 1))
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    endings.cancel(actor=GUEST, order_id=placed.id)
    refund = db.session.scalars(select(Refund).where(Refund.attempt_id == attempt.id)).one()
    refunds.send(actor=market.treasurers[0], refund_id=refund.id)
    return refund


def test_a_refund_is_seen_leaving_by_the_other_treasurer(market):
    refund = a_sent_refund(market)
    line = a_line(amount=-refund.amount, actor=market.treasurers[0])
    with pytest.raises(SamePerson):
        statement_outgoing.match_outgoing(actor=market.treasurers[0], line_id=line.id)
    statement_outgoing.match_outgoing(actor=market.treasurers[1], line_id=line.id)
    db.session.expire_all()
    assert (refund.state, line.refund_id) == ("done", refund.id)


def test_two_refunds_of_one_amount_are_left_to_a_person(market):
    rules(transfer_code_rupiah_max=0)
    refund, _other = a_sent_refund(market), a_sent_refund(market)
    line = a_line(amount=-refund.amount, actor=market.treasurers[0])
    with pytest.raises(NotForThat):
        statement_outgoing.match_outgoing(actor=market.treasurers[1], line_id=line.id)


def test_money_that_left_for_nothing_we_know_is_left_to_a_person(market):
    line = a_line(amount=-6_500, actor=market.treasurers[0])
    with pytest.raises(NotForThat):
        statement_outgoing.match_outgoing(actor=market.treasurers[0], line_id=line.id)
    assert open_tasks("bank.unmatched") == []


# Every rupiah


LINES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["exact", "total", "half", "more", "few less", "odd"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=7,
)


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(wanted=LINES, presses=st.lists(st.integers(0, 6), max_size=10))
def test_every_rupiah_of_every_line_ends_in_one_place(market, wanted, presses):
    buyer = Actor(a_maker("x").id)
    orders = [order((market.tiwul, 1), (market.batik, n), actor=buyer) for n in (1, 1, 2)]
    mark = uuid4().hex[:8]  # Of this example: the same file again would bring nothing.
    before, seen = balances().get("bank", 0), {line.id for line in lines_of()}
    brought(
        market.treasurers[0],
        *((_amount(orders[n], kind), f"{orders[n].number if is_named else ''} {mark} {i}")
          for i, (n, kind, is_named) in enumerate(wanted)),
    )  # fmt: skip
    sure(market.treasurers[0])
    lines = [line for line in lines_of() if line.id not in seen]
    for press in presses:
        line = lines[press % len(lines)]
        db.session.refresh(line)
        if line.state == "open":
            match(market.treasurers[0], line, orders[press % 3])
    run_jobs()
    is_well()
    db.session.expire_all()
    brought_in = sum(line.amount for line in lines if line.state == "matched")
    assert balances().get("bank", 0) - before == brought_in
    holders = [line.attempt_id for line in lines if line.attempt_id]
    assert len(holders) == len(set(holders))
    for line in lines:
        if line.state == "matched":
            held = db.session.get(Attempt, line.attempt_id)
            assert held.state in ("captured", "part", "joined", "surplus")
            assert held.reached - held.joined == line.amount
    for placed in orders:  # Free the goods for the next example.
        if state_of(placed) in ("awaiting_payment", "paid"):
            endings.cancel(actor=GUEST, order_id=placed.id)
    for line in lines:
        if line.state == "open":
            statement_matching.close(actor=market.treasurers[0], line_id=line.id, reason="sisa")


def _amount(placed, kind):
    asked = attempt_of(placed).amount
    return {
        "exact": asked, "total": placed.total, "half": asked // 2, "more": asked + 5_000,
        "few less": asked - 40, "odd": 7_777,
    }[kind]  # fmt: skip
