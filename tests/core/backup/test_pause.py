"""A house after a restore: it can be read, nothing leaves it, and it opens when all is well."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from cooperatives import payouts, settlement
from core import clock, doctor, jobs, pause, privacy
from core.actors import SYSTEM, Actor
from core.backup import erasures, opening
from core.backup.settings import BackupSettings
from core.backup.shelf import Shelf
from core.config import settings
from core.db import db
from core.errors import RemoteError
from core.people import Person
from core.settings import CoreSettings
from core.tasks import Task
from orders import endings, refunds
from tests.cooperatives import books_factories as books
from tests.core.test_jobs import RAN, promise
from tests.factories import a_person, sign_in, token_in
from tests.orders.factories import a_market, order

pytestmark = pytest.mark.service


@pytest.fixture
def paused(app):
    pause.begin(actor=SYSTEM, why="restored from the log", facts={"source": "log", "to": None})


@pytest.fixture
def shelf(app, room, tmp_path):
    folder = room / tmp_path.name
    app.extensions["settings"][BackupSettings] = BackupSettings(folder=str(folder))
    return Shelf(folder)


class TestThePage:
    def test_it_can_be_read_and_signed_into(self, client, paused):
        a_person()
        assert client.get("/").status_code == 200
        assert sign_in(client).status_code == 303
        assert client.get("/akun").status_code == 200

    def test_whatever_changes_something_is_refused_in_words(self, client, paused):
        market = a_market()
        page = client.get("/masuk")
        answer = client.post(
            "/keranjang/tambah",
            data={"csrf_token": token_in(page), "variant_id": market.tiwul, "quantity": 1},
        )
        assert answer.status_code == 503
        assert "Data baru saja dipulihkan" in answer.text

    def test_an_open_house_refuses_nothing(self, client, paused):
        pause.end(actor=SYSTEM)
        a_person()
        sign_in(client)
        answer = client.post("/keluar", data={"csrf_token": token_in(client.get("/akun"))})
        assert answer.status_code == 303


def test_no_money_leaves(paused):
    for send in (
        lambda: payouts.send(actor=SYSTEM, payout_id=1, reference_no="TRF-1"),
        lambda: refunds.send(actor=SYSTEM, refund_id=None),
    ):
        with pytest.raises(pause.Paused) as refused:
            send()
        assert "menunggu" in str(refused.value.sentence)


def test_pausing_twice_keeps_the_first_reason_and_both_are_told(paused, session):
    pause.begin(actor=SYSTEM, why="again", facts={})
    assert pause.find(session).why == "restored from the log"
    pause.end(actor=SYSTEM)
    pause.end(actor=SYSTEM)
    deeds = session.execute(text("select action from audit where object_kind = 'house'")).scalars()
    assert list(deeds) == ["house.pause", "house.open"]


def work(app):
    jobs.run_worker(app, settings(CoreSettings, app).database_url, wait=False)


class TestTheWorker:
    @pytest.fixture(autouse=True)
    def nothing_ran_yet(self):
        RAN.clear()

    def test_no_job_begins_until_the_house_is_open(self, committed):
        promise(number=1)
        pause.begin(actor=SYSTEM, why="x", facts={})
        work(committed)
        assert RAN == []
        pause.end(actor=SYSTEM)
        work(committed)
        assert RAN == [1]

    def test_a_job_met_by_a_pause_waits_however_often_it_was_tried(self):
        work = jobs.JOBS["test.note"].task
        ticket = type("Ticket", (), {"attempts": 99})()
        waits = work.get_retry_exception(pause.Paused(), ticket)
        assert waits.retry_decision.retry_at > clock.now() + timedelta(seconds=20)
        assert work.get_retry_exception(ValueError(), ticket) is None

    def test_jobs_that_wait_for_the_opening_are_no_finding(self, paused, session):
        session.execute(
            text(
                "insert into procrastinate_jobs (task_name, queue_name, args, scheduled_at)"
                " values ('test.note', 'default', '{}', now() - interval '1 day')"
            )
        )
        session.execute(text("delete from procrastinate_events"))
        assert doctor.JOBS_ALIVE.find(session) == []
        pause.end(actor=SYSTEM)
        assert len(doctor.JOBS_ALIVE.find(session)) == 1


class TestOpening:
    @pytest.fixture
    def steps(self, committed):
        pause.begin(
            actor=SYSTEM, why="x", facts={"source": "log", "to": "2026-11-26T06:45:10+00:00"}
        )
        committed.extensions["before_opening"] = steps = []
        return steps

    def add(self, house, answer):
        seen = []

        def step(restored):
            seen.append(restored)
            if isinstance(answer, Exception):
                raise answer
            return answer

        opening.before_opening(house, "orders", step)
        return seen

    def test_every_step_is_taken_with_where_the_house_comes_from(self, committed, steps):
        seen = self.add(committed, [])
        assert opening.open_house(actor=SYSTEM) == []
        assert (seen[0].source, f"{seen[0].to:%H:%M:%S}") == ("log", "06:45:10")
        assert not pause.is_on()

    @pytest.mark.parametrize("answer", [["two attempts are unknown"], RemoteError("midtrans")])
    def test_what_is_unsettled_or_silent_keeps_it_closed(self, committed, steps, answer):
        self.add(committed, answer)
        wrong = opening.open_house(actor=SYSTEM)
        assert len(wrong) == 1
        assert wrong[0].startswith("orders: ")
        assert pause.is_on()

    def test_a_finding_of_the_doctor_keeps_it_closed_unless_somebody_decides(
        self, committed, steps
    ):
        found = doctor.Invariant("T-9", "Nothing is wrong.", lambda db: [1, 2])
        doctor.register(committed, found)
        assert opening.open_house(actor=SYSTEM) == ["doctor T-9: Nothing is wrong. (2 rows)"]
        assert pause.is_on()
        opening.open_house(actor=SYSTEM, despite="known since May")
        assert not pause.is_on()
        query = "select facts from audit where action = 'house.open'"
        assert db.session.execute(text(query)).scalar() == {"despite": "known since May"}

    def test_an_open_house_takes_no_steps(self, committed, steps):
        pause.end(actor=SYSTEM)
        seen = self.add(committed, ["never asked"])
        assert opening.open_house(actor=SYSTEM) == []
        assert seen == []

    def test_cuts_of_another_server_are_forgotten_after_a_dump_only(self, committed):
        sharing = books.parties()
        books.earned_sale((sharing, 18_000))
        books.closed(sharing, books.a_treasurer(sharing.cooperative_id))

        def cuts(source):
            assert settlement.after_a_dump(opening.Restored(source, None)) == []
            query = "select count(*) from settlement where cut > 0"
            return db.session.execute(text(query)).scalar()

        assert (cuts("log"), cuts("dump")) == (1, 0)


class TestErasures:
    """G5: what was erased stays erased, though a restore brings it back."""

    @pytest.fixture
    def gone(self, app, shelf, session):
        person = a_person("Zulaikhawati")
        before = {name: getattr(person, name) for name in ("name", "call_me", "phone", "pin_hash")}
        created_at = person.created_at
        privacy.erase(actor=Actor(person.id))
        row = session.execute(
            text("select args from procrastinate_jobs where task_name = 'core.note_erasure'")
        ).one()
        for _ in range(2):
            erasures.note_erasure.run(**row.args)

        def comes_back(**changes):
            session.expire_all()
            person_row = session.get(Person, person.id)
            values = before | {"erased_at": None, "created_at": created_at} | changes
            for name, value in values.items():
                setattr(person_row, name, value)
            session.commit()
            return person_row

        return comes_back

    def test_the_list_names_nobody(self, gone, shelf):
        (path,) = (shelf.root / "erasures").iterdir()
        assert set(json.loads(path.read_text())) == {"person_id", "created_at", "erased_at"}

    def test_she_is_erased_again(self, gone, session):
        person = gone()
        for _ in range(2):
            privacy.erase_again.run()
        session.expire_all()
        assert (person.name, person.phone) == (privacy.NOBODY, None)
        erased = "select count(*) from audit where action = 'person.erase'"
        assert session.execute(text(erased)).scalar() == 2

    def test_somebody_new_under_her_number_is_left_alone(self, gone, session):
        person = gone(created_at=clock.now())
        privacy.erase_again.run()
        session.expire_all()
        assert person.name == "Zulaikhawati"

    def test_with_something_open_again_operators_are_asked_until_it_is_done(self, gone, session):
        person = gone()
        market = a_market()
        placed = order((market.tiwul, 1), actor=Actor(person.id))
        privacy.erase_again.run()
        session.expire_all()
        assert person.name == "Zulaikhawati"
        asked = session.query(Task).filter_by(kind="core.erase_again").one()
        assert str(person.id) in asked.sentence
        endings.cancel(actor=Actor(person.id), order_id=placed.id)
        privacy.erase_again.run()
        session.expire_all()
        assert person.name == privacy.NOBODY
        assert asked.closed_at is not None
