"""Helping hands: agreed to with proof, kept within limits, seen, taken back, ended."""

import uuid

import pytest
from sqlalchemy import select

from cooperatives import help_desk, help_words, home_stock
from cooperatives.rights import COORDINATE
from core import access, acts, audit, conflicts, delivery, doctor, files, tasks
from core.actors import SYSTEM, Actor
from core.audit import Audit
from core.db import db, in_transaction
from core.errors import NotFound
from sellers import listings, shops, variants
from sellers.helping import deeds, limits, mandates, promises
from sellers.helping.consent import Limits
from sellers.helping.models import HelpedDeed, Mandate
from sellers.rights import GOODS, PARTS, PRICES, SELL, STOCK
from tests.cooperatives.factories import a_cooperative, a_home, a_listing, a_seller, a_variant
from tests.cooperatives.help_factories import THUMB, a_mandate, terms
from tests.factories import a_person, give

pytestmark = pytest.mark.service


@pytest.fixture(autouse=True)
def storage(own_storage):
    """Proofs of these tests go into a folder of their own."""


@pytest.fixture
def seller(app):
    return a_seller()


@pytest.fixture
def umi(app):
    return a_person("Umi").id


def press(actor, variant, by):
    pressed = "more" if by > 0 else "sold"
    content = {"variant": str(variant.id), "press": pressed, "quantity": str(abs(by))}
    act_id = uuid.uuid4()
    acts.carry_out(actor=actor, act_id=act_id, kind=home_stock.ACT, content=content)
    return act_id


def last_deed():
    return db.session.scalar(select(HelpedDeed).order_by(HelpedDeed.audit_id.desc()))


def test_a_mandate_gives_its_parts_and_nothing_more(seller, umi):
    mandate, helper = a_mandate(seller, umi, STOCK, PRICES)
    assert access.rights_of(db.session(), helper) == {STOCK.name, PRICES.name}
    assert access.rights_of(db.session(), Actor(umi)) == frozenset()
    assert mandates.parts_of(db.session(), mandate) == [STOCK, PRICES]
    assert "Rekening dan PIN tidak boleh" in mandate.text
    assert [one.sent_by for one in files.list_of(db.session(), mandates.doc_of(mandate.id))]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"days": 0}, mandates.BadDay),
        ({"days": 366}, mandates.BadDay),
    ],
)
def test_an_agreement_has_a_day_to_end_within_a_year(seller, umi, more, refusal):
    with pytest.raises(refusal):
        a_mandate(seller, umi, STOCK, **more)


def test_the_whole_right_is_never_lent(seller, umi):
    with pytest.raises(mandates.NothingAllowed):
        a_mandate(seller, umi, SELL)


def test_nobody_helps_herself_so_no_helper_is_ever_the_one_who_is_paid(seller):
    with pytest.raises(mandates.HelpsHerself):
        a_mandate(seller, seller.person_id, STOCK)


def test_who_writes_down_her_own_mandate_names_a_witness(seller, umi):
    coordinator = Actor(umi)
    give(coordinator, COORDINATE, seller.organisation_id)
    with pytest.raises(mandates.WitnessNeeded):
        a_mandate(seller, umi, STOCK, actor=coordinator)
    made, _helper = a_mandate(seller, umi, STOCK, actor=coordinator, witness="Bu Parti")
    assert made.recorded_by == made.helper_id


def test_a_coordinator_of_another_cooperative_speaks_for_nobody_here(seller, umi):
    stranger = Actor(a_person("Lain").id)
    give(stranger, COORDINATE, a_cooperative().id)
    with pytest.raises(NotFound):
        a_mandate(seller, umi, STOCK, actor=stranger)


def test_a_new_agreement_takes_the_place_of_the_old_one(seller, umi):
    first, _helper = a_mandate(seller, umi, STOCK)
    _second, helper = a_mandate(seller, umi, PRICES)
    assert first.ended_at is not None
    assert access.rights_of(db.session(), helper) == {PRICES.name}


@pytest.mark.parametrize("who", ["owner", "helper", "coordinator"])
def test_it_is_over_at_once_by_one_sentence(seller, umi, who):
    mandate, helper = a_mandate(seller, umi)
    coordinator = Actor(a_person("Koordinator").id)
    give(coordinator, COORDINATE, seller.organisation_id)
    actors = {"owner": seller.person_id, "helper": umi, "coordinator": coordinator.person_id}
    with pytest.raises(mandates.NoReason):
        help_desk.end(actor=Actor(actors[who]), mandate_id=mandate.id, reason=" ")
    help_desk.end(actor=Actor(actors[who]), mandate_id=mandate.id, reason="Cukup sampai di sini.")
    assert access.rights_of(db.session(), helper) == frozenset()
    variant = a_variant(a_listing(seller))
    with pytest.raises(NotFound):
        press(helper, variant, 1)


