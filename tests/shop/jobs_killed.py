"""What each job of the house works on, what stops it in its middle, and how its work is seen.

A row for every job: without one, tests/shop/test_crashes.py fails. The lock is held by the test, so
that the job waits for it having begun its work; `lock` is None where a job writes no row at all.
"""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from PIL import Image
from sqlalchemy import text

from cooperatives import days, drafts, goods, lease, pay_ways, places
from cooperatives.days import watching
from cooperatives.goods import Portion
from cooperatives.models import Membership
from cooperatives.reconciling import comparing
from cooperatives.settling import batches, rounds
from cooperatives.shelf import pulling
from core import album, arrival_jobs, audit, clock, images, jobs, notify, uploading
from core.actors import SYSTEM, Actor
from core.backup import erasures
from core.backup.settings import BackupSettings
from core.config import settings
from core.db import db, in_transaction
from core.people import Person
from core.tus import Wish
from orders import (
    asking,
    claim_answers,
    endings,
    exchange,
    fulfilment,
    handover,
    opening,
    parcels,
    transfers,
)
from orders.claim_answers import Reply
from orders.reports import intake
from sellers import awaited
from sellers.models import Permit
from shop.demo.pictures import DRAWN
from tests.cooperatives.books_factories import (
    a_sent_batch,
    a_treasurer,
    owed_without_an_order,
    parties,
    wait_until_decided,
)
from tests.cooperatives.factories import (
    a_cooperative,
    a_doc,
    a_listing,
    a_lot,
    a_maker,
    a_place,
    a_seller,
    a_variant,
    numbers,
    saved,
)
from tests.cooperatives.help_factories import a_mandate
from tests.cooperatives.receiving.factories import a_note, a_photo_awaited
from tests.orders import simulated
from tests.orders.claim_factories import a_claim, came, rows_of
from tests.orders.factories import attempt_of, order, parcels_of, run_jobs
from tests.orders.reports import writing as writing_reports
from tests.shop.factories import first_size
from tests.shop.factories import goods as a_product

MIDDLES = {}


@dataclass(frozen=True)
class Middle:
    """One job about to be killed; `done` counts how often its work was done."""

    lock: str | None
    done: Callable[[], int]
    facts: dict[str, Any] = field(default_factory=dict)


def middle(name):
    """This is what the job of that name is given to do."""

    def wrap(build):
        MIDDLES[name] = build
        return build

    return wrap


def forget_waiting():
    """No job waits: neither those of a build, nor what the clock asked a killed worker to do."""
    change("delete from procrastinate_jobs where status = 'todo'")


def defer_alone(job, facts):
    """Only this one waits; its id."""
    forget_waiting()
    in_transaction()(jobs.defer)(job, **facts)
    newest = "select max(id) from procrastinate_jobs where task_name = :name"
    return db.session.scalar(text(newest), {"name": job.name})


def count(query, **values):
    """A question whose answer is a number, asked anew each time."""

    def ask():
        db.session.rollback()
        return db.session.scalar(text(query), values)

    return ask


def change(statement, **values):
    found = db.session.execute(text(statement), values)
    db.session.commit()
    return found


def writing(table):
    """Whoever writes there waits, and whoever reads does not."""
    return f"lock table {table} in share mode"


def audited(action, object_id):
    return count(
        "select count(*) from audit where action = :action and object_id = :object_id",
        action=action,
        object_id=str(object_id),
    )


def tasks_of(kind, doc_type, doc_id, also="closed_at is null"):
    return count(
        "select count(*) from task where kind = :kind and doc_type = :of and doc_id = :id"
        f" and {also}",
        kind=kind,
        of=doc_type,
        id=str(doc_id),
    )


# The ground floor


