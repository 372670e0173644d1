"""Reports against the books: what agrees is booked once, what differs asks a treasurer."""

from datetime import timedelta

import pytest
import time_machine

from cooperatives import ledger
from cooperatives.accounts import own
from cooperatives.models.books import Kind
from core import clock
from core.actors import GUEST, SYSTEM
from core.db import db
from core.errors import NotFound
from core.tasks import Task
from orders import asking, endings, money_pages, opening
from orders.models import Refund
from orders.reports import differences, intake, missing, standing
from orders.reports.differences import Said
from tests.orders.factories import attempt_of, order, rules, run_jobs
from tests.orders.reports.writing import (
    line,
    lines,
    m_paid,
    m_row,
    midtrans,
    paid,
    s_paid,
    s_row,
    stripe,
    upload,
)

pytestmark = pytest.mark.service


def on_page(shop, gateway="midtrans"):
    return ledger.balance(db.session(), money_pages.clearing(shop.house, gateway))


def stands(kind, organisation_id, label=""):
    return ledger.balance(db.session(), own(kind, organisation_id, label))


def open_tasks(kind="report.explain"):
    return db.session.query(Task).filter_by(kind=kind, closed_at=None).all()


def test_a_month_ends_at_zero(shop, gateway):
    first, second = paid(shop, gateway), paid(shop, gateway, (shop.batik, 1))
    total = first.reached + second.reached
    upload(
        shop,
        midtrans(
            m_paid(first, 500),
            m_paid(second, 1_500),
            m_row("payout", -(total - 2_000), theirs="wd-1"),
        ),
    )
    assert {one.state for one in lines()} == {"ok"}
    assert on_page(shop) == 0
    assert stands(Kind.BANK, shop.house, "utama") == total - 2_000
    assert stands(Kind.GATEWAY_FEE, shop.house) == 2_000
    assert standing.reported(db.session(), "midtrans") == 0


def test_the_same_file_twice_is_one_and_overlapping_files_change_nothing(shop, gateway):
    first, second = paid(shop, gateway), paid(shop, gateway)
    one = midtrans(m_paid(first, 500))
    assert upload(shop, one) == upload(shop, one, who=1)
    both = upload(shop, midtrans(m_paid(first, 500), m_paid(second, 500)))
    report = standing.get_report(db.session(), shop.treasurers[0], both).GatewayReport
    assert (report.line_count, report.known_count) == (1, 1)
    assert on_page(shop) == first.reached + second.reached - 1_000


def test_a_line_that_says_otherwise_than_before_is_told(shop, gateway):
    first = paid(shop, gateway)
    upload(shop, midtrans(m_paid(first, 500)))
    again = upload(shop, midtrans(m_paid(first, 700), m_row("fee", 0, 900, theirs="fee-1")))
    report = standing.get_report(db.session(), shop.treasurers[0], again).GatewayReport
    assert [flaw["sentence"] for flaw in report.flaws] == [
        f"{first.paid_as} dulu dilaporkan dengan angka lain."
    ]
    assert on_page(shop) == first.reached - 500 - 900


def test_another_amount_asks_and_is_closed_by_two(shop, gateway):
    first = paid(shop, gateway)
    row = m_row("settlement", first.reached + 100, 500, key=first.gateway_key)
    upload(shop, midtrans(row))
    found = line()
    assert (found.state, found.flaw, found.difference) == ("differs", "amount", 100)
    assert on_page(shop) == first.reached
    (task,) = open_tasks()
    assert task.link == f"/kas/cocokkan/selisih/{found.id}"
    rini, wati = shop.treasurers
    said = Said("Gateway membulatkan ke atas", changes_money=True)
    assert not differences.explain(actor=rini, line_id=found.id, said=said)
    assert (open_tasks(), len(open_tasks("report.see_too"))) == ([], 1)
    with pytest.raises(differences.SamePerson):
        differences.agree(actor=rini, line_id=found.id)
    differences.agree(actor=wati, line_id=found.id)
    assert open_tasks("report.see_too") == []
    assert on_page(shop) == first.reached + 100 - 500
    assert stands(Kind.OVER_SHORT, shop.house, "midtrans") == -100
    assert line().state == "closed"


