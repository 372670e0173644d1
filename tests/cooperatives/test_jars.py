"""Her cash book and her jars: exact, hers alone, and in nobody else's sight."""

import threading
import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cooperatives import cash_book, jars, payouts
from cooperatives.cash_book import ACT, BadNote, Moved
from cooperatives.jars import NotInJar, OddPlan, parts_of
from cooperatives.models import JarPlan
from cooperatives.privacy import KEEPER
from cooperatives.rights import COORDINATE
from core import acts, clock
from core.actors import GUEST, Actor
from core.db import db
from core.errors import Conflict, Forbidden, NotFound
from core.money import NotAnAmount
from tests.cooperatives.books_factories import somebody
from tests.cooperatives.test_books_pages import browser_of
from tests.cooperatives.test_her_money_pages import a_mother
from tests.factories import send
from tests.house.her_money import a_payout_to

pytestmark = pytest.mark.service
PLAN = {"home": 50, "business": 30, "savings": 20}
SECRET = 7_654_321


@pytest.fixture
def her(app):
    return Actor(somebody())


def write(her, press="home_out", amount="5000", note="", act_id=None):
    content = {"press": press, "amount": amount, "note": note}
    return acts.carry_out(actor=her, act_id=act_id or uuid.uuid4(), kind=ACT, content=content)


def month():
    today = clock.today()
    return today - timedelta(days=40), today + timedelta(days=1)


def moved(session, her):
    return cash_book.moved(session, her.person_id, *month())


def test_each_button_is_one_kind_of_money_and_one_way(session, her):
    for press, amount in (
        ("business_in", "84.000"), ("business_out", "25rb"), ("home_in", "50000"),
        ("home_out", "12.500"),
    ):  # fmt: skip
        assert write(her, press, amount) == {}
    assert moved(session, her) == {
        "business": Moved(84_000, 25_000),
        "home": Moved(50_000, 12_500),
    }


@given(lines=st.lists(st.tuples(st.sampled_from(list(cash_book.PRESSES)), st.integers(1, 10**6))))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_month_is_what_she_wrote(session, lines):
    her = Actor(somebody())
    for press, amount in lines:
        write(her, press, str(amount))
    for place, found in moved(session, her).items():
        for sign, total in ((1, found.came), (-1, found.went)):
            wanted = [cash_book.PRESSES[press][:2] == (place, sign) for press, _amount in lines]
            assert total == sum(
                amount for (_press, amount), is_it in zip(lines, wanted, strict=True) if is_it
            )


def test_a_line_sent_twice_is_one(session, her):
    act_id = uuid.uuid4()
    for _ in range(2):
        write(her, act_id=act_id)
    with pytest.raises(Conflict):
        write(her, amount="6000", act_id=act_id)
    assert moved(session, her)["home"] == Moved(0, 5_000)


def test_a_slip_is_struck_out_and_brought_back(session, her):
    act_id = uuid.uuid4()
    write(her, act_id=act_id)
    cash_book.strike(actor=her, note_id=act_id)
    assert moved(session, her)["home"] == Moved()
    cash_book.strike(actor=her, note_id=act_id)
    assert moved(session, her)["home"] == Moved(0, 5_000)
    with pytest.raises(NotFound):
        cash_book.strike(actor=Actor(somebody()), note_id=act_id)


@pytest.mark.parametrize(
    ("press", "amount", "refused"),
    [
        ("", "5", BadNote),
        ("x", "5", BadNote),
        ("home_in", "0", BadNote),
        ("home_in", "", NotAnAmount),
        ("home_in", "lima", NotAnAmount),
        ("home_in", "9" * 30, NotAnAmount),
    ],
)
def test_what_is_no_line_is_refused(her, press, amount, refused):
    with pytest.raises(refused):
        write(her, press, amount)


