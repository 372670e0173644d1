"""Kill -9 of web workers, of the job worker and of PostgreSQL: what a buyer was told stays true.

The processes are real, and so are the deaths. LUMBUNG_CRASH_ROUNDS says how many moments each
step of a purchase is killed at (2), and LUMBUNG_CRASH_SECONDS for how long buyers order before
PostgreSQL dies (2). What every job does when its worker dies is told in tests/shop/jobs_killed.py.
"""

import itertools
import os
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from app import create_app
from cooperatives.models import Level
from core import clock, doctor
from core.db import db
from core.jobs import JOBS
from core.postgres import throwaway
from core.run import answers
from orders.endings import lapse_due, overdue
from orders.models import Line, Order
from tests.conftest import environ, make_database, server_url
from tests.orders.factories import a_market
from tests.orders.simulated import a_gateway
from tests.shop import jobs_killed, serving
from tests.shop.factories import goods
from tests.shop.serving import LOST, Buyer, TookTooLong, another, at_the_check, wait_until

pytestmark = [pytest.mark.service, pytest.mark.race]

ROUNDS = int(os.environ.get("LUMBUNG_CRASH_ROUNDS", "2"))
numbers = itertools.count(1)
LOAD_SECONDS = float(os.environ.get("LUMBUNG_CRASH_SECONDS", "2"))


@contextmanager
def a_house(url, **env):
    """The test's own app on a database, to look behind the pages."""
    app = create_app(environ(url, **env))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def a_database(name, template):
    """For all tests of one kind, because a gunicorn takes seconds to start."""
    make_database(name, template)
    return server_url(name)


def orders():
    """Every order there is: its id and the address of its page."""
    db.session.rollback()
    return {str(row.id): f"/pesanan/{row.code}" for row in db.session.execute(_ORDERS)}


_ORDERS = select(Order.id, Order.code)


def is_held():
    """Whether exactly what stands in the orders is held for them, and nothing else."""
    db.session.rollback()
    ordered = select(func.sum(Line.quantity)).where(Line.kind == "goods")
    return db.session.scalar(select(func.sum(Level.reserved))) == (db.session.scalar(ordered) or 0)


@contextmanager
def locked(url, lock):
    """Hold a lock; yields a question: does a process of the house wait for it now?"""
    with psycopg.connect(url.replace("+psycopg", "")) as holder:
        holder.execute("set lock_timeout = '10s'")
        holder.execute(lock)
        pid = holder.info.backend_pid
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as watcher:
            query = "select count(*) from pg_stat_activity where %s = any(pg_blocking_pids(pid))"
            yield lambda: watcher.execute(query, [pid]).fetchone()[0]


# Web workers


@pytest.fixture(scope="module")
def town(template_database):
    url = a_database(f"{template_database}_killed_web", template_database)
    with a_house(url), serving.web(url) as web:
        market = a_market()
        slug = goods("Sale Pisang", prices=(20_000,), units=900, at=market.kiosk).slug
        yield SimpleNamespace(web=web, slug=slug, url=url)


def a_purchase(slug, phone):
    """The requests of a purchase, each with the name of its step."""
    return {
        "product": lambda buyer: serving.open_product(buyer, slug),
        "basket": serving.into_basket,
        "address": serving.ask_address,
        "check": lambda buyer: serving.look_over(buyer, phone),
        "order": serving.order,
    }


def a_phone():
    """Nobody may hold many unpaid goods, so each buyer is another."""
    return f"0812{next(numbers):08}"


def killed_after(web, seconds):
    """All web workers get kill -9 so many seconds from now."""
    killer = threading.Timer(seconds, web.kill_workers)
    killer.start()
    return killer


def ready_again(web):
    wait_until(lambda: len(web.workers()) == 2 and answers(web.port))


def buy_through_a_kill(town, at_step, seconds, phone):
    """A purchase in which the workers die so many seconds after one step's request was sent.

    Returns the buyer, the id in her form, and how often she had to press.
    """
    buyer = Buyer(town.web.port)
    for name, step in a_purchase(town.slug, phone).items():
        if name == "order":
            act_id = buyer.form("total_seen")["act_id"]
        if name != at_step:
            buyer.insist(step)
            continue
        killer = killed_after(town.web, seconds)
        presses = 1 + buyer.insist(step)
        killer.join()
        ready_again(town.web)
    return buyer, act_id, presses