def test_an_explanation_without_money_is_closed_by_one(shop, gateway):
    upload(shop, midtrans(m_row("settlement", 5_000, key="ORANG-LAIN-1")))
    assert (line().state, line().flaw) == ("unknown", "no_key")
    with pytest.raises(differences.NoReason):
        differences.explain(
            actor=shop.treasurers[0], line_id=line().id, said=Said(" x ", changes_money=False)
        )
    said = Said("Uji coba dari dasbor", changes_money=False)
    assert differences.explain(actor=shop.treasurers[0], line_id=line().id, said=said)
    assert (line().state, line().reason, open_tasks()) == ("closed", said.reason, [])
    assert on_page(shop) == 0


def test_one_may_disagree_and_it_is_open_again(shop, gateway):
    upload(shop, midtrans(m_row("adjustment", -5_000)))
    rini, wati = shop.treasurers
    said = Said("Potongan yang belum jelas", changes_money=True)
    differences.explain(actor=rini, line_id=line().id, said=said)
    differences.disagree(actor=wati, line_id=line().id)
    assert (line().state, line().noted_by, len(open_tasks())) == ("differs", None, 1)
    assert on_page(shop) == 0


def test_money_that_comes_later_mends_what_was_not_here(shop, gateway):
    placed = order((shop.tiwul, 1), method="qris")
    attempt = attempt_of(placed)
    upload(shop, midtrans(m_row("settlement", attempt.amount, 300, key=attempt.gateway_key)))
    assert line().flaw == "not_here"
    with pytest.raises(differences.NotToBook):
        differences.explain(
            actor=shop.treasurers[0],
            line_id=line().id,
            said=Said("Sudah terlihat di sana", changes_money=True),
        )
    opening.open_payment(actor=GUEST, order_id=placed.id)
    gateway.pays(attempt)
    asking.learn(actor=SYSTEM, attempt_id=attempt.id)
    run_jobs()
    missing.mind_reports.run()
    assert (line().state, open_tasks()) == ("ok", [])
    assert on_page(shop) == attempt.amount - 300


def test_a_refund_is_found_by_its_name_and_its_size(shop, gateway):
    first, second = paid(shop, gateway), paid(shop, gateway)
    for attempt in (first, second):
        endings.cancel(actor=GUEST, order_id=attempt.order_id)
    run_jobs()
    refund = db.session.query(Refund).filter_by(attempt_id=first.id).one()
    upload(
        shop,
        midtrans(
            m_paid(first),
            m_paid(second),
            m_row(
                "refund",
                -first.reached,
                key=first.gateway_key,
                theirs=first.paid_as,
                **{"Refund key": str(refund.id)},
            ),
            m_row("refund", -second.reached, key=second.gateway_key),
            m_row("refund", -700, key=second.gateway_key),
        ),
    )
    assert [one.flaw for one in lines(kind="refund")] == ["", "", "not_here"]
    assert (on_page(shop), standing.reported(db.session(), "midtrans")) == (0, 0)


def test_a_second_line_for_one_payment_books_nothing(shop, gateway):
    first = paid(shop, gateway)
    upload(
        shop,
        midtrans(
            m_paid(first, 500), m_row("settlement", first.reached, 500, key=first.gateway_key)
        ),
    )
    assert [one.flaw for one in lines()] == ["", "twice"]
    twice = lines()[1]
    said = Said("Dibayar dua kali di sana", changes_money=True)
    differences.explain(actor=shop.treasurers[0], line_id=twice.id, said=said)
    differences.agree(actor=shop.treasurers[1], line_id=twice.id)
    assert on_page(shop) == 2 * first.reached - 1_000
    assert stands(Kind.GATEWAY_FEE, shop.house) == 1_000


def test_a_large_payout_is_seen_by_two(shop, gateway):
    rules(second_person_rupiah=10_000)
    first = paid(shop, gateway)
    upload(shop, midtrans(m_paid(first), m_row("payout", -first.reached, theirs="wd-9")))
    payout = line(kind="payout")
    assert (payout.state, payout.flaw) == ("noted", "large")
    assert payout.noted_by == shop.treasurers[0].person_id
    assert on_page(shop) == first.reached
    with pytest.raises(differences.SamePerson):
        differences.agree(actor=shop.treasurers[0], line_id=payout.id)
    differences.agree(actor=shop.treasurers[1], line_id=payout.id)
    assert on_page(shop) == 0