@middle("core.forget_done_jobs")
def an_old_job(_market):
    job_id = change(
        "insert into procrastinate_jobs (queue_name, task_name, status)"
        " values ('default', 'shop.recount_words', 'succeeded') returning id"
    ).scalar()
    change(
        "insert into procrastinate_events (job_id, type, at)"
        " values (:id, 'succeeded', now() - interval '8 days')",
        id=job_id,
    )
    change(
        "update procrastinate_events set at = now() - interval '8 days' where job_id = :id",
        id=job_id,
    )
    return Middle(
        f"select from procrastinate_jobs where id = {job_id} for update",
        count("select 1 - count(*) from procrastinate_jobs where id = :id", id=job_id),
    )


def a_code(days_old):
    """A one-time code that nobody has sent yet, made some days ago."""
    return change(
        "insert into one_time_code (asker_hash, phone, seed, created_at, until, tries, way)"
        " values (:key, '+6281200009999', 'x', now() - :days * interval '1 day',"
        " now() + interval '9 minutes', 0, '') returning id",
        key=uuid.uuid4().bytes,
        days=days_old,
    ).scalar()


@middle("core.send_code")
def a_code_to_send(_market):
    saved(Person(name="Tini", call_me="Bu Tini", phone="+6281200009999"))
    code_id = a_code(days_old=0)
    return Middle(
        f"select from one_time_code where id = {code_id} for update",
        count("select count(*) from one_time_code where id = :id and sent_at > now()"
              " - interval '1 hour'", id=code_id),
        {"code_id": code_id},
    )  # fmt: skip


@middle("core.forget_codes")
def an_old_code(_market):
    code_id = a_code(days_old=3)
    return Middle(
        f"select from one_time_code where id = {code_id} for update",
        count("select 1 - count(*) from one_time_code where id = :id", id=code_id),
    )


@middle("core.delete_copies")
def copies_of_a_forgotten_picture(_market):
    """It writes no row, so it is killed as soon as it is seen to run: before, among or after."""
    base, sent = images.new_base(), f"private/sent/{uuid.uuid4().hex}"
    names = [*images.keys(base, 1200), sent]
    for name in names:
        album.storage().put(name, b"x", "image/jpeg")
    return Middle(
        None,
        lambda: int(not any(album.storage().exists(name) for name in names)),
        {"picture_id": 1, "base": base, "width": 1200, "sent": sent},
    )


def a_photo():
    photo = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(photo, "JPEG")
    return photo.getvalue()


@middle("core.redraw_picture")
def a_picture_sent(_market):
    picture_id = album.receive(actor=SYSTEM, content=a_photo(), alt="").id
    return Middle(
        writing("audit"), audited("picture.ready", picture_id), {"picture_id": picture_id}
    )


def a_photo_from_a_phone(market):
    """All its bytes are here; she who sends it, and the photo."""
    actor, content, photo_id = market.sells, a_photo(), uuid.uuid4()
    uploading.begin(actor=actor, wish=Wish(photo_id, len(content)))
    found = uploading.add_piece(actor=actor, photo_id=photo_id, start=0, content=content)
    return actor, found


@middle("core.keep_arrival")
def a_photo_all_of_which_is_here(market):
    _actor, found = a_photo_from_a_phone(market)
    arrived = count(
        "select count(*) from arrival where id = :id and state = 'arrived'", id=found.id
    )
    return Middle(writing("audit"), arrived, {"arrival_id": found.id})


@middle("core.sweep_arrivals")
def half_a_photo_from_long_ago(market):
    wish = Wish(uuid.uuid4(), bytes=10)
    arrival_id = uploading.begin(actor=market.sells, wish=wish).id
    change("update arrival set expires_at = now() - interval '1 day' where id = :id", id=arrival_id)
    return Middle(
        f"select from arrival where id = {arrival_id} for update",
        count("select 1 - count(*) from arrival where id = :id", id=arrival_id),
    )


@middle("core.send_notice")
def a_notice(market):
    person_id = market.sells.person_id
    key = f"killed:{next(numbers)}"
    in_transaction()(notify.tell)(
        event_key=key, people=[person_id], title=_("Pesan"), text=_("Pesan")
    )
    notice_id = count("select id from notice where event_key = :key", key=key)()
    sent = count("select count(*) from notice where id = :id and state <> 'waiting'", id=notice_id)
    return Middle(writing("notice"), sent, {"notice_id": notice_id})