def seconds_of_a_step(town, at_step):
    """How long the step takes when nobody is killed, and what came of that purchase."""
    buyer = Buyer(town.web.port)
    for name, step in a_purchase(town.slug, a_phone()).items():
        if name == "order":
            act_id = buyer.form("total_seen")["act_id"]
        begun = time.monotonic()
        buyer.insist(step)
        if name == at_step:
            took = time.monotonic() - begun
    return took, act_id


@pytest.mark.parametrize("step", ["product", "basket", "address", "check", "order"])
def test_a_buyer_whose_web_worker_is_killed_presses_again_and_has_one_order(town, step):
    took, first = seconds_of_a_step(town, step)
    before, acts, presses = set(orders()) - {first}, {first}, Counter()
    rounds = ROUNDS * (3 if step == "order" else 1)
    for n in range(rounds):
        moment = took * 1.2 * (n + 0.5) / rounds
        buyer, act_id, pressed = buy_through_a_kill(town, step, moment, a_phone())
        assert buyer.promised == {orders()[act_id]}, "told of one order, and it is there"
        assert buyer.status == 200
        acts.add(act_id)
        presses[pressed] += 1
    assert set(orders()) == before | acts, "one order for each form, and no other"
    assert is_held()
    assert doctor.examine() == []
    print(f"killed {rounds} times within {took * 1200:.0f} ms of {step}: presses {dict(presses)}")


def test_a_kill_in_the_middle_of_the_order_leaves_no_trace_and_the_same_form_works_again(town):
    before = orders()
    buyer = at_the_check(town.web.port, town.slug, a_phone())
    act_id = buyer.form("total_seen")["act_id"]
    with locked(town.url, "lock table attempt in share mode") as is_awaited:
        pressing = threading.Thread(target=_lose, args=(serving.press(buyer),))
        pressing.start()
        wait_until(is_awaited)  # Order, lines and holds are written, and nothing is committed.
        town.web.kill_workers()
        pressing.join()
        assert orders() == before
    wait_until(lambda: not is_writing())
    assert (orders(), is_held()) == (before, True)
    ready_again(town.web)
    buyer.insist(serving.order)
    assert orders() == before | {act_id: buyer.promised.pop()}
    assert is_held()
    assert doctor.examine() == []


def _lose(press):
    """A press whose answer never comes."""
    with pytest.raises(LOST):
        press()


def is_writing():
    """Whether some other connection is still inside a transaction."""
    db.session.rollback()  # Within one transaction PostgreSQL would say the same again and again.
    return db.session.scalar(
        text(
            "select exists (select from pg_stat_activity where datname = current_database()"
            " and pid <> pg_backend_pid() and xact_start is not null)"
        )
    )


# The job worker

DONE = {"succeeded"}


# They copy a whole server, its log and files: tests/core/backup does that on servers of its own,
# cuts them short, and proves that twice is harmless.
OF_BACKUPS = {
    "core.base_backup",
    "core.copy_photos",
    "core.drill",
    "core.dump",
    "core.mind_backups",
}


def own_jobs():
    """What the house declares; tests of the queue declare some for themselves."""
    return sorted(name for name in JOBS if not name.startswith("test.") and name not in OF_BACKUPS)


@pytest.fixture(scope="module")
def aftermath(template_database, tmp_path_factory):
    """Each job was killed in its middle once, and then another worker took over."""
    url = a_database(f"{template_database}_killed_jobs", template_database)
    open_to_postgres = Path(tempfile.mkdtemp())
    open_to_postgres.chmod(0o711)
    env = {
        "LUMBUNG_STORAGE_FOLDER": str(tmp_path_factory.mktemp("storage")),
        "LUMBUNG_BACKUPS": "yes",
        "LUMBUNG_BACKUP_FOLDER": str(open_to_postgres / "backups"),
    }
    with a_gateway() as keys, a_house(url, **(env := env | keys)):
        market = a_market(units=50)
        killed = {name: _killed(url, env, name, market) for name in own_jobs()}
        # A busy machine may keep the rescuer from its heartbeat for a while: it is not dead then.
        quick = {"LUMBUNG_JOB_HEARTBEAT_SECONDS": "0.2", "LUMBUNG_JOB_STALLED_SECONDS": "8"}
        # Which job was not done in time, its own test says below.
        with serving.job_worker(url, **env, **quick), suppress(TookTooLong):
            wait_until(lambda: {state(job_id) for job_id, _ in killed.values()} == DONE, 60)
        yield killed
    shutil.rmtree(open_to_postgres)