def test_a_payout_nobody_saw_stays_open(shop, gateway):
    rules(second_person_rupiah=10_000)
    first = paid(shop, gateway)
    upload(shop, midtrans(m_paid(first), m_row("payout", -first.reached, theirs="wd-9")))
    differences.disagree(actor=shop.treasurers[1], line_id=line(kind="payout").id)
    missing.mind_reports.run()
    found = line(kind="payout")
    assert (found.state, found.flaw, on_page(shop)) == ("differs", "not_seen", first.reached)


def test_rupiah_of_stripe_at_another_rate_is_an_exchange_difference(shop, gateway):
    attempt = paid(shop, gateway, method="card", presented=(350, "USD"))
    report = stripe(
        s_paid(attempt, f"{attempt.reached + 250}.00", "900.00", currency="idr"),
    )
    upload(shop, report)
    assert [(one.kind, one.state) for one in lines()] == [("charge", "ok"), ("payout", "ok")]
    assert stands(Kind.EXCHANGE, shop.house, "stripe") == -250
    assert stands(Kind.BANK, shop.house, "utama") == attempt.reached + 250 - 900
    assert on_page(shop, "stripe") == 0


def test_foreign_money_is_rupiah_when_it_reaches_the_bank(shop, gateway):
    one = paid(shop, gateway, method="card", presented=(350, "SGD"))
    two = paid(shop, gateway, (shop.batik, 1), method="card", presented=(1_700, "SGD"))
    upload(
        shop,
        stripe(
            s_paid(one, "3.50", "0.62"),
            s_paid(two, "17.00", "1.08"),
            s_row("fee", "-0.40", "0.00"),
        ),
    )
    payout = line(kind="payout")
    assert (payout.flaw, payout.gross) == ("no_rupiah", -1_840)
    rini, wati = shop.treasurers
    with pytest.raises(differences.NoRupiah):
        differences.explain(
            actor=rini, line_id=payout.id, said=Said("Masuk ke rekening", changes_money=True)
        )
    said = Said("Masuk ke rekening", changes_money=True, rupiah=200_000)
    differences.explain(actor=rini, line_id=payout.id, said=said)
    differences.agree(actor=wati, line_id=payout.id)
    fees = stands(Kind.GATEWAY_FEE, shop.house)
    assert stands(Kind.BANK, shop.house, "utama") == 200_000
    assert stands(Kind.EXCHANGE, shop.house, "stripe") == one.reached + two.reached - fees - 200_000
    assert on_page(shop, "stripe") == 0


def test_what_the_buyer_saw_must_be_what_she_was_asked(shop, gateway):
    attempt = paid(shop, gateway, method="card", presented=(350, "USD"))
    row = {**s_paid(attempt, "4.70"), "customer_facing_amount": "3.49"}
    upload(shop, stripe(row))
    assert line(kind="charge").flaw == "amount"


def test_no_other_treasurer_may_upload(shop):
    found = intake.read(midtrans(m_row("settlement", 1_000, key="A-1")))
    with pytest.raises(NotFound):
        intake.take_in(actor=shop.sells, found=found)


def test_a_long_report_is_kept_whole(shop):
    rows = [m_row("settlement", 1_000, key=f"LAIN-{number}") for number in range(3_200)]
    intake.take_in(actor=shop.treasurers[0], found=intake.read(midtrans(*rows)))
    assert len(lines(state="new")) == 3_200
    db.session.rollback()


def test_a_large_payment_that_was_missing_is_found_when_two_have_seen_it(shop, gateway):
    first = paid(shop, gateway)
    with time_machine.travel(clock.now() + timedelta(days=9), tick=False):
        today = {"Transaction time": f"{clock.today()} 08:00", "Settlement time": ""}
        upload(shop, midtrans(m_row("fee", 0, 100, **today)))
        missing.mind_reports.run()
        assert line(kind="missing").state == "differs"
        rules(second_person_rupiah=400)
        upload(shop, midtrans(m_paid(first, 500)))
        assert line(kind="charge").flaw == "large"
        differences.agree(actor=shop.treasurers[1], line_id=line(kind="charge").id)
        assert line(kind="missing").reason == "reported"
