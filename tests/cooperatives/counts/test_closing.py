"""A count of a shelf, from the frozen point to who answers for the rest."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cooperatives import consignment, ledger, places, promises_books, promises_stock
from cooperatives.accounts import own
from cooperatives.consignment import DEFAULT_RATES, TooSoon
from cooperatives.counts import bearing, closing, contesting, counting, promises
from cooperatives.counts.closing import (
    Changed,
    CountEnded,
    NobodyCounted,
    NotDecided,
    SecondPerson,
)
from cooperatives.counts.contesting import NotHersToDecide, SaysNothing, TooLate
from cooperatives.counts.count_news import CONTESTED, VERIFY
from cooperatives.counts.counting import NothingThere
from cooperatives.counts.sums import State
from cooperatives.goods import PlaceClosed
from cooperatives.lot_codes import code_of
from cooperatives.models import Movement, StockCount, StockCountLine, Terms, TermsRate
from cooperatives.models.books import Kind
from cooperatives.receiving.asked import WrongBoxes
from core import clock, tasks
from core.actors import SYSTEM
from core.db import db
from core.errors import NotFound
from core.notices import Notice
from sellers.models import Listing
from sellers.rights import SELL
from tests.cooperatives.counts.factories import (
    a_coordinator,
    a_keeper,
    decide,
    opened,
    post,
    posted_short,
    rows,
    sold,
    write,
)
from tests.cooperatives.factories import (
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    broken,
    level,
    limits,
    saved,
)
from tests.factories import an_actor, give

pytestmark = pytest.mark.service


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def keeper(kiosk):
    return a_keeper(kiosk)


@pytest.fixture
def lot(kiosk):
    return a_lot(a_variant(), kiosk, 10)


@pytest.fixture(autouse=True)
def always_true(session):
    yield
    assert broken([*promises.ALL, *promises_stock.ALL, *promises_books.ALL]) == set()


def her_money(lot, kiosk):
    (row,) = rows(lot_count(lot)).values()
    return -ledger.balance(db.session, bearing.owner_page(db.session, row))


def lot_count(lot):
    line = select(StockCountLine.count_id).where(StockCountLine.lot_id == lot.id)
    return db.session.scalars(line).first()


def test_a_count_posted_while_sales_run_loses_none(kiosk, keeper, lot):  # Case A12.
    count_id = opened(kiosk, keeper)
    sold(lot, kiosk, 2)
    write(count_id, keeper, numbers={lot: 7})  # Of 8 that should stand there.
    sold(lot, kiosk, 3)
    assert rows(count_id)[lot.id].verdict().state is State.MOVED
    decide(count_id, keeper, choices={lot: "apply"}, reasons={lot: "lost"})
    sold(lot, kiosk)  # And on, while she decides.
    (movement,) = post(count_id, keeper)
    assert (movement.quantity, movement.reason) == (1, "lost")
    assert level(lot, kiosk)[0] == 10 - 6 - 1


def test_keep_mine_says_that_her_number_is_the_newest(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 9})
    sold(lot, kiosk)
    decide(count_id, keeper, choices={lot: "keep"})
    sold(lot, kiosk)
    assert post(count_id, keeper) == []
    assert level(lot, kiosk)[0] == 8


def test_recount_forgets_what_was_written(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 3})
    decide(count_id, keeper, choices={lot: "recount"})
    assert rows(count_id)[lot.id].verdict().state is State.UNCOUNTED
    with pytest.raises(NobodyCounted):
        post(count_id, keeper)


def test_a_line_that_moved_wants_a_choice_and_a_difference_a_reason(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 9})
    with pytest.raises(NotDecided):
        post(count_id, keeper)
    decide(count_id, keeper, reasons={lot: "lost"})
    sold(lot, kiosk)
    with pytest.raises(NotDecided):
        post(count_id, keeper)
    decide(count_id, keeper, choices={lot: "apply"})
    post(count_id, keeper)


def test_not_counted_is_neither_zero_nor_same(kiosk, keeper, lot):
    other = a_lot(a_variant(), kiosk, 5)
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 10})
    post(count_id, keeper)
    assert rows(count_id)[other.id].line.difference is None
    assert rows(count_id)[lot.id].line.difference == 0
    assert level(other, kiosk)[0] == 5


def test_two_phones_never_overwrite_each_other(kiosk, keeper, lot):
    second, count_id = a_keeper(kiosk), opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 10})
    write(count_id, second, numbers={lot: 8})
    assert [one.quantity for one in rows(count_id)[lot.id].told] == [10, 8]
    with pytest.raises(NotDecided):
        post(count_id, keeper)
    write(count_id, second, numbers={lot: 10})
    assert post(count_id, keeper) == []


def test_her_last_word_stands_in_whatever_order_it_arrives(kiosk, keeper, lot):
    count_id, now = opened(kiosk, keeper), clock.now()
    write(count_id, keeper, numbers={lot: 9}, at=now)
    write(count_id, keeper, numbers={lot: 4}, at=now - timedelta(minutes=3))
    assert rows(count_id)[lot.id].of(keeper.person_id) == 9


def test_an_act_sent_ten_times_is_one_number(kiosk, keeper, lot):
    count_id, act_id = opened(kiosk, keeper), uuid.uuid4()
    said = {str(write(count_id, keeper, act_id=act_id, numbers={lot: 9})) for _ in range(10)}
    assert said == {"{'sentence': 'Tersimpan.'}"}


def test_a_number_that_comes_after_the_end_is_kept_as_late(kiosk, keeper, lot):
    count_id, then = opened(kiosk, keeper), clock.now()
    write(count_id, keeper, numbers={lot: 10})
    post(count_id, keeper)
    second = a_keeper(kiosk)
    said = write(count_id, second, numbers={lot: 6}, at=then)["sentence"]
    assert "terlambat" in said
    row = rows(count_id)[lot.id]
    assert [(one.quantity, one.at) for one in row.late] == [(6, then)]
    assert level(lot, kiosk)[0] == 10


def test_a_sale_that_comes_in_after_the_end_is_shown(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper)
    then = clock.now()
    write(count_id, keeper, numbers={lot: 9})
    decide(count_id, keeper, reasons={lot: "lost"})
    post(count_id, keeper)
    sold(lot, kiosk, at=then)
    count = db.session.get(StockCount, count_id)
    assert rows(count_id)[lot.id].late_units(count) == -1
    sold(lot, kiosk)
    assert rows(count_id)[lot.id].late_units(count) == -1


def test_two_counts_of_one_shelf_do_not_take_it_twice(kiosk, keeper, lot):
    first, second = opened(kiosk, keeper), opened(kiosk, keeper)
    for count_id in (first, second):
        write(count_id, keeper, numbers={lot: 9})
        decide(count_id, keeper, reasons={lot: "lost"})
    post(first, keeper)
    post(second, keeper)
    assert level(lot, kiosk)[0] == 9


def test_above_the_limit_counter_and_verifier_are_two_people(kiosk, keeper, lot, monkeypatch):
    limits(monkeypatch, count_alone_max=14_999)
    count_id, second = opened(kiosk, keeper), a_coordinator(kiosk)
    write(count_id, keeper, numbers={lot: 9})
    decide(count_id, keeper, reasons={lot: "lost"})
    with pytest.raises(SecondPerson):
        post(count_id, keeper)
    post(count_id, second)
    assert db.session.get(StockCount, count_id).ended_by == second.person_id


def test_a_coordinator_does_not_approve_her_own_difference(kiosk, lot, monkeypatch):  # Case E10.
    limits(monkeypatch, count_alone_max=0)
    coordinator = a_coordinator(kiosk)
    count_id = opened(kiosk, coordinator)
    write(count_id, coordinator, numbers={lot: 9})
    decide(count_id, coordinator, reasons={lot: "lost"})
    with pytest.raises(SecondPerson):
        post(count_id, coordinator)
    assert level(lot, kiosk)[0] == 10


def test_what_is_approved_is_what_was_seen(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 9})
    decide(count_id, keeper, reasons={lot: "lost"})
    with pytest.raises(Changed):
        post(count_id, keeper, seen="another page")
    post(count_id, keeper)
    with pytest.raises(CountEnded):
        post(count_id, keeper)


def test_more_sold_since_than_was_counted_wants_a_recount(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 2})
    sold(lot, kiosk, 3)
    decide(count_id, keeper, choices={lot: "apply"}, reasons={lot: "lost"})
    assert rows(count_id)[lot.id].verdict().state is State.IMPOSSIBLE
    with pytest.raises(NotDecided):
        post(count_id, keeper)


def test_a_scanned_label_brings_goods_nobody_expected(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper, cut_by="owner", shelf=lot.owner_id)
    stray = a_lot(a_variant(), a_place("kiosk"), 3)
    write(count_id, keeper, kode=code_of(stray.id), jumlah="2")
    decide(count_id, keeper, reasons={stray: "found"})
    post(count_id, keeper)
    assert level(stray, kiosk)[0] == 2


@pytest.mark.parametrize("typed", ["-1", "0.5", "1e9", "١", "10001", "NaN"])
def test_what_is_no_number_is_said_beside_its_box(kiosk, keeper, lot, typed):
    count_id = opened(kiosk, keeper)
    with pytest.raises(WrongBoxes) as refused:
        write(count_id, keeper, **{f"angka-{lot.id}": typed})
    assert f"angka-{lot.id}" in refused.value.wrong


def test_a_misread_label_is_refused(kiosk, keeper, lot):
    count_id, code = opened(kiosk, keeper), code_of(lot.id)
    misread = code[:-1] + ("2" if code[-1] != "2" else "3")
    with pytest.raises(WrongBoxes):
        write(count_id, keeper, kode=misread, jumlah="2")


def test_shelves_are_cut_by_owner_kind_and_date(kiosk, keeper, lot):
    soon = a_lot(a_variant(), kiosk, 4, days=10)
    listing = db.session.get(Listing, a_listing().id)
    assert listing.category_id
    by_owner = opened(kiosk, keeper, cut_by="owner", shelf=lot.owner_id)
    assert set(rows(by_owner)) == {lot.id}
    ends = opened(kiosk, keeper, cut_by="expiry", shelf=14)
    assert set(rows(ends)) == {soon.id}
    with pytest.raises(NothingThere):
        opened(kiosk, keeper, cut_by="category", shelf=listing.category_id)
    assert set(rows(opened(kiosk, keeper))) == {lot.id, soon.id}


def test_another_kiosks_keeper_counts_nothing_here(kiosk, keeper, lot):
    count_id, stranger = opened(kiosk, keeper), a_keeper(a_place("kiosk"))
    with pytest.raises(NotFound):
        write(count_id, stranger, numbers={lot: 9})
    with pytest.raises(NotFound):
        post(count_id, stranger)


@pytest.mark.parametrize(
    ("bearer", "kind"),
    [
        ("kiosk", Kind.KIOSK),
        ("cooperative", Kind.COOPERATIVE),
        ("risk_fund", Kind.RISK_FUND),
        ("owner", None),
    ],
)
def test_who_bears_missing_goods_is_what_the_terms_say(kiosk, keeper, bearer, kind):
    seller = a_seller()
    terms_say(seller, bearer)
    lot = a_lot(a_variant(a_listing(seller)), kiosk, 10)
    posted_short(kiosk, lot, keeper, 3)
    paid = 3 * 12_750 if kind else 0  # 15,000 less 5 % and 10 %.
    assert her_money(lot, kiosk) == paid
    if kind:
        hers, kiosks = (seller.organisation_id,), (kiosk.organisation_id, kiosk.slug)
        page = own(kind, *(kiosks if kind is Kind.KIOSK else hers))
        assert ledger.balance(db.session, page) == paid


def terms_say(seller, bearer):
    """The next version of her cooperative's terms, in force from today on."""
    house = seller.organisation_id
    terms = saved(Terms(organisation_id=house, version=2, valid_from=clock.today(), missing=bearer))
    saved(
        TermsRate(
            terms_id=terms.id, channel="counter", place_kind="kiosk",
            cooperative_bp=500, kiosk_bp=1000, operator_bp=0,
        )
    )  # fmt: skip