def an_erased_person():
    person = a_maker(next(numbers))
    change("update person set erased_at = now() where id = :id", id=person.id)
    db.session.expire_all()
    return person


@middle("core.note_erasure")
def an_erasure_to_keep(_market):
    """It writes no row, only a file outside the database."""
    person = an_erased_person()
    listed = settings(BackupSettings).path / "erasures"
    return Middle(
        None,
        lambda: len(list(listed.glob(f"{person.id}-*.json"))),
        {"person_id": person.id},
    )


@middle("core.erase_again")
def a_person_whom_a_restore_brought_back(_market):
    person = an_erased_person()
    erasures.note_erasure.run(person_id=person.id)
    change("update person set erased_at = null where id = :id", id=person.id)
    gone = count(
        "select count(*) from person where id = :id and erased_at is not null", id=person.id
    )
    return Middle(f"select from person where id = {person.id} for update", gone)


# Makers and cooperatives


@middle("sellers.end_rests")
def a_rest_that_is_over(_market):
    yesterday = clock.today() - timedelta(days=1)
    seller_id = a_seller(resting=True, resting_until=yesterday).id
    return Middle(writing("audit"), audited("shop.reopen", seller_id))


@middle("sellers.mind_permits")
def a_permit_that_ends(market):
    soon = clock.today() + timedelta(days=20)
    values = {"kind": "pirt", "number": "2069999010001-31", "valid_until": soon}
    permit_id = saved(Permit(seller_id=market.maker.id, **values)).id
    return Middle(
        writing("task"),
        count(
            "select count(*) from task where doc_type = 'permit' and doc_id = :id"
            " and closed_at is null",
            id=str(permit_id),
        ),
    )


@middle("sellers.attach_photo")
def an_awaited_photo_that_has_come(market):
    actor, found = a_photo_from_a_phone(market)
    listing_id = a_listing(market.maker).id
    awaited.expect(actor=actor, listing_id=listing_id, photo_id=found.photo_id)
    arrival_jobs.keep_arrival.run(arrival_id=found.id)
    picture_id = count("select picture_id from arrival where id = :id", id=found.id)()
    shown = count("select count(*) from listing_picture where listing_id = :id", id=listing_id)
    facts = {"photo_id": str(found.photo_id), "person_id": actor.person_id}
    return Middle(writing("audit"), shown, facts | {"picture_id": picture_id})


@middle("cooperatives.attach_note_photo")
def a_photo_of_goods_that_has_come(market):
    actor, found = a_photo_from_a_phone(market)
    note = a_note(market.kiosk, market.maker, a_variant(a_listing(market.maker)))
    a_photo_awaited(actor=actor, note_id=note.id, photo_id=found.photo_id)
    arrival_jobs.keep_arrival.run(arrival_id=found.id)
    picture_id = count("select picture_id from arrival where id = :id", id=found.id)()
    facts = {"photo_id": str(found.photo_id), "person_id": actor.person_id}
    return Middle(
        f"select from consign_photo where photo_id = '{found.photo_id}' for update",
        count(
            "select count(picture_id) from consign_photo where photo_id = :id", id=found.photo_id
        ),
        facts | {"picture_id": picture_id},
    )


@middle("sellers.forget_awaited")
def a_photo_of_a_lost_phone(market):
    listing_id, photo_id = a_listing(market.maker).id, uuid.uuid4()
    awaited.expect(actor=market.sells, listing_id=listing_id, photo_id=photo_id)
    change(
        "update expected_photo set created_at = now() - interval '40 days' where photo_id = :id",
        id=photo_id,
    )
    return Middle(
        f"select from expected_photo where photo_id = '{photo_id}' for update",
        count("select 1 - count(*) from expected_photo where photo_id = :id", id=photo_id),
    )