def test_a_helper_writes_nothing_for_her(her):
    for who in (GUEST, Actor(somebody(), on_behalf_of=her.person_id)):
        with pytest.raises(Forbidden):
            write(who)
        with pytest.raises(Forbidden):
            jars.plan(actor=who, parts=PLAN)


@given(total=st.integers(1, 10**9), home=st.integers(0, 100), rest=st.integers(0, 100))
def test_a_payout_is_divided_to_the_rupiah(total, home, rest):
    business = min(rest, 100 - home)
    plan = JarPlan(person_id=1, home=home, business=business, savings=100 - home - business)
    parts = parts_of(total, plan)
    assert sum(parts.values()) == total
    assert min(parts.values()) >= 0


@pytest.mark.parametrize(
    "parts",
    [
        {"home": 50, "business": 50, "savings": 1},
        {"home": 101, "business": -1, "savings": 0},
        {"home": 100},
    ],
)
def test_a_plan_is_one_whole(her, parts):
    with pytest.raises(OddPlan):
        jars.plan(actor=her, parts=parts)


def test_a_payout_goes_into_the_jars_once(session, her):
    jars.plan(actor=her, parts=PLAN)
    payout = a_payout_to(her.person_id, 10_000)
    (waiting,) = jars.unsplit(session, her.person_id)
    assert (waiting.id, waiting.total) == (payout.id, 9_300)
    for _ in range(2):
        jars.split(actor=her, payout_id=payout.id)
    assert jars.standing(session, her.person_id) == {
        "home": 4_650, "business": 2_790, "savings": 1_860,
    }  # fmt: skip
    assert jars.unsplit(session, her.person_id) == []


def test_what_was_paid_before_she_planned_is_left_alone(session, her):
    payout = a_payout_to(her.person_id)
    jars.plan(actor=her, parts=PLAN)
    assert jars.unsplit(session, her.person_id) == []
    other = Actor(somebody())
    jars.plan(actor=other, parts=PLAN)
    with pytest.raises(NotFound):
        jars.split(actor=other, payout_id=payout.id)


def test_money_that_the_bank_sent_back_is_in_no_jar(session, her):
    jars.plan(actor=her, parts=PLAN)
    payout = a_payout_to(her.person_id)
    jars.split(actor=her, payout_id=payout.id)
    payouts.bring_back(actor=Actor(payout.made_by), payout_id=payout.id, reason="ditutup")
    assert set(jars.standing(session, her.person_id).values()) == {0}


def test_no_more_is_taken_out_than_is_in(session, her):
    with pytest.raises(NotFound):
        jars.note(actor=her, note_id=uuid.uuid4(), jar="home", amount=1)
    jars.plan(actor=her, parts=PLAN)
    note_id = uuid.uuid4()
    for _ in range(2):
        jars.note(actor=her, note_id=note_id, jar="home", amount=1_000)
    with pytest.raises(NotInJar):
        jars.note(actor=her, note_id=uuid.uuid4(), jar="home", amount=-1_001)
    jars.note(actor=her, note_id=uuid.uuid4(), jar="home", amount=-1_000)
    assert jars.standing(session, her.person_id)["home"] == 0


@pytest.mark.race
def test_two_hands_in_one_jar_take_no_more_than_is_in(committed):
    her = Actor(somebody())
    jars.plan(actor=her, parts=PLAN)
    jars.note(actor=her, note_id=uuid.uuid4(), jar="home", amount=1_000)
    db.session.remove()
    ends = []

    def take():
        with committed.app_context():
            try:
                jars.note(actor=her, note_id=uuid.uuid4(), jar="home", amount=-600)
                ends.append("taken")
            except NotInJar:
                ends.append("refused")
            db.session.remove()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["refused", "refused", "refused", "taken"]


