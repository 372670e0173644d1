"""Her notebook: whatever happens, its sums are what the books say, and it is hers alone."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cooperatives import ledger, notebook, notebook_sums, notebook_words, payouts, postings
from cooperatives.accounts import Owner, Page
from cooperatives.carrying import nightly
from cooperatives.consignment import DEFAULT_RATES
from cooperatives.models.books import Kind
from cooperatives.notebook import first_of
from cooperatives.sharing import split_line
from core.db import db
from tests.cooperatives.books_factories import (
    COUNTER,
    WEB,
    a_treasurer,
    bank,
    book,
    clearing,
    closed,
    earned_sale,
    house_id,
    maker_page,
    numbers,
    owed_without_an_order,
    paid_sale,
    parties,
    sent_payout,
    somebody,
    stands,
)
from tests.cooperatives.factories import a_cooperative

pytestmark = pytest.mark.service
BEGIN = datetime(2026, 8, 30, 16, 0, tzinfo=UTC)  # One hour before a month ends in Wonosobo.
HOURS = st.integers(0, 24 * 40)
DEEDS = st.lists(
    st.tuples(st.sampled_from(["home", "kiosk", "back", "fee", "pay", "night"]), HOURS,
              st.integers(1_000, 90_000)),
    max_size=9,
)  # fmt: skip


def a_kitchen():
    """Two makers of one cooperative, who also sell at a kiosk, and its treasurers."""
    cooperative_id = a_cooperative().id
    kiosk = {"kiosk": (cooperative_id, "terminal")}
    makers = [Owner(person_id=somebody()) for _ in range(2)]
    return SimpleNamespace(
        makers=makers,
        home=[parties(maker, cooperative_id) for maker in makers],
        kiosk=[parties(maker, cooperative_id, **kiosk) for maker in makers],
        treasurers=[a_treasurer(cooperative_id) for _ in range(2)],
    )


def sell_at_home(kitchen, amount):
    """One maker sends a parcel and has paid the courier; somebody is thanked for bringing them."""
    courier = Page(Kind.COURIER, house_id(), kitchen.makers[0])
    sharing = parties(
        kitchen.makers[0], kitchen.home[0].cooperative_id, affiliate=kitchen.makers[1]
    )
    shares = split_line(amount, replace(WEB, affiliate_bp=300), is_invited=True)
    book(
        step=postings.earned,
        sale=paid_sale(amount + 9_000),
        parcel_id=next(numbers),
        shared=[(sharing, shares)],
        delivery=(courier, 9_000),
    )


def sell_at_kiosk(kitchen, amount):
    """A parcel of the kiosk with goods of both, one of them in two lines."""
    first, second = kitchen.kiosk
    earned_sale((first, amount), (second, amount // 3 + 1), (first, 700), rate=COUNTER)


def give_back(kitchen, amount):
    """Everybody gives back her part of what was earned."""
    shares = split_line(amount, WEB)
    sale = earned_sale((kitchen.home[1], amount))
    book(
        step=postings.refunded,
        sale=sale,
        refund_id=next(numbers),
        amount=amount,
        given_back=kitchen.home[1].lines(shares),
    )


def charge(kitchen, amount):
    """The gateway's fee is hers by the terms."""
    bearer = (kitchen.home[0].fee_page("maker"), amount // 100 + 1)
    doc = ("attempt", next(numbers))
    book(step=postings.gateway_fee, doc=doc, money=clearing(), bearers=[bearer])


def pay_out(kitchen, amount):
    """What she has is paid to her; where she has nothing, nothing happens."""
    first, second = kitchen.treasurers
    if owed := closed(kitchen.home[amount % 2], first):
        payout = sent_payout(owed, first, second)
        payouts.confirm(actor=first, payout_id=payout.id)
        if amount % 3 == 0:
            payouts.bring_back(actor=first, payout_id=payout.id, reason="rekening ditutup")


PLAY = {
    "home": sell_at_home,
    "kiosk": sell_at_kiosk,
    "back": give_back,
    "fee": charge,
    "pay": pay_out,
    "night": lambda _kitchen, _amount: nightly.carry_forward.run(),
}


def in_the_books(person_id):
    """What stands for her, added up from her pages one by one."""
    pages = db.session.execute(
        db.text(
            "select coalesce(-sum(e.amount), 0) from entry e join account a on a.id = e.account_id"
            " join payee p on p.id = a.payee_id where p.person_id = :id"
        ),
        {"id": person_id},
    )
    return int(pages.scalar())


def months():
    day = date(2026, 8, 1)
    while day < date(2026, 12, 1):
        after = (day + timedelta(days=31)).replace(day=1)
        yield first_of(day), first_of(after)
        day = after


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_whatever_happens_the_notebook_adds_up_to_the_books(session, deeds):
    for table in ("carried", "carried_page", "book_mark"):  # The examples go back in time.
        session.execute(db.text(f"delete from {table}"))
    kitchen = a_kitchen()
    for what, hours, amount in sorted(deeds, key=lambda deed: deed[1]):
        with time_machine.travel(BEGIN + timedelta(hours=hours), tick=False):
            PLAY[what](kitchen, amount)
    for maker in kitchen.makers:
        owed, left = in_the_books(maker.person_id), 0
        for since, until in months():
            lines, more = notebook.list_lines(session, maker.person_id, since, until)
            sums = notebook_sums.sums(session, maker.person_id, since, until)
            assert not more
            assert sums.before == left
            assert sums.after == left + sum(line.amount for line in lines)
            assert sums.kept == sum(amount for _words, amount in notebook_words.parts(sums))
            for line in lines:
                left += line.amount
                assert line.stands == left
                told = sum(amount for _words, amount in notebook_words.parts(line))
                assert line.kind != "earned" or told == line.amount
        assert left == owed == notebook.stands(session, maker.person_id)
        assert notebook_sums.unpaid(session, maker.person_id).after == owed


def test_each_maker_of_one_parcel_is_told_her_own_cuts(session):
    kitchen = a_kitchen()
    earned_sale((kitchen.kiosk[0], 40_000), (kitchen.kiosk[1], 10_000), rate=COUNTER)
    for maker, gross in zip(kitchen.makers, (40_000, 10_000), strict=True):
        (line,), _more = notebook.list_lines(session, maker.person_id, *_always())
        shares = split_line(gross, DEFAULT_RATES["counter", "kiosk"])
        assert (line.goods, line.amount) == (gross, shares.maker)
        assert (line.cooperative, line.kiosk, line.operator) == (
            shares.cooperative,
            shares.kiosk,
            shares.operator,
        )


def _always():
    return datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def test_pages_of_a_long_month_carry_on_where_the_last_ended(session, monkeypatch):
    kitchen = a_kitchen()
    for _ in range(5):
        earned_sale((kitchen.home[0], 10_000))
    monkeypatch.setattr(notebook, "LINES_MAX", 2)
    person_id, seen = kitchen.makers[0].person_id, []
    for page, is_more in ((1, True), (2, True), (3, False)):
        lines, more = notebook.list_lines(session, person_id, *_always(), page=page)
        assert more is is_more
        seen += lines
    assert [line.stands for line in seen] == [9_300, 18_600, 27_900, 37_200, 46_500]
    assert -stands(maker_page(kitchen.home[0])) == 46_500


def test_a_fact_booked_twice_has_its_cuts_once(session):
    kitchen = a_kitchen()
    sale, parcel_id = paid_sale(10_000), next(numbers)
    shared = [(kitchen.home[0], split_line(10_000, WEB))]
    for _ in range(2):
        book(step=postings.earned, sale=sale, parcel_id=parcel_id, shared=shared)
    (line,), _more = notebook.list_lines(session, kitchen.makers[0].person_id, *_always())
    assert (line.goods, line.cooperative, line.operator) == (10_000, 500, 200)


def test_the_week_is_a_short_text(session):
    kitchen = a_kitchen()
    sell_at_home(kitchen, 90_000)
    sums = notebook_sums.sums(session, kitchen.makers[0].person_id, *_always())
    day = date(2026, 11, 23)
    text = notebook_words.weekly(sums, day, "Bu Nur", 12_000, "Senin, 30 November 2026")
    assert "Potongan koperasi: −Rp\xa04.500" in text
    assert "Belum dibayarkan: Rp\xa090.000" in text
    assert len(text) <= notebook_words.TEXT_MAX


@pytest.mark.parametrize("language", ["id", "en"])
def test_even_the_fullest_week_fits_into_one_message(app, language):
    widest = notebook_sums.Sums(*[-(10**9)] * len(fields(notebook_sums.Sums)))
    with app.test_request_context(), force_locale(language):
        full = notebook_words.weekly(
            widest, date(2026, 9, 21), "B" * 60, 10**9, "Wednesday, 30 September 2026"
        )
    assert len(full) <= notebook_words.TEXT_MAX


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("advance_share", "Cicilan pinjaman bahan"),
        ("surplus", "Sisa hasil usaha"),
        ("bazaar_cost", "Biaya bersama bazar"),
        ("missing_borne", "Ganti barang hilang"),
        ("reversal", "Pembetulan catatan"),
    ],
)
def test_each_kind_of_money_has_a_word_of_its_own(session, kind, heading):
    maker = parties()
    owed_without_an_order(maker, 5_000, kind=kind)
    sums = notebook_sums.sums(session, maker.maker.person_id, *_always())
    assert [(str(words), amount) for words, amount in notebook_words.parts(sums)] == [
        (heading, 5_000)
    ]
    assert sums.after == 5_000


def test_what_is_not_hers_is_not_there(session):
    kitchen = a_kitchen()
    earned_sale((kitchen.home[0], 10_000))
    (line,), _more = notebook.list_lines(session, kitchen.makers[0].person_id, *_always())
    assert notebook.get_line(session, kitchen.makers[0].person_id, line.journal_id).goods == 10_000
    with pytest.raises(notebook.NotFound):
        notebook.get_line(session, kitchen.makers[1].person_id, line.journal_id)
    assert ledger.balance(session, bank()) == 0