@middle("cooperatives.forget_drafts")
def a_draft_of_long_ago(market):
    act_id = uuid.uuid4()
    drafts.save(actor=market.sells, seller_id=market.maker.id, act_id=act_id, fields={})
    change(
        "update product_draft set saved_at = now() - interval '90 days' where act_id = :id",
        id=act_id,
    )
    return Middle(
        f"select from product_draft where act_id = '{act_id}' for update",
        count("select 1 - count(*) from product_draft where act_id = :id", id=act_id),
    )


@middle("cooperatives.pin_forgotten")
def a_member_without_a_pin(market):
    person_id = a_maker(next(numbers)).id
    joined = {"cooperative_id": market.cooperative.id, "joined_on": clock.today()}
    membership = saved(Membership(person_id=person_id, **joined))
    done = count(
        "select count(*) from task where doc_type = 'membership' and doc_id = :id",
        id=str(membership.id),
    )
    return Middle(writing("task"), done, {"person_id": person_id})


@middle("cooperatives.pay_way_missed")
def a_wrong_proof_before_her_pay_way(market):
    person_id = a_maker(next(numbers)).id
    joined = {"cooperative_id": market.cooperative.id, "joined_on": clock.today()}
    membership = saved(Membership(person_id=person_id, **joined))
    done = count(
        "select count(*) from task where kind = 'cooperatives.pay_way_missed' and doc_id = :id",
        id=str(membership.id),
    )
    return Middle(writing("task"), done, {"person_id": person_id, "towards": pay_ways.PAGE})


@middle("cooperatives.tell_help")
def an_owner_whose_helper_worked(market):
    _made, helper = a_mandate(market.maker, a_maker(next(numbers)).id)
    _helped(actor=helper)
    done = count("select count(*) from notice where event_key like :key",
                 key=f"help:{market.maker.person_id}:%")  # fmt: skip
    return Middle(writing("notice"), done, {})


@in_transaction()
def _helped(session, *, actor):
    audit.record(session, actor, "stock.press", "variant", 1)


@middle("cooperatives.settle")
def a_round_of_settlements(_market):
    """Three members are owed something; killed in its middle, each is settled once all the same."""
    cooperative = a_cooperative()  # Whoever else is owed something is of no matter here.
    sharing = [parties(cooperative_id=cooperative.id) for _ in range(3)]
    for one in sharing:
        owed_without_an_order(one, 10_000)
    wait_until_decided()
    treasurer = a_treasurer(cooperative.id)
    begun = rounds.begin(actor=treasurer, organisation_id=cooperative.id)
    done = count("select count(*) from settlement_round where done_at is not null"
                 " and settled = 3 and total = 30000")  # fmt: skip
    return Middle(writing("settlement_entry"), done, {"round_id": begun.id})


@middle("cooperatives.watch_turnover")
def a_member_near_the_limit(_market):
    """She has sold for 450 million this year, which nobody has told her."""
    cooperative = a_cooperative()  # Whoever else is owed something is of no matter here.
    sharing = parties(cooperative_id=cooperative.id)
    owed_without_an_order(sharing, 450_000_000, kind="earned")
    told = count("select count(*) from notice where event_key like 'turnover:%'")
    return Middle(writing("notice"), told)


@middle("cooperatives.pay_batch")
def a_list_of_payouts(_market):
    """C2: three transfers of one list; killed in its middle, each is paid once all the same."""
    cooperative = a_cooperative()  # Whoever else is owed something is of no matter here.
    sharing = [parties(cooperative_id=cooperative.id) for _ in range(3)]
    treasurers = [a_treasurer(cooperative.id) for _ in range(2)]
    batch = a_sent_batch(cooperative.id, sharing, *treasurers)
    batches.confirm(actor=treasurers[0], batch_id=batch.id)
    paid = count(
        "select (count(*) = 3)::int from payout p join journal j on j.kind = 'payout'"
        " and j.doc_type = 'payout' and j.doc_id = p.id::text where p.batch_id = :id"
        " and p.state = 'paid'",
        id=batch.id,
    )
    return Middle(writing("settlement_entry"), paid, {"batch_id": batch.id})