def test_a_stranger_neither_sees_nor_ends_it(seller, umi):
    mandate, _helper = a_mandate(seller, umi)
    for act in (help_desk.get_mandate,):
        with pytest.raises(NotFound):
            act(db.session(), Actor(a_person("Lain").id), mandate.id)
    with pytest.raises(NotFound):
        help_desk.end(actor=Actor(a_person("Lagi").id), mandate_id=mandate.id, reason="x")
    with pytest.raises(NotFound):
        help_desk.read_proof(actor=Actor(a_person("Pula").id), mandate_id=mandate.id)


def test_reading_the_proof_is_written_down(seller, umi):
    mandate, _helper = a_mandate(seller, umi)
    proof = help_desk.read_proof(actor=Actor(umi), mandate_id=mandate.id)
    assert files.read(proof) == THUMB
    assert db.session.query(Audit).filter_by(action="mandate.proof_read", actor_id=umi).count() == 1


def test_small_steps_of_a_price_do_not_leave_what_a_day_allows(seller, umi):
    _mandate, helper = a_mandate(seller, umi, PRICES, limits=Limits(price_percent=10))
    variant = a_variant(a_listing(seller), price=10_000)

    def set_price(price):
        size = variants.size_of(db.session.get(variants.Variant, variant.id))
        new = variants.replace(size, price=price)
        variants.edit(actor=helper, variant_id=variant.id, size=new)

    set_price(11_000)
    for price in (11_001, 8_999):
        with pytest.raises(limits.BeyondLimit):
            set_price(price)
    set_price(9_000)
    assert db.session.get(variants.Variant, variant.id).price == 9_000


def test_small_presses_on_stock_do_not_leave_what_a_day_allows(seller, umi):
    _mandate, helper = a_mandate(seller, umi, STOCK, limits=Limits(stock_units=5))
    variant = a_variant(a_listing(seller))
    press(helper, variant, 3)
    with pytest.raises(limits.BeyondLimit):
        press(helper, variant, 3)
    press(helper, variant, -2)
    press(Actor(seller.person_id), variant, 50)  # The owner herself knows no limit.


def test_a_price_belongs_to_who_may_set_prices_and_words_to_who_may_write(seller, umi):
    _mandate, helper = a_mandate(seller, umi, GOODS)
    variant = a_variant(a_listing(seller), price=10_000, production_cost=4_000)
    size = variants.size_of(variant)
    with pytest.raises(access.NotForHer):
        variants.edit(actor=helper, variant_id=variant.id, size=variants.replace(size, price=1))
    new = variants.replace(size, weight_grams=300, production_cost=1)
    variants.edit(actor=helper, variant_id=variant.id, size=new)
    assert (variant.weight_grams, variant.production_cost) == (300, 4_000)


def changes(seller, helper):
    """Every act that can be taken back: how it is done, and what was before."""
    listing = a_listing(seller, description="lama")
    variant = a_variant(listing, price=10_000)
    size = variants.replace(variants.size_of(variant), price=12_000)
    edit = {"actor": helper, "listing_id": listing.id}
    yield (
        lambda: variants.edit(actor=helper, variant_id=variant.id, size=size),
        (lambda: db.session.get(variants.Variant, variant.id).price),
    )
    yield lambda: listings.edit(**edit, changes={"tags": ["pedas"]}), lambda: listing.tags
    yield lambda: listings.archive(**edit), lambda: listing.state
    yield lambda: listings.restore(**edit), lambda: listing.state
    yield (
        lambda: shops.edit_profile(
            actor=helper, seller_id=seller.id, changes={"story": "Dari nenek."}
        ),
        lambda: seller.story,
    )
    yield (
        lambda: shops.rest(actor=helper, seller_id=seller.id, note="Panen"),
        (lambda: (seller.resting, seller.rest_note)),
    )
    yield (
        lambda: press(helper, variant, 5),
        (lambda: home_stock.at_home(db.session(), a_home(seller=seller), variant.id).left),
    )


def test_what_a_helper_did_is_seen_with_both_names_and_taken_back(seller, umi):
    mandate, helper = a_mandate(seller, umi)
    for do, look in changes(seller, helper):
        before = look()
        do()
        db.session.expire_all()
        assert look() != before
        deed = last_deed()
        (shown,) = [
            one
            for one in deeds.list_for(db.session(), seller.person_id)
            if one.audit_id == deed.audit_id
        ]
        assert shown.can_undo
        said = help_words.sentence(shown)
        assert shown.helper in said
        assert shown.owner in said
        assert shown.thing in said
        assert help_words.change(shown)
        help_desk.undo(actor=Actor(seller.person_id), audit_id=deed.audit_id)
        help_desk.undo(actor=Actor(seller.person_id), audit_id=deed.audit_id)
        db.session.expire_all()
        assert look() == before, shown.action
    assert doctor.examine_on(db.session(), {one.id: one for one in promises.ALL}) == []
    assert mandate.ended_at is None


def test_what_was_changed_again_is_not_taken_back_blindly(seller, umi):
    _mandate, helper = a_mandate(seller, umi, PRICES)
    variant = a_variant(a_listing(seller), price=10_000)
    for actor, price in ((helper, 11_000), (Actor(seller.person_id), 12_000)):
        size = variants.replace(variants.size_of(variant), price=price)
        variants.edit(actor=actor, variant_id=variant.id, size=size)
    with pytest.raises(deeds.ChangedSince):
        help_desk.undo(actor=Actor(seller.person_id), audit_id=last_deed().audit_id)
    assert variant.price == 12_000