def test_leaving_missing_goods_to_their_owners_is_announced_ahead(kiosk, session):
    said = {"organisation_id": kiosk.organisation_id, "rates": DEFAULT_RATES}
    with pytest.raises(TooSoon):
        consignment.write_terms(actor=SYSTEM, valid_from=clock.today(), missing="owner", **said)
    later = clock.today() + timedelta(days=30)
    consignment.write_terms(actor=SYSTEM, valid_from=later, missing="owner", **said)
    assert consignment.current_terms(session, kiosk.organisation_id).missing == "kiosk"
    assert consignment.current_terms(session, kiosk.organisation_id, later).missing == "owner"


def test_where_the_record_was_wrong_nobody_pays(kiosk, keeper, lot):
    posted_short(kiosk, lot, keeper, 2, "wrong")
    assert her_money(lot, kiosk) == 0


def test_goods_found_again_give_back_what_was_paid_for_them(kiosk, keeper, lot):
    posted_short(kiosk, lot, keeper, 3)
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 9})  # Two of the three are back.
    decide(count_id, keeper, reasons={lot: "found"})
    post(count_id, keeper)
    assert her_money(lot, kiosk) == 12_750


def found_again(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 10})
    decide(count_id, keeper, reasons={lot: "found"})
    post(count_id, keeper)
    return count_id