@middle("cooperatives.end_silent_tills")
def a_silent_till(market):
    place = a_place("kiosk", market.cooperative)
    keeper = Actor(a_maker(next(numbers)).id, is_system=True)
    lease.take(actor=keeper, place_id=place.id, device_id=uuid.uuid4())
    change("update counter_lease set until = now() - interval '1 minute'")
    return Middle(writing("audit"), audited("till.fell_silent", place.id))


@middle("cooperatives.compare")
def goods_long_on_the_way(market):
    """Nothing is wrong with them: the house is in order afterwards."""
    lot = a_lot(a_variant(a_listing(market.maker)), market.kiosk)
    way = in_transaction()(places.transit_of)(organisation_id=market.kiosk.organisation_id)
    goods.transfer_goods(actor=SYSTEM, from_place_id=market.kiosk.id, to_place_id=way.id,
                         doc=a_doc("carry"), portions=[Portion(lot.id, 4)])  # fmt: skip
    change("alter table movement disable trigger user")
    change("update movement set posted_at = posted_at - interval '9 days' where to_place_id = :id",
           id=way.id)  # fmt: skip
    change("alter table movement enable trigger user")
    return Middle(writing("task"), tasks_of(comparing.TRANSIT.name, "place", way.id))


@middle("cooperatives.carry_forward")
def sums_to_carry(_market):
    """What a maker is owed; killed in its middle, each entry is carried once all the same."""
    cooperative = a_cooperative()
    sharing = parties(cooperative_id=cooperative.id)
    owed_without_an_order(sharing, 10_000)
    carried = count(
        "select count(*) from carried_page p join account a on a.id = p.account_id"
        " where a.organisation_id = :id and p.balance = -10000",
        id=cooperative.id,
    )
    return Middle(writing("carried_page"), carried)


@middle("cooperatives.ask_to_close")
def a_day_that_nobody_closed(market):
    day = in_transaction()(days.books_of)(market.kiosk.id, clock.now())
    change("update trading_day set day = day - 1 where id = :id", id=day.day_id)
    asked = tasks_of(watching.UNCLOSED.name, "trading_day", day.day_id)
    return Middle(writing("task"), asked)


@middle("cooperatives.ask_to_pull")
def a_jar_that_must_leave_the_shelf(market):
    a_lot(first_size(a_product(units=1)), market.kiosk, 1, best_before=clock.today())
    return Middle(writing("task"), tasks_of(pulling.PULL.name, "place", market.kiosk.id))


# Orders


def picked_up(market):
    """A jar of goods of its own, paid for at the kiosk: the order and its parcel."""
    size = first_size(a_product(units=1, at=market.kiosk))
    placed = order((size, 1), pickup=market.kiosk, method="cash_pickup")
    return placed, parcels_of(placed)[0]


@middle("orders.lapse_due")
def an_unpaid_order(market):
    placed = order((market.tiwul, 1))
    change(
        "update order_placed set pay_by = now() - interval '1 minute' where id = :id", id=placed.id
    )
    return Middle(writing("audit"), audited("order.lapsed", placed.id))


@middle("orders.earn_due")
def a_parcel_whose_quiet_days_are_over(market):
    placed = order((market.batik, 1))
    attempt = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=attempt.id, amount=attempt.amount)
    run_jobs()
    (parcel,) = parcels_of(placed)
    for step in (fulfilment.accept, fulfilment.pack, handover.hand_over, handover.deliver):
        step(actor=market.weaves, parcel_id=parcel.id)
    change(
        "update parcel set quiet_until = now() - interval '1 minute' where id = :id", id=parcel.id
    )
    earned = count(
        "select count(*) from entry e join account a on a.id = e.account_id"
        " join journal j on j.id = e.journal_id where a.kind = 'maker'"
        " and j.kind = 'earned' and j.doc_id = :id",
        id=str(parcel.id),
    )
    return Middle(writing("entry"), earned)