def test_a_helper_alone_takes_nothing_back(seller, umi):
    _mandate, helper = a_mandate(seller, umi)
    listing = a_listing(seller)
    listings.archive(actor=helper, listing_id=listing.id)
    with pytest.raises(NotFound):
        help_desk.undo(actor=Actor(umi), audit_id=last_deed().audit_id)


def test_a_week_fits_into_one_message(seller, umi):
    _mandate, helper = a_mandate(seller, umi)
    variant = a_variant(a_listing(seller))
    for _ in range(20):
        press(helper, variant, 1)
    found = deeds.list_for(db.session(), seller.person_id, helper_id=umi)
    text = help_words.whatsapp("Bantuan Bu Umi", found)
    assert len(text) <= 700
    assert "hal lain" in text
    assert text.endswith("kapan saja.")


def test_who_wants_help_asks_her_coordinator_once(seller):
    owner = Actor(seller.person_id)
    give(owner, SELL, seller.id)
    for _ in range(2):
        help_desk.ask_for_help(actor=owner, seller_id=seller.id)
    coordinator = Actor(a_person("Koordinator").id)
    give(coordinator, COORDINATE, seller.organisation_id)
    (task,) = tasks.list_for(db.session(), coordinator, COORDINATE)
    assert task.link == f"/titip-tangan/baru?toko={seller.id}"


def sent(actor, variant, owner_id):
    """A press as a phone sends it later, done while she was helping."""
    raw = {
        "id": str(uuid.uuid4()), "kind": home_stock.ACT, "version": 1, "by": actor.person_id,
        "at": None, "content": {"variant": str(variant.id), "press": "more"}, "for": owner_id,
    }  # fmt: skip
    (answer,) = delivery.deliver(Actor(actor.person_id), [raw])
    return answer


def test_what_a_phone_sends_after_the_end_is_parked_and_told(seller, umi):
    mandate, helper = a_mandate(seller, umi, STOCK)
    variant = a_variant(a_listing(seller))
    assert sent(helper, variant, seller.person_id).state == delivery.State.DONE
    assert last_deed().after["left"] == 1
    assert sent(helper, variant, None).state == delivery.State.REFUSED
    help_desk.end(actor=helper, mandate_id=mandate.id, reason="Cukup.")
    late = sent(helper, variant, seller.person_id)
    assert late.state == delivery.State.CONFLICT
    assert "sudah berakhir" in late.sentence
    (parked,) = conflicts.list_open(db.session(), umi)
    assert parked.sentence == late.sentence
    told = deeds.list_for(db.session(), seller.person_id, helper_id=umi)[0]
    assert "terlambat. Tidak dipakai" in help_words.sentence(told)
    assert "Umi" in help_words.whatsapp("Minggu ini", [told])
    assert not told.can_undo
    assert doctor.examine_on(db.session(), {one.id: one for one in promises.ALL}) == []
    home = a_home(seller=seller)
    assert home_stock.at_home(db.session(), home, variant.id).left == 1


def test_what_is_parked_is_told_once_and_only_to_whom_she_has_helped(seller, umi):
    mandate, helper = a_mandate(seller, umi, STOCK)
    variant, stranger = a_variant(a_listing(seller)), a_seller().person_id
    help_desk.end(actor=helper, mandate_id=mandate.id, reason="Cukup.")
    raw = {
        "id": str(uuid.uuid4()), "kind": home_stock.ACT, "version": 1, "by": umi,
        "at": None, "content": {"variant": str(variant.id), "press": "more"},
    }  # fmt: skip
    for owner_id in (seller.person_id, seller.person_id):
        list(delivery.deliver(Actor(umi), [{**raw, "for": owner_id}]))
    assert sent(helper, variant, stranger).state == delivery.State.CONFLICT
    told = [one.action for one in deeds.list_for(db.session(), seller.person_id)]
    assert told.count(delivery.PARKED) == 1
    assert deeds.list_for(db.session(), stranger) == []


@in_transaction()
def planted(session, *, actor, act):
    act(session)


def test_the_doctor_finds_rights_without_mandate_and_acts_without_one(seller, umi):
    access.give(
        actor=SYSTEM, person_id=umi, right=STOCK, subject_id=seller.id,
        on_behalf_of=seller.person_id,
    )  # fmt: skip
    access.give(
        actor=SYSTEM, person_id=umi, right=SELL, subject_id=seller.id,
        on_behalf_of=seller.person_id,
    )  # fmt: skip
    strange = Actor(umi, seller.person_id)
    planted(actor=strange, act=lambda session: audit.record(session, strange, "x", "x", 1))
    for promise in promises.ALL:
        assert promise.find(db.session()), promise.id


def test_all_parts_can_be_lent_and_each_says_what_it_is(seller, umi):
    mandate, _helper = a_mandate(seller, umi)
    for part in PARTS:
        assert str(part.label)[1:] in db.session.get(Mandate, mandate.id).text
    assert terms(umi).parts == PARTS