def _killed(url, env, name, market):
    """Let a worker begin the job, kill it in the middle; the job's id and how to see its work.

    A job that nothing can hold may be over before it is killed: then it is another one's turn.
    """
    while True:
        jobs_killed.forget_waiting()
        middle = jobs_killed.MIDDLES[name](market)
        job_id = jobs_killed.defer_alone(JOBS[name], middle.facts)
        assert middle.done() == 0, f"{name} had nothing to do"
        _kill_in_its_middle(url, env, middle, job_id)
        if state(job_id) == "doing":
            return job_id, middle.done
        assert middle.lock is None, f"{name} was not held"


def _kill_in_its_middle(url, env, middle, job_id):
    patient = {"LUMBUNG_JOB_STALLED_SECONDS": "600"}  # Nobody is saved before the end.
    with ExitStack() as stack:
        is_awaited = stack.enter_context(locked(url, middle.lock)) if middle.lock else None
        worker = stack.enter_context(serving.young_worker(url, env | patient))
        wait_until(lambda: state(job_id) != "todo" and (is_awaited is None or is_awaited()))
        worker.kill()
        worker.join()
        assert middle.lock is None or (state(job_id), middle.done()) == ("doing", 0)


def state(job_id):
    db.session.rollback()
    return db.session.scalar(
        text("select status::text from procrastinate_jobs where id = :id"), {"id": job_id}
    )


def test_every_job_of_the_house_is_killed_here():
    assert sorted(jobs_killed.MIDDLES) == own_jobs()


@pytest.mark.parametrize("name", sorted(jobs_killed.MIDDLES))
def test_a_killed_job_is_begun_again_and_its_work_is_done_once(aftermath, name):
    job_id, done = aftermath[name]
    assert state(job_id) == "succeeded"
    begun = "select count(*) from procrastinate_events where job_id = :id and type = 'started'"
    assert db.session.scalar(text(begun), {"id": job_id}) == 2
    assert done() == 1


def test_a_house_whose_jobs_were_all_killed_is_in_order(aftermath):
    assert [(finding.invariant.id, finding.rows) for finding in doctor.examine()] == []


# PostgreSQL


def order_until(ends, first, n, promised, lost):
    """One after the other; where no answer comes, the same form again until there is one."""
    while not ends.is_set():
        press = another(first, n * 100_000 + len(promised[n]))
        while (answer := _pressed(press, lost)) is None:
            time.sleep(0.1)
        assert answer.status == 303, (answer.status, answer.text)
        promised[n].append(answer.location)


def _pressed(press, lost):
    try:
        answer = press()
    except LOST as error:
        lost[type(error).__name__] += 1
        return None
    if answer.status == 503:  # "We will be back in a moment": she waits and presses again.
        lost[503] += 1
        return None
    return answer


def test_postgresql_killed_under_load_loses_no_order_that_a_buyer_was_told_of():
    with ExitStack() as stack:
        server = stack.enter_context(throwaway(fsync=True))
        stack.enter_context(a_house(server.url))
        upgrade()
        market = a_market()
        slug = goods(prices=(20_000,), units=900, at=market.kiosk).slug
        web = stack.enter_context(serving.web(server.url))
        first = at_the_check(web.port, slug)
        ends, lost, promised = threading.Event(), Counter(), {n: [] for n in range(6)}
        crowd = [
            threading.Thread(target=order_until, args=(ends, first, n, promised, lost))
            for n in promised
        ]
        for thread in crowd:
            thread.start()
        stack.callback(ends.set)
        time.sleep(LOAD_SECONDS)
        before = web.workers()
        db.session.remove()
        db.engine.dispose()  # Our own connection is no part of this.
        os.kill(server.pid, signal.SIGKILL)
        told = [location for locations in promised.values() for location in locations]
        server.stop()
        server.start()
        wait_until(lambda: answers(web.port))
        time.sleep(LOAD_SECONDS / 2)
        ends.set()
        for thread in crowd:
            thread.join()
        assert web.workers() == before, "the same web workers serve on"
        _everything_is_there(told, promised, lost)


def _everything_is_there(told, promised, lost):
    everything = [location for locations in promised.values() for location in locations]
    assert told
    assert len(everything) > len(told), "the house answers again"
    assert sorted(orders().values()) == sorted(everything), "as many orders as forms"
    assert is_held()
    assert doctor.examine() == []
    db.session.execute(text("update order_placed set pay_by = now() - interval '1 minute'"))
    db.session.commit()
    while overdue(clock.now()):
        lapse_due.run()
    assert db.session.scalar(select(func.sum(Level.reserved))) == 0
    assert doctor.examine() == []
    print(f"{len(told)} orders told before the kill, {len(everything)} in all, lost {dict(lost)}")