@pytest.mark.parametrize("first", [0, 1])
def test_goods_that_were_not_found_after_all_are_missing_as_before(kiosk, keeper, lot, first):
    """Missing, found, and both undone in either order: nobody owes anybody anything."""
    counts = [posted_short(kiosk, lot, keeper, 3), found_again(kiosk, keeper, lot)]
    assert her_money(lot, kiosk) == 0
    undone(kiosk, lot, counts[first])
    undone(kiosk, lot, counts[1 - first])
    assert (level(lot, kiosk)[0], her_money(lot, kiosk)) == (10, 0)


def test_what_was_not_found_after_all_can_be_found_later(kiosk, keeper, lot):
    posted_short(kiosk, lot, keeper, 3)
    undone(kiosk, lot, found_again(kiosk, keeper, lot))
    assert her_money(lot, kiosk) == 3 * 12_750
    found_again(kiosk, keeper, lot)
    assert her_money(lot, kiosk) == 0


def undone(kiosk, lot, count_id):
    """The owner contests a line, and a coordinator undoes it."""
    said = {"count_id": count_id, "lot_id": lot.id}
    contesting.contest(actor=SYSTEM, words="Bukan begitu.", **said)
    contesting.decide(actor=a_coordinator(kiosk), outcome="reversed", words="Betul.", **said)