def everything_but_hers(session):
    """Every row of the house but those of her own three tables."""
    names = session.scalars(
        text(
            "select table_name from information_schema.tables where table_schema = 'public'"
            " and table_type = 'BASE TABLE'"
            " and table_name not in ('cash_note', 'jar_note', 'jar_plan')"
        )
    ).all()
    rows = (session.execute(text(f'select t::text from "{name}" t')).scalars() for name in names)
    return "\n".join(row for table in rows for row in table)


def test_nothing_of_it_stands_in_a_log_a_trail_or_on_a_board(app, session, capsys):
    nur = a_mother(app)
    her = Actor(nur.person_id)
    write(her, "business_in", str(SECRET), "rahasia sekali")
    jars.plan(actor=her, parts=PLAN)
    jars.note(actor=her, note_id=uuid.uuid4(), jar="savings", amount=SECRET)
    kept = everything_but_hers(session)
    assert str(SECRET) not in kept
    assert "rahasia sekali" not in kept
    spoken = ["7.654.321", str(SECRET), "rahasia sekali"]
    for right in (None, COORDINATE):
        more = {"right": right} if right else {}
        board = browser_of(app, nur.seller.organisation_id, **more)
        for page in ("/ibu/uang/kas", "/ibu/tabungan", "/koord", "/kas", "/kas/akun", "/akun"):
            shown = board.get(page).text
            assert not [word for word in spoken if word in shown], page
    logged = capsys.readouterr()
    assert not [word for word in spoken if word in logged.out + logged.err]
    other = a_mother(app)
    assert "7.654.321" not in other.get("/ibu/uang/kas").text + other.get("/ibu/tabungan").text
    assert "7.654.321" in nur.get("/ibu/uang/kas").text
    assert "7.654.321" in nur.get("/ibu/tabungan").text


def test_her_copy_has_it_and_erasing_takes_it(session, her):
    write(her, note="beras")
    jars.plan(actor=her, parts=PLAN)
    jars.note(actor=her, note_id=uuid.uuid4(), jar="home", amount=1_000)
    copy = KEEPER.export(session, her.person_id)
    assert [(row["amount"], row["note"]) for row in copy["cash_book"]] == [(-5_000, "beras")]
    assert copy["jar_plan"] == [PLAN]
    assert [row["amount"] for row in copy["jars"]] == [1_000]
    KEEPER.erase(session, her.person_id)
    copy = KEEPER.export(session, her.person_id)
    assert (copy["cash_book"], copy["jar_plan"], copy["jars"]) == ([], [], [])


def test_she_writes_and_strikes_on_the_page(app):
    nur = a_mother(app)
    page = "/ibu/uang/kas"
    wrong = send(
        nur, page, act_id=str(uuid.uuid4()), amount="banyak", note="beras", press="home_in"
    )
    assert wrong.status_code == 200
    assert 'value="banyak"' in wrong.text
    assert "Tulis angkanya saja" in wrong.text
    for broken in ("", "x"):
        send(nur, page, act_id=broken, amount="12rb", note="<b>beras", press="home_out")
    assert "&lt;b&gt;beras" in nur.get(page).text
    assert "Rp\xa024.000" in nur.get(page).text


def test_she_plans_divides_and_takes_out_on_the_page(app):
    nur = a_mother(app)
    page = "/ibu/tabungan"
    odd = send(nur, f"{page}/bagian", page=page, home="50", business="50", savings="1")
    assert "Jumlah ketiga bagian harus 100." in odd.text
    send(nur, f"{page}/bagian", page=page, **{jar: str(part) for jar, part in PLAN.items()})
    payout = a_payout_to(nur.person_id, 10_000)
    assert "Sudah saya bagi" in nur.get(page).text
    send(nur, f"{page}/bagi/{payout.id}", page=page)
    assert "Rp\xa04.650" in nur.get(page).text
    much = send(
        nur, f"{page}/catat", page=page, act_id=str(uuid.uuid4()), jar="home", way="out",
        amount="5000",
    )  # fmt: skip
    assert "Isi toples ini tidak sebanyak itu." in much.text