@middle("orders.mend_shortage")
def a_shortfall(market):
    """The promised jar is spilt, and there is no other."""
    placed, parcel = picked_up(market)
    (line,) = parcels.goods(db.session(), parcel.id)
    goods.write_off(
        actor=SYSTEM,
        doc=a_doc("waste"),
        place_id=market.kiosk.id,
        portions=[Portion(line.lot_id, 1)],
        reason="tumpah",
    )
    shortfall_id = count("select max(id) from shortfall")()
    told = "select count(*) from order_event where order_id = :id and what = 'goods_gone'"
    return Middle(writing("audit"), count(told, id=placed.id), {"shortfall_id": shortfall_id})


@middle("orders.ask_makers")
def a_due_order(market):
    placed, parcel = picked_up(market)
    return Middle(
        writing("notice"),
        tasks_of(fulfilment.ANSWER.name, "parcel", parcel.id),
        {"order_id": str(placed.id)},
    )


@middle("orders.call_late")
def an_unanswered_parcel(market):
    _placed, parcel = picked_up(market)
    run_jobs()
    change("update parcel set accept_by = now() - interval '1 minute' where id = :id", id=parcel.id)
    return Middle(writing("task"), tasks_of(fulfilment.LATE.name, "parcel", parcel.id))


@middle("orders.forget_ended")
def an_ended_order(market):
    placed, parcel = picked_up(market)
    run_jobs()
    endings.cancel(actor=SYSTEM, order_id=placed.id)
    closed = tasks_of(fulfilment.ANSWER.name, "parcel", parcel.id, "closed_at is not null")
    return Middle(writing("task"), closed, {"order_id": str(placed.id)})


# Payments at the gateway that runs beside these tests


def at_the_gateway(market, *, opened=True, paid=True):
    """An order whose buyer has gone to pay, and what its newest attempt is called."""
    placed = order((first_size(a_product(units=1, at=market.kiosk)), 1), method="qris")
    if opened:
        opening.open_payment(actor=SYSTEM, order_id=placed.id)
    if opened and paid:
        simulated.pay(f"{placed.number}-1")
    return placed, attempt_of(placed)


def in_state(attempt, state):
    return count(
        "select count(*) from attempt where id = :id and state = :state",
        id=attempt.id,
        state=state,
    )


@middle("orders.open_payment")
def a_payment_to_open(market):
    placed, attempt = at_the_gateway(market, opened=False)
    return Middle(writing("audit"), in_state(attempt, "pending"), {"order_id": str(placed.id)})


@middle("orders.ask_gateways")
def a_payment_nobody_told_of(market):
    _placed, attempt = at_the_gateway(market)
    change(
        "update attempt set created_at = now() - interval '5 minutes' where id = :id", id=attempt.id
    )
    asked = f"select from attempt where id = '{attempt.id}' for update"
    return Middle(asked, in_state(attempt, "captured"))


@middle("orders.apply_notices")
def a_notice_of_a_payment(market):
    _placed, attempt = at_the_gateway(market)
    return Middle(writing("audit"), in_state(attempt, "captured"), {"attempt_id": str(attempt.id)})


def a_refund(market):
    """Paid, cancelled, and to be sent back through the gateway; its id."""
    placed, attempt = at_the_gateway(market)
    asking.learn(actor=SYSTEM, attempt_id=attempt.id)
    endings.cancel(actor=SYSTEM, order_id=placed.id)
    return count("select id from refund where attempt_id = :id", id=attempt.id)()


def sent_back(refund_id):
    return count("select count(*) from refund where id = :id and state = 'done'", id=refund_id)


@middle("orders.send_refund")
def a_refund_to_send(market):
    refund_id = a_refund(market)
    return Middle(writing("audit"), sent_back(refund_id), {"refund_id": str(refund_id)})


@middle("orders.send_refunds_again")
def a_refund_given_up(market):
    refund_id = a_refund(market)
    change("update refund set created_at = now() - interval '1 hour' where id = :id", id=refund_id)
    return Middle(writing("audit"), sent_back(refund_id))


