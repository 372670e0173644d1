"""Reading what gateways write: recognised by its columns, in our words, told where it cannot be."""

from datetime import date

import pytest

from core.sheet_cells import Unreadable
from orders.gateways import Presented
from orders.reports import intake
from orders.reports.told import minor
from tests.orders.reports.writing import m_row, midtrans, s_row, stripe, written

BALANCE = (
    "balance_transaction_id", "created_utc", "available_on_utc", "currency", "gross", "fee", "net",
    "reporting_category", "source_id", "description", "customer_facing_amount",
    "customer_facing_currency", "customer_email", "charge_id", "payment_intent_id",
)  # fmt: skip
PAYOUTS = (
    "payout_id", "effective_at_utc", "balance_transaction_id", "currency", "gross", "fee", "net",
    "reporting_category", "payout_status",
)  # fmt: skip


def test_midtrans_in_our_words():
    found = intake.read(
        midtrans(
            m_row("settlement", 25_000, 300, key="LMB-1-1", theirs="t-1"),
            m_row("partial_refund", -9_000, key="LMB-1-1", theirs="t-1", **{"Refund key": "r-1"}),
            m_row("chargeback", -16_000, key="LMB-1-1", theirs="t-1"),
            m_row("payout", -24_700, theirs="wd-1"),
            m_row("fee", 0, 900, theirs="f-1"),
            m_row("pending", 25_000),
            m_row("expire", 25_000),
        )
    )
    assert (found.report.gateway, found.flaws) == ("midtrans", [])
    told = [(row.kind, row.theirs, row.gross, row.fee, row.net) for row in found.rows]
    assert told == [
        ("charge", "t-1", 25_000, 300, 24_700),
        ("refund", "t-1:r-1", -9_000, 0, -9_000),
        ("chargeback", "t-1:20261120T230000:16000", -16_000, 0, -16_000),
        ("payout", "wd-1", -24_700, 0, -24_700),
        ("fee", "f-1", 0, 900, -900),
    ]
    assert found.rows[0].day == date(2026, 11, 20)


def test_an_export_without_a_status_goes_by_the_sign():
    header = ("Order ID", "Transaction ID", "Transaction time", "Payment Type", "Amount", "Fee")
    rows = [
        dict(
            zip(header, ("A-1", "t-1", "20 Nov 2026 10:00", "qris", "25.000", "300"), strict=True)
        ),
        dict(zip(header, ("A-1", "t-2", "20 Nov 2026 11:00", "qris", "-5.000", "0"), strict=True)),
        dict(zip(header, ("", "w-1", "20 Nov 2026 12:00", "payout", "19.700", "0"), strict=True)),
    ]
    kinds = [(row.kind, row.net) for row in intake.read(written(header, rows)).rows]
    assert kinds == [("charge", 24_700), ("refund", -5_000), ("payout", -19_700)]


def test_a_payout_is_all_that_stripe_says_it_was_made_of():
    found = intake.read(
        stripe(
            s_row("charge", "32.05", "1.40", payout="po_1", customer_facing_amount="24.00"),
            s_row("charge", "10.00", "0.80", payout="po_2"),
            s_row("refund", "-2.05", payout="po_1"),
            s_row("fee", "-0.40", payout="po_2"),
        )
    )
    payouts = {row.theirs: row.gross for row in found.rows if row.kind == "payout"}
    assert payouts == {"po_1": -2_860, "po_2": -880}
    assert [(row.gross, row.fee) for row in found.rows if row.kind == "fee"] == [(0, 40)]


def test_the_balance_of_stripe_and_its_list_of_payouts_name_one_payout_alike():
    charge = {
        "balance_transaction_id": "txn_1",
        "created_utc": "2026-11-20 18:30:00",
        "currency": "sgd",
        "gross": "32.05",
        "fee": "1.40",
        "net": "30.65",
        "reporting_category": "charge",
        "source_id": "ch_1",
        "customer_facing_amount": "24.00",
        "customer_facing_currency": "usd",
        "customer_email": "siti@contoh.example",
        "payment_intent_id": "pi_1",
    }
    (row,) = intake.read(written(BALANCE, [charge])).rows
    assert (row.payment, row.presented) == ("pi_1", Presented(2_400, "USD"))
    assert row.day == date(2026, 11, 21)  # Half past one at night in Wonosobo.
    assert "siti" not in repr(row)
    payout = {
        "payout_id": "po_1",
        "effective_at_utc": "2026-11-22 00:00:00",
        "balance_transaction_id": "txn_9",
        "currency": "sgd",
        "gross": "-30.65",
        "fee": "0.00",
        "net": "-30.65",
        "reporting_category": "payout",
    }
    (row,) = intake.read(written(PAYOUTS, [payout])).rows
    assert (row.kind, row.theirs, row.gross) == ("payout", "po_1", -3_065)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"Amount": ""}, "Ada kolom yang kosong"),
        ({"Fee": "0,5"}, "punya sen"),
        ({"Transaction time": "kemarin"}, "Tanggalnya tidak terbaca"),
        ({"Net Amount": "24000"}, "tidak cocok"),
        ({"Transaction status": "hadiah"}, "belum kami kenal: hadiah"),
        ({"Transaction ID": "x" * 121}, "Nomor transaksinya tidak terbaca"),
    ],
)
def test_a_row_that_cannot_be_read_is_told(changes, says):
    good = m_row("settlement", 25_000, 300)
    found = intake.read(midtrans(good, {**m_row("settlement", 25_000, 300), **changes}))
    assert len(found.rows) == 1
    (flaw,) = found.flaws
    assert flaw.line == 3
    assert says in str(flaw.sentence)


@pytest.mark.parametrize(
    "changes",
    [
        {"net": "30.64"},
        {"gross": "32.055"},
        {"currency": "zzz"},
        {"reporting_category": "climate_order_purchase"},
        {"created_utc": "20/11/2026"},
        {"gross": "1e3"},
    ],
)
def test_a_row_of_stripe_that_cannot_be_read_is_told(changes):
    good = s_row("charge", "32.05", "1.40")
    found = intake.read(stripe(good, {**s_row("charge", "32.05", "1.40"), **changes}))
    assert [row.kind for row in found.rows] == ["charge", "payout"]
    assert len(found.flaws) == 1


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("32.05", "USD", 3_205),
        ("-0.40", "SGD", -40),
        ("55000.00", "IDR", 55_000),
        ("12.345", "KWD", 12_345),
        ("500", "JPY", 500),
        ("0,4", "EUR", 40),
    ],
)
def test_amounts_as_machines_write_them(text, currency, amount):
    assert minor(text, currency) == amount


@pytest.mark.parametrize("text", ["", "1.234,00", "Rp 5", "5.5", "١٢", "1e3", "9" * 14])
def test_what_is_no_amount_of_a_machine_is_refused(text):
    with pytest.raises(Unreadable):
        minor(text, "IDR")


def test_two_refunds_of_one_transaction_are_two_and_one_number_twice_is_told():
    found = intake.read(
        midtrans(
            m_row("partial_refund", -9_000, key="A-1", theirs="t-1"),
            m_row("partial_refund", -4_000, key="A-1", theirs="t-1"),
            m_row("settlement", 25_000, key="A-1", theirs="t-1"),
            m_row("settlement", 25_000, key="A-1", theirs="t-1"),
            m_row("settlement", 26_000, key="A-1", theirs="t-1"),
        )
    )
    assert len({row.theirs for row in found.rows if row.kind == "refund"}) == 2
    assert [flaw.line for flaw in found.flaws] == [6]
