"""Makers are paid in cash out of a kiosk's drawer, once, and sign for it."""

import io

import pytest

from cooperatives import pay_ways, payouts, promises_pay_ways
from cooperatives.days import figures, paying
from cooperatives.days.bags import NotInDrawer
from cooperatives.days.promises import ALL
from cooperatives.models import Payout, PayoutBatch, PayWay, Place
from cooperatives.payouts import NotNow
from cooperatives.settling import batches, handing
from cooperatives.settling.handing import AtTheCounter, NotInCash
from cooperatives.settling.together import NeedsSignature
from core import clock, files
from core.errors import NotFound
from core.files import Attachment
from tests.cooperatives.books_factories import account_of, bank, maker_page, stands
from tests.cooperatives.days.factories import (
    a_kiosk,
    a_payout,
    close,
    desk,
    in_drawer,
    open_day,
    sold,
)
from tests.cooperatives.days.test_day_pages import as_
from tests.cooperatives.factories import broken
from tests.factories import token_in

pytestmark = pytest.mark.service
INK = b"\xff\xd8\xff\xe0ink"


@pytest.fixture
def monday(app):
    """A kiosk with 100,000 in its drawer, and 33,480 that wait there for a maker."""
    kiosk = a_kiosk()
    sold(kiosk=kiosk, amount=100_000)
    return a_payout(kiosk)


def paid(monday, actor=None):
    return pay(actor or monday.kiosk.keeper, monday.payout.id)


def pay(keeper, payout_id):
    return paying.pay_out(actor=keeper, payout_id=payout_id, signed=files.store(INK))


def test_she_gets_her_money_once_and_her_signature_is_kept(monday, session):
    assert paid(monday)
    assert not paid(monday)
    assert in_drawer(monday.kiosk) == 66_520
    assert stands(maker_page(monday.sharing)) == 0
    payout = session.get(Payout, monday.payout.id)
    assert (payout.state, payout.reference_no) == ("paid", f"KW-{payout.id}")
    assert files.read(handing.signature_of(session, monday.treasurer, payout.id)) == INK
    with pytest.raises(NotFound):
        handing.signature_of(session, a_kiosk().keeper, payout.id)
    assert broken(promises_pay_ways.ALL) == set()
    session.query(Attachment).delete()
    assert broken(promises_pay_ways.ALL) == {"T8"}


def test_the_day_knows_what_was_counted_out(monday, session):
    paid(monday)
    place = session.get(Place, monday.kiosk.id)
    way = figures.of_day(session, open_day(monday.kiosk), desk(place)).cash
    assert (way.paid_out, way.stands) == (-33_480, 66_520)
    day = open_day(monday.kiosk)
    (row,) = paying.list_paid(session, day, desk(place).cash.account_id)
    assert row.total == 33_480
    close(monday.kiosk, 66_520)
    assert broken(ALL) == set()


def test_another_kiosks_keeper_pays_nothing(monday):
    for stranger in (a_kiosk().keeper, monday.treasurer):
        with pytest.raises(NotFound):
            paid(monday, stranger)
    assert in_drawer(monday.kiosk) == 100_000


def test_nothing_leaves_before_a_second_person_agreed(monday, session):
    session.query(Payout).update({"state": "created", "approved_by": None})
    session.commit()
    with pytest.raises(NotFound):
        paid(monday)


def test_who_is_paid_into_her_bank_gets_no_cash(monday, session):
    payee_id = pay_ways.payee_of(session, monday.sharing.maker.person_id)
    way = PayWay(payee_id=payee_id, kind="bank", bank="bri", tail="1234", sealed=b"x")
    way.asked_at = way.in_force_at = clock.now()
    session.add(way)
    session.commit()
    with pytest.raises(NotInCash):
        paid(monday)
    assert in_drawer(monday.kiosk) == 100_000


def test_a_drawer_pays_no_more_than_it_holds(monday):
    close(monday.kiosk, 100_000, leave=20_000)
    with pytest.raises(NotInDrawer):
        paid(monday)