@middle("orders.match_report")
def a_report_to_match(market):
    """The file tells of one payment, and nobody has laid it beside the books yet."""
    placed, attempt = at_the_gateway(market)
    asking.learn(actor=SYSTEM, attempt_id=attempt.id)
    file = writing_reports.midtrans(writing_reports.m_paid(attempt_of(placed)))
    report_id = intake.take_in(actor=market.treasurers[0], found=intake.read(file))
    matched = count(
        "select count(*) from report_line where report_id = :id and state = 'ok'", id=report_id
    )
    return Middle(writing("report_line"), matched, {"report_id": report_id})


@middle("orders.mind_reports")
def a_payment_that_no_report_tells_of(market):
    _placed, attempt = at_the_gateway(market)
    asking.learn(actor=SYSTEM, attempt_id=attempt.id)
    change(
        "update attempt set captured_at = now() - interval '40 days' where id = :id", id=attempt.id
    )
    found = "select count(*) from report_line where kind = 'missing' and attempt_id = :id"
    return Middle(writing("report_line"), count(found, id=attempt.id))


@middle("orders.forget_refund_accounts")
def an_account_that_is_needed_no_more(market):
    placed, _parcel = picked_up(market)
    change(
        "insert into refund_account (order_id, bank, tail, sealed, given_at)"
        " values (:id, 'bri', '1234', '', now() - interval '400 days')",
        id=placed.id,
    )
    return Middle(writing("audit"), audited("refund_account.erase", placed.id))


@middle("orders.ask_for_rates")
def a_rate_that_is_old(_market):
    change(
        "insert into exchange_rate (currency, rate_micros, valid_from, source, needs_second)"
        " values ('USD', 16000000000, now() - interval '90 days', 'rekaan', false)"
    )
    return Middle(writing("task"), tasks_of(exchange.RENEW.name, "currency", "USD"))


# Claims


def a_problem(market, wish):
    """One of two scarves came broken, the other is at home: the claim, and the lot."""
    scarf = a_variant(a_listing(market.weaver, name="Selendang"), price=50_000)
    lot = a_lot(scarf, market.homes[1], 2)
    _placed, parcel = came(market, (scarf, 1))
    return a_claim(parcel, 1, trouble="broken", wish=wish), lot


def escalated(claim):
    return count("select count(*) from claim where id = :id and state = 'escalated'", id=claim.id)


@middle("orders.mind_claims")
def a_claim_nobody_answered(market):
    claim, _lot = a_problem(market, "money")
    change("update claim set due_at = now() - interval '1 minute' where id = :id", id=claim.id)
    return Middle(writing("audit"), escalated(claim))


@middle("orders.mend_replacement")
def a_replacement_that_is_gone(market):
    claim, lot = a_problem(market, "replace")
    reply = Reply("replace", {rows_of(claim)[0].line_id: 1})
    claim_answers.answer(actor=market.weaves, claim_id=claim.id, reply=reply)
    goods.write_off(
        actor=SYSTEM,
        doc=a_doc("waste"),
        place_id=market.homes[1].id,
        portions=[Portion(lot.id, 1)],
        reason="digigit tikus",
    )
    shortfall_id = count("select max(id) from shortfall")()
    return Middle(writing("audit"), escalated(claim), {"shortfall_id": shortfall_id})


# The shop


@middle("shop.learn_words")
def a_new_word(_market):
    listing_id = a_listing(name="Slondok").id
    known = count("select count(*) from search_word where word = 'slondok'")
    return Middle(writing("search_word"), known, {"listing_id": listing_id})


@middle("shop.recount_words")
def a_word_that_stands_nowhere(_market):
    change("insert into search_word (word, listings, makers) values ('hantu', 1, 0)")
    forgotten = count("select 1 - count(*) from search_word where word = 'hantu'")
    return Middle(writing("search_word"), forgotten)


@middle("shop.draw_demo_picture")
def a_shop_without_a_picture(_market):
    """The last one, so that it asks for no other."""
    key = next(reversed(DRAWN))
    seller_id = a_seller(slug=DRAWN[key]["slug"]).id
    return Middle(writing("audit"), audited("photo.show_shop", seller_id), {"key": key})