def contested(kiosk, keeper, lot):
    count_id = posted_short(kiosk, lot, keeper, 2)
    owner = an_actor("Pemilik", phone="+6284099990001")
    give(owner, SELL, lot.owner_id)
    contesting.contest(actor=owner, count_id=count_id, lot_id=lot.id, words="Saya lihat 10.")
    return count_id, owner


def test_she_contests_and_the_line_is_undone(kiosk, keeper, lot):
    count_id, owner = contested(kiosk, keeper, lot)
    coordinator = a_coordinator(kiosk)
    assert [task.kind for task in tasks.list_for(db.session, coordinator)] == [CONTESTED.name]
    contesting.decide(
        actor=coordinator, count_id=count_id, lot_id=lot.id, outcome="reversed", words="Betul, 10."
    )
    assert level(lot, kiosk)[0] == 10
    assert her_money(lot, kiosk) == 0
    assert tasks.list_for(db.session, coordinator) == []
    (told,) = contesting.of_shop(db.session, owner, lot.owner_id)
    assert (told.StockCountLine.outcome, told.StockCountLine.answer) == ("reversed", "Betul, 10.")
    heard = db.session.scalars(select(Notice.title).where(Notice.person_id == owner.person_id))
    assert "Keputusan hasil hitung" in list(heard)