def test_a_payout_that_leaves_a_bank_is_no_keepers_matter(monday, session):
    source = account_of(bank(monday.kiosk.organisation_id))
    session.query(Payout).update({"source_id": source})
    session.commit()
    with pytest.raises(NotFound):
        paid(monday)
    assert paying.list_waiting(session, monday.kiosk.id) == []


def test_no_treasurer_says_paid_of_what_lies_in_a_kiosks_drawer(monday):
    """Her word would take money out of a drawer that somebody else counts, and nobody signed."""
    facts = {"actor": monday.treasurer, "payout_id": monday.payout.id}
    with pytest.raises(NeedsSignature):
        payouts.send(reference_no="KW-1", **facts)
    with pytest.raises(NotNow):
        payouts.confirm(**facts)
    with pytest.raises(AtTheCounter):
        handing.hand_over(signed=files.store(INK), **facts)
    assert in_drawer(monday.kiosk) == 100_000


def test_a_list_is_over_when_the_keepers_have_paid_it(monday, session):
    """Of two on it one is paid and one is dropped; then nobody is asked about it any more."""
    made, first = session.get(Payout, monday.payout.id), monday.treasurer
    payouts.cancel(actor=first, payout_id=made.id, reason="masuk daftar")
    other = a_payout(monday.kiosk)
    second = other.treasurer
    payouts.cancel(actor=second, payout_id=other.payout.id, reason="masuk daftar")
    batch = batches.prepare(
        actor=first, organisation_id=monday.kiosk.organisation_id, source_id=made.source_id
    )
    batches.approve(actor=second, batch_id=batch.id)
    one, two = session.query(Payout.id).filter_by(batch_id=batch.id).order_by(Payout.id).all()
    pay(monday.kiosk.keeper, one.id)
    assert stage(session, batch) == "approved"
    payouts.cancel(actor=first, payout_id=two.id, reason="belum datang")
    assert stage(session, batch) == "done"


def test_a_list_whose_last_one_is_dropped_is_dropped(monday, session):
    made = session.get(Payout, monday.payout.id)
    payouts.cancel(actor=monday.treasurer, payout_id=made.id, reason="masuk daftar")
    facts = {"organisation_id": monday.kiosk.organisation_id, "source_id": made.source_id}
    batch = batches.prepare(actor=monday.treasurer, **facts)
    second = a_payout(monday.kiosk).treasurer
    batches.approve(actor=second, batch_id=batch.id)
    (last,) = session.query(Payout.id).filter_by(batch_id=batch.id).all()
    payouts.cancel(actor=second, payout_id=last.id, reason="belum datang")
    assert stage(session, batch) == "dropped"


def stage(session, batch):
    session.expire_all()
    return session.get(PayoutBatch, batch.id).stage


def test_the_keeper_pays_on_her_page_with_a_photo(app, monday):
    keeper = as_(app, monday.kiosk.keeper)
    page = keeper.get("/kios-kerja/setor")
    assert "33.480" in page.text
    all_of_them = keeper.get("/kios-kerja/setor/hitungan.pdf")
    assert (all_of_them.mimetype, all_of_them.data[:5]) == ("application/pdf", b"%PDF-")
    url = f"/kios-kerja/setor/bayar/{monday.payout.id}"
    assert keeper.get(f"{url}/hitungan.pdf").data[:5] == b"%PDF-"
    assert keeper.get(f"/kas/bayar/hitungan/{monday.payout.settlement_id}.pdf").status_code == 403
    assert as_(app, a_kiosk().keeper).get(f"{url}/hitungan.pdf").status_code == 404
    token = {"csrf_token": token_in(keeper.get(url))}
    assert "Foto dulu tanda tangan" in keeper.post(url, data=token).text
    for content, status in ((b"no picture", 200), (INK, 303)):
        photo = {"signed": (io.BytesIO(content), "kuitansi.jpg")}
        assert keeper.post(url, data=token | photo).status_code == status
    assert in_drawer(monday.kiosk) == 66_520
    signed = keeper.get(f"{url}/tanda")
    assert (signed.status_code, signed.get_data()) == (200, INK)
    report = keeper.get(f"/kios-kerja/hari/{open_day(monday.kiosk).id}")
    assert f"{url}/tanda" in report.text
