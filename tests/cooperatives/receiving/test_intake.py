"""A keeper takes in what a maker brings: once, under the terms of that day, and mended honestly."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cooperatives.consignment import NotSoldHere
from cooperatives.counter import Scan
from cooperatives.goods import PlaceClosed
from cooperatives.models import (
    BringOffer,
    BringOfferLine,
    ConsignNote,
    Lot,
    Movement,
    Terms,
    TermsRate,
)
from cooperatives.places import close_place
from cooperatives.receiving import agreeing, bringers, intake, note_paper, notes
from cooperatives.receiving.agreeing import SaysNothing
from cooperatives.receiving.asked import Line, WrongBoxes
from cooperatives.receiving.intake import NotWhole
from cooperatives.receiving.note_news import DISPUTED
from cooperatives.rights import KEEP
from cooperatives.shelf import standing
from core import clock, tasks
from core.actors import SYSTEM
from core.db import db
from core.errors import NotFound
from core.notices import Notice
from sellers.rights import SELL
from tests.cooperatives.factories import (
    a_cooperative,
    a_doc,
    a_listing,
    a_place,
    a_seller,
    a_variant,
    level,
    promised,
    saved,
    sell,
)
from tests.cooperatives.receiving.factories import a_note, act, an_offered, taken_in
from tests.factories import an_actor, give

pytestmark = pytest.mark.service


@pytest.fixture
def kiosk(session):
    return a_place("kiosk")


@pytest.fixture
def keeper(kiosk):
    actor = an_actor()
    give(actor, KEEP, kiosk.id)
    return actor


@pytest.fixture
def owner(session):
    return a_seller()


@pytest.fixture
def hers(owner):
    actor = an_actor(phone="0812-1111-2222")
    give(actor, SELL, owner.id)
    return actor


@pytest.fixture
def variant(owner):
    return a_variant(a_listing(owner, shelf_life_days=90))


def content(kiosk, owner, **boxes):
    return {"place": kiosk.id, "owner": owner.id, **boxes}


def told(note):
    return notes.paper(db.session(), note)


def test_what_came_is_a_lot_under_the_terms_of_that_day(session, kiosk, keeper, owner, variant):
    boxes = {f"jumlah-{variant.id}": 24, f"batch-{variant.id}": "B 7"}
    answer = act(intake.ACT, keeper, content(kiosk, owner, **boxes))
    note = session.get(ConsignNote, uuid.UUID(answer["note"]))
    (row,) = told(note).rows
    lot = session.get(Lot, row.lot_id)
    assert (lot.owner_id, lot.terms_id, lot.batch) == (owner.id, note.terms_id, "B 7")
    assert lot.best_before == clock.today() + timedelta(days=90)
    assert (row.quantity, row.price, row.for_owner) == (24, 15_000, 12_750)
    assert level(lot, kiosk) == (24, 0, 0)
    assert note.number in answer["sentence"]


def test_a_note_sent_twice_is_one_note(session, kiosk, keeper, owner, variant):
    said, act_id = content(kiosk, owner, **{f"jumlah-{variant.id}": 5}), uuid.uuid4()
    assert act(intake.ACT, keeper, said, act_id) == act(intake.ACT, keeper, said, act_id)
    assert session.scalar(select(func.count()).select_from(Movement)) == 1


def test_later_terms_leave_the_note_as_it_was(session, kiosk, owner, variant):
    note = a_note(kiosk, owner, variant)
    newer = saved(Terms(organisation_id=owner.organisation_id, version=2, valid_from=clock.today()))
    saved(TermsRate(terms_id=newer.id, channel="counter", place_kind="kiosk",
                    cooperative_bp=100, kiosk_bp=100, operator_bp=0))  # fmt: skip
    (row,) = told(note).rows
    assert row.for_owner == 12_750
    (newest,) = told(a_note(kiosk, owner, variant)).rows
    assert newest.for_owner == 14_700


def test_notes_count_within_their_place(session, kiosk, owner, variant):
    other = a_place("kiosk")
    serials = [a_note(place, owner, variant).serial for place in (kiosk, kiosk, other)]
    assert serials == [1, 2, 1]


def test_what_is_refused_does_not_come_in_and_says_why(session, kiosk, owner, variant, hers):
    note = a_note(kiosk, owner, variant, 0, refused=6, reason="broken")
    (row,) = told(note).rows
    assert (row.quantity, row.refused, str(row.reason)) == (0, 6, "Kemasan rusak")
    assert session.scalar(select(func.count()).select_from(Movement)) == 0
    notice = session.scalars(select(Notice).where(Notice.person_id == hers.person_id)).one()
    assert notice.link == f"/ibu/titip/nota/{note.id}"


def test_the_keeper_takes_in_from_an_offer_and_sees_the_difference(
    session, kiosk, keeper, owner, variant
):
    never = a_variant(a_listing(owner))
    offer_id = an_offered(kiosk, owner, variant, 20)
    saved(BringOfferLine(offer_id=offer_id, variant_id=never.id, quantity=3))
    boxes = {f"jumlah-{variant.id}": 18, "offer": offer_id}
    answer = act(intake.ACT, keeper, content(kiosk, owner, **boxes))
    paper = told(session.get(ConsignNote, uuid.UUID(answer["note"])))
    assert [(row.quantity, row.offered) for row in paper.rows] == [(18, 20)]
    assert [(one.variant_id, one.quantity) for one in paper.absent] == [(never.id, 3)]
    assert session.get(BringOffer, offer_id).state == "taken"


def test_an_offer_of_somebody_else_is_not_ended(session, kiosk, keeper, owner, variant):
    stranger = a_seller()
    offer_id = an_offered(kiosk, stranger, a_variant(a_listing(stranger)))
    act(intake.ACT, keeper, content(kiosk, owner, **{f"jumlah-{variant.id}": 1, "offer": offer_id}))
    assert session.get(BringOffer, offer_id).state == "open"


@pytest.mark.parametrize(
    ("box", "typed"),
    [("jumlah", "dua"), ("jumlah", "-1"), ("jumlah", "1.5"), ("jumlah", "99999999"),
     ("sampai", "besok"), ("sampai", "0000-01-01"), ("sampai", "2020-01-01"),
     ("batch", "x" * 41), ("tolak", "3")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_beside_its_box(session, kiosk, keeper, owner, variant,
                                                    box, typed):  # fmt: skip
    boxes = {f"jumlah-{variant.id}": 5, f"{box}-{variant.id}": typed}
    with pytest.raises(WrongBoxes) as refused:
        act(intake.ACT, keeper, content(kiosk, owner, **boxes))
    named = "alasan" if box == "tolak" else box
    assert list(refused.value.wrong) == [f"{named}-{variant.id}"]
    assert session.scalar(select(func.count()).select_from(ConsignNote)) == 0


def test_an_empty_basket_is_no_note(session, kiosk, keeper, owner):
    with pytest.raises(WrongBoxes):
        act(intake.ACT, keeper, content(kiosk, owner))


def test_another_womans_product_is_not_hers_to_bring(session, kiosk, keeper, owner):
    with pytest.raises(NotFound):
        act(intake.ACT, keeper, content(kiosk, owner, **{f"jumlah-{a_variant().id}": 1}))


def test_nobody_takes_in_at_a_place_she_does_not_keep(session, kiosk, owner, variant):
    stranger = an_actor(phone="0812-3333-4444")
    with pytest.raises(NotFound):
        act(intake.ACT, stranger, content(kiosk, owner, **{f"jumlah-{variant.id}": 1}))


def test_a_closed_place_takes_nothing_in(session, kiosk, keeper, owner, variant):
    close_place(actor=SYSTEM, place_id=kiosk.id)
    with pytest.raises(PlaceClosed):
        act(intake.ACT, keeper, content(kiosk, owner, **{f"jumlah-{variant.id}": 1}))


def test_terms_that_do_not_sell_here_take_nothing_in(session, kiosk, keeper, owner, variant):
    silent = Terms(organisation_id=owner.organisation_id, version=2, valid_from=clock.today())
    saved(silent)
    with pytest.raises(NotSoldHere):
        act(intake.ACT, keeper, content(kiosk, owner, **{f"jumlah-{variant.id}": 1}))


def test_a_wrong_number_is_mended_by_its_mirror_image(session, kiosk, owner, variant, hers):
    note = a_note(kiosk, owner, variant, 20)
    agreeing.agree(actor=hers, note_id=note.id)
    for quantity in (24, 0, 22, 22):
        intake.correct(actor=SYSTEM, note_id=note.id, line=0, quantity=quantity)
        session.expire_all()
        (row,) = told(note).rows
        assert row.quantity == quantity
        assert level(session.get(Lot, row.lot_id), kiosk) == (quantity, 0, 0)
    kinds = list(session.scalars(select(Movement.kind).order_by(Movement.id)))
    assert kinds == ["receive", "reversal", "receive", "reversal", "receive"]
    assert note.agreed_at is None, "she agreed to another number"


def test_what_was_sold_or_promised_is_no_longer_mended_here(session, kiosk, owner, variant):
    note = a_note(kiosk, owner, variant, 20)
    sell(actor=SYSTEM, place_id=kiosk.id, lines=[Scan(variant.id, 1)], doc=a_doc("counter_sale"))
    with pytest.raises(NotWhole):
        intake.correct(actor=SYSTEM, note_id=note.id, line=0, quantity=24)
    later = a_note(kiosk, owner, variant, 5)
    promised(wishes=[(variant, 24)])
    with pytest.raises(NotWhole):
        intake.correct(actor=SYSTEM, note_id=later.id, line=0, quantity=4)


def test_the_owner_says_what_does_not_fit_and_the_keeper_answers(
    session, kiosk, keeper, owner, variant, hers
):
    note = a_note(kiosk, owner, variant)
    with pytest.raises(SaysNothing):
        agreeing.dispute(actor=hers, note_id=note.id, words="  ")
    agreeing.dispute(actor=hers, note_id=note.id, words="Saya antar 12")
    assert tasks.is_open(session, DISPUTED, doc=("consign_note", note.id))
    agreeing.answer(actor=keeper, note_id=note.id, words="Sudah dihitung lagi")
    assert not tasks.is_open(session, DISPUTED, doc=("consign_note", note.id))
    agreeing.agree(actor=hers, note_id=note.id)
    session.expire_all()
    assert (note.agreed_how, note.answer) == ("phone", "Sudah dihitung lagi")


def test_a_thumb_print_agrees_for_who_has_no_phone(session, kiosk, keeper, owner, variant):
    note = a_note(kiosk, owner, variant)
    with pytest.raises(agreeing.NotAPicture):
        agreeing.sign(actor=keeper, note_id=note.id, photo=b"%PDF-1.4")
    agreeing.sign(actor=keeper, note_id=note.id, photo=b"\xff\xd8\xff\xe0")
    session.expire_all()
    assert note.agreed_how == "paper"
    assert len(agreeing.signatures(session, note)) == 1


def test_a_stranger_neither_reads_nor_disputes(session, kiosk, owner, variant):
    note, stranger = a_note(kiosk, owner, variant), an_actor(phone="0812-3333-4444")
    with pytest.raises(NotFound):
        agreeing.dispute(actor=stranger, note_id=note.id, words="x")
    with pytest.raises(NotFound):
        notes.get_kept(session, stranger, note.id)


def test_whatsapp_says_what_came_and_what_she_gets(session, kiosk, owner, variant):
    text = notes.whatsapp(told(a_note(kiosk, owner, variant, 24, refused=2, reason="broken")))
    assert "24 Keripik" in text
    assert "Rp 12.750" in text.replace("\u00a0", " ")
    assert "kemasan rusak" in text.lower()


def test_a_long_note_still_fits_a_message(session, kiosk, owner):
    sizes = [a_variant(a_listing(owner, name=f"Keripik sangat gurih {n}")) for n in range(30)]
    note = taken_in(actor=SYSTEM, place_id=kiosk.id, owner_id=owner.id,
                    brought=[Line(one.id, 9) for one in sizes])  # fmt: skip
    text = notes.whatsapp(told(note))
    assert len(text) <= notes.WHATSAPP_MAX
    assert "…" in text
    assert text.endswith("Tidak cocok.")


def test_goods_that_a_cooperative_sells_under_its_own_name_are_taken_in(session):
    """No person owns the shop: the lot is the cooperative's, and whoever sells for it agrees."""
    cooperative = a_cooperative()
    kiosk = a_place("kiosk", cooperative)
    shop = a_seller(cooperative, kind="cooperative", call_me="Koperasi Sendang")
    variant = a_variant(a_listing(shop))
    sells = an_actor()
    give(sells, SELL, shop.id)
    keeper = an_actor(phone="0812-2222-3333")
    give(keeper, KEEP, kiosk.id)
    note = a_note(kiosk, shop, variant, 6, actor=keeper)
    (lot,) = session.query(Lot).filter_by(variant_id=variant.id)
    assert (lot.owner_id, level(lot, kiosk)[0]) == (shop.id, 6)
    assert shop.id in {one.id for one in bringers.of_place(session, kiosk)}
    assert note_paper.drawn(notes.get_kept(session, keeper, note.id)).startswith(b"%PDF-")
    agreeing.agree(actor=sells, note_id=note.id)
    assert session.get(ConsignNote, note.id).agreed_how == "phone"
    assert standing.of_place(session, kiosk)[0].owner == shop.store_name