def test_she_contests_and_it_stays_with_a_reason(kiosk, keeper, lot):
    count_id, _owner = contested(kiosk, keeper, lot)
    coordinator = a_coordinator(kiosk)
    said = {"actor": coordinator, "count_id": count_id, "lot_id": lot.id, "outcome": "kept"}
    with pytest.raises(SaysNothing):
        contesting.decide(**said, words=" ")
    contesting.decide(**said, words="Dihitung dua kali.")
    assert level(lot, kiosk)[0] == 8
    assert her_money(lot, kiosk) == 2 * 12_750
    with pytest.raises(TooLate):
        contesting.decide(**said, words="Lagi.")


def test_who_counted_does_not_decide_and_a_keeper_never(kiosk, lot):
    coordinator = a_coordinator(kiosk)
    count_id, _owner = contested(kiosk, coordinator, lot)
    said = {"count_id": count_id, "lot_id": lot.id, "outcome": "reversed", "words": "Ya."}
    with pytest.raises(NotHersToDecide):
        contesting.decide(actor=coordinator, **said)
    with pytest.raises(NotFound):
        contesting.decide(actor=a_keeper(kiosk), **said)


def test_only_the_owner_contests_and_only_in_time(kiosk, keeper, lot, monkeypatch):
    count_id = posted_short(kiosk, lot, keeper)
    said = {"count_id": count_id, "lot_id": lot.id, "words": "Salah."}
    with pytest.raises(NotFound):
        contesting.contest(actor=keeper, **said)
    owner = an_actor("Pemilik", phone="+6284099990001")
    give(owner, SELL, lot.owner_id)
    limits(monkeypatch, count_contest_days=-1)
    with pytest.raises(TooLate):
        contesting.contest(actor=owner, **said)


def test_each_promise_sees_its_corruption(kiosk, keeper, lot):
    posted_short(kiosk, lot, keeper, 2)
    for harm, promise in {
        "update stock_count_line set difference = -1": "N1",
        "update stock_count set needs_two = true": "N2",
        "update stock_count_line set borne = borne + 1": "N3",
    }.items():
        db.session.execute(text(harm))
        db.session.commit()
        assert promise in broken(promises.ALL)
        db.session.execute(text("update stock_count_line set difference = -2, borne = 25500"))
        db.session.execute(text("update stock_count set needs_two = false"))
        db.session.commit()


def test_a_second_person_is_asked_once_and_the_end_closes_it(kiosk, keeper, lot):
    count_id, coordinator = opened(kiosk, keeper), a_coordinator(kiosk)
    write(count_id, keeper, numbers={lot: 10})
    for _ in range(2):
        closing.ask_second(actor=keeper, count_id=count_id)
    assert [task.kind for task in tasks.list_for(db.session, coordinator)] == [VERIFY.name]
    post(count_id, keeper)
    assert tasks.list_for(db.session, coordinator) == []


def test_a_place_that_closed_meanwhile_is_counted_no_more(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 12})
    decide(count_id, keeper, reasons={lot: "found"})
    places.close_place(actor=SYSTEM, place_id=kiosk.id)
    with pytest.raises(PlaceClosed):
        post(count_id, keeper)
    counting.drop(actor=keeper, count_id=count_id)
    assert level(lot, kiosk)[0] == 10


def test_a_dropped_count_changes_nothing(kiosk, keeper, lot):
    count_id = opened(kiosk, keeper)
    write(count_id, keeper, numbers={lot: 0})
    counting.drop(actor=keeper, count_id=count_id)
    with pytest.raises(CountEnded):
        post(count_id, keeper)
    assert db.session.scalars(select(Movement).where(Movement.kind == "count")).all() == []
