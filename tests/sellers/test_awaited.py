"""A product and its photos from a phone: whichever comes second finds the other."""

import itertools
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import acts, album, arrival_jobs, arrivals, clock, uploading
from core.access import Grant
from core.actors import Actor
from core.album import Picture
from core.arrivals import Arrival, PhotoGone
from core.db import db
from core.errors import Conflict, DomainError, NotFound
from core.tus import Wish
from sellers import awaited, photos
from sellers.models import ExpectedPhoto, Seller
from sellers.photos import TooManyPhotos
from tests.crowd import sessions_at_once
from tests.factories import a_person
from tests.sellers.factories import a_draft, a_photo_file, a_shop

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("own_storage")]


def sent(actor, photo_id, content=None):
    """All bytes of a photo are here; the id of what has arrived."""
    content = content or a_photo_file()
    found = uploading.begin(actor=actor, wish=Wish(photo_id, len(content)))
    for start in range(0, len(content), uploading.PIECE_BYTES_MAX):
        piece = content[start : start + uploading.PIECE_BYTES_MAX]
        uploading.add_piece(actor=actor, photo_id=photo_id, start=start, content=piece)
    return found.id


def arrive(actor, photo_id, content=None):
    """It is sent, and both jobs have run."""
    arrival_id = sent(actor, photo_id, content)
    arrival_jobs.keep_arrival.run(arrival_id=arrival_id)
    found = db.session.get_one(Arrival, arrival_id, populate_existing=True)
    if found.picture_id:
        news = {"photo_id": str(photo_id), "person_id": actor.person_id}
        awaited.attach_photo.run(picture_id=found.picture_id, **news)
    return found


def expect(actor, listing, photo_id, **more):
    awaited.expect(actor=actor, listing_id=listing.id, photo_id=photo_id, **more)


def shown(listing):
    return [row.id for row in photos.list_of(db.session(), listing.id)]


@pytest.fixture
def hers_and_product(app):
    shop, actor = a_shop()
    return actor, a_draft(shop)


def test_a_photo_that_comes_later_is_attached(hers_and_product, session):
    actor, listing = hers_and_product
    photo_id = uuid4()
    expect(actor, listing, photo_id, alt="Piring penuh")
    assert shown(listing) == []
    found = arrive(actor, photo_id)
    (row,) = photos.list_of(session, listing.id)
    assert (row.id, row.alt, row.state) == (found.picture_id, "Piring penuh", "waiting")
    assert session.get_one(Arrival, found.id, populate_existing=True).taken


def test_a_photo_that_was_there_first_is_attached_at_once(hers_and_product, session):
    actor, listing = hers_and_product
    photo_id = uuid4()
    found = arrive(actor, photo_id)
    expect(actor, listing, photo_id)
    (row,) = photos.list_of(session, listing.id)
    assert (row.id, row.alt) == (found.picture_id, listing.name)


def test_saying_it_twice_or_hearing_it_twice_changes_nothing(hers_and_product):
    actor, listing = hers_and_product
    photo_id = uuid4()
    expect(actor, listing, photo_id)
    expect(actor, listing, photo_id)
    found = arrive(actor, photo_id)
    expect(actor, listing, photo_id)
    news = {"photo_id": str(photo_id), "person_id": actor.person_id}
    awaited.attach_photo.run(picture_id=found.picture_id, **news)
    assert shown(listing) == [found.picture_id]


def test_a_photo_taken_off_does_not_come_back(hers_and_product):
    actor, listing = hers_and_product
    photo_id = uuid4()
    expect(actor, listing, photo_id)
    found = arrive(actor, photo_id)
    photos.remove(actor=actor, listing_id=listing.id, picture_id=found.picture_id)
    expect(actor, listing, photo_id)
    assert shown(listing) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_photos_find_their_places_in_whatever_order_they_come(hers_and_product, order):
    actor, listing = hers_and_product
    old = photos.attach(actor=actor, listing_id=listing.id, content=a_photo_file()).id
    ids = [uuid4() for _ in range(3)]
    for position, photo_id in enumerate(ids):
        expect(actor, listing, photo_id, position=position + 1)
    pictures = {n: arrive(actor, ids[n]).picture_id for n in order}
    assert shown(listing) == [old, *(pictures[n] for n in range(3))]


def test_awaited_photos_need_room_too(hers_and_product):
    actor, listing = hers_and_product
    for _ in range(9):
        expect(actor, listing, uuid4())
    with pytest.raises(TooManyPhotos):
        expect(actor, listing, uuid4())
    with pytest.raises(TooManyPhotos):
        photos.attach(actor=actor, listing_id=listing.id, content=a_photo_file())


def test_a_photo_belongs_to_one_product(hers_and_product, session):
    actor, listing = hers_and_product
    other = a_draft(session.get_one(Seller, listing.seller_id), "Opak")
    photo_id = uuid4()
    expect(actor, listing, photo_id)
    with pytest.raises(Conflict):
        expect(actor, other, photo_id)


def test_somebody_else_s_photo_is_never_attached(hers_and_product):
    actor, listing = hers_and_product
    stranger = Actor(a_person("Wagi", phone="+6281234567891").id)
    photo_id = uuid4()
    expect(actor, listing, photo_id)
    with pytest.raises(NotFound):
        expect(stranger, listing, uuid4())
    arrive(stranger, photo_id)
    assert shown(listing) == []


def test_a_bad_photo_is_not_awaited(hers_and_product, session):
    actor, listing = hers_and_product
    photo_id = uuid4()
    arrive(actor, photo_id, b"<svg xmlns='x'/>" * 20)
    with pytest.raises(DomainError) as refused:
        expect(actor, listing, photo_id)
    assert refused.value.sentence == "Gambar SVG tidak bisa dipakai. Kirim sebagai PNG atau JPEG."
    assert session.query(ExpectedPhoto).count() == 0


def test_a_bad_photo_that_comes_later_is_told_on_the_list(hers_and_product, session):
    actor, listing = hers_and_product
    photo_id = uuid4()
    expect(actor, listing, photo_id)
    arrive(actor, photo_id, b"<svg xmlns='x'/>" * 20)
    (row,) = awaited.waiting_of(session, listing.id)
    assert (row.state, bool(row.reason)) == ("refused", True)


def test_waiting_ends_when_she_says_so(hers_and_product, session):
    actor, listing = hers_and_product
    photo_id = uuid4()
    expect(actor, listing, photo_id)
    uploading.begin(actor=actor, wish=Wish(photo_id, 10))
    awaited.give_up(actor=actor, listing_id=listing.id, photo_id=photo_id)
    assert awaited.waiting_of(session, listing.id) == []
    with pytest.raises(PhotoGone):
        expect(actor, listing, photo_id)
    awaited.give_up(actor=actor, listing_id=listing.id, photo_id=photo_id)


def test_a_photo_given_up_that_comes_all_the_same_is_shown_nowhere(hers_and_product):
    actor, listing = hers_and_product
    photo_id = uuid4()
    expect(actor, listing, photo_id)
    arrival_jobs.keep_arrival.run(arrival_id=sent(actor, photo_id))
    awaited.give_up(actor=actor, listing_id=listing.id, photo_id=photo_id)
    found = arrivals.find(db.session(), actor, photo_id)
    news = {"photo_id": str(photo_id), "person_id": actor.person_id}
    awaited.attach_photo.run(picture_id=found.picture_id, **news)
    assert (shown(listing), found.taken) == ([], False)


def test_who_may_no_longer_sell_there_attaches_nothing(hers_and_product, session):
    actor, listing = hers_and_product
    photo_id = uuid4()
    expect(actor, listing, photo_id)
    session.query(Grant).filter_by(person_id=actor.person_id).update({"revoked_at": clock.now()})
    session.commit()
    arrive(actor, photo_id)
    assert (shown(listing), session.query(ExpectedPhoto).count()) == ([], 0)


def test_photos_of_a_lost_phone_are_awaited_for_a_month(hers_and_product, session):
    actor, listing = hers_and_product
    old, new = uuid4(), uuid4()
    for photo_id in (old, new):
        expect(actor, listing, photo_id)
    late = session.get_one(ExpectedPhoto, (actor.person_id, old))
    late.created_at = clock.now() - timedelta(days=31)
    session.commit()
    awaited.forget_awaited.run()
    assert [row.photo_id for row in awaited.waiting_of(session, listing.id)] == [new]


def act_of_a_phone(actor, **content):
    carried = {"actor": actor, "act_id": uuid4(), "kind": "photo.expect", "content": content}
    return acts.carry_out(**carried)


def test_a_phone_says_it_as_an_act(hers_and_product, session):
    actor, listing = hers_and_product
    photo_id = str(uuid4())
    said = {"listing_id": listing.id, "photo_id": photo_id, "position": 2, "alt": ""}
    assert act_of_a_phone(actor, **said) == {"photo_id": photo_id}
    (row,) = awaited.waiting_of(session, listing.id)
    assert str(row.photo_id) == photo_id


@pytest.mark.parametrize(
    "wrong",
    [
        {"listing_id": "1"}, {"listing_id": None}, {"listing_id": -1}, {"listing_id": 2**70},
        {"photo_id": "x"}, {"photo_id": None}, {"photo_id": 5}, {"position": "first"},
        {"alt": ["x"]},
    ],
    ids=str,
)  # fmt: skip
def test_an_act_that_cannot_be_read_is_refused(hers_and_product, session, wrong):
    actor, listing = hers_and_product
    said = {"listing_id": listing.id, "photo_id": str(uuid4()), "position": 0, "alt": ""}
    with pytest.raises(DomainError):
        act_of_a_phone(actor, **said | wrong)
    assert session.query(ExpectedPhoto).count() == 0


DEEDS = st.permutations(["send", "keep", "attach", "draw", "expect", "expect", "keep", "attach"])


@given(order=DEEDS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_any_order_it_is_one_photo(hers_and_product, session, order):
    """Each of them happens at last, as jobs and phones try until it does."""
    actor, listing = hers_and_product
    before, photo_id = shown(listing), uuid4()
    for deed in [*order, *["send", "keep", "expect", "attach", "draw"]]:
        _do(deed, actor, listing, photo_id)
    (picture_id,) = set(shown(listing)) - set(before)
    assert session.get_one(Picture, picture_id, populate_existing=True).state == "ready"
    photos.remove(actor=actor, listing_id=listing.id, picture_id=picture_id)


def _do(deed, actor, listing, photo_id):
    if deed == "expect":
        expect(actor, listing, photo_id)
        return
    found = arrivals.find(db.session(), actor, photo_id)
    if deed == "send" and found is None:
        sent(actor, photo_id)
    if found is None:
        return
    if deed == "keep":
        arrival_jobs.keep_arrival.run(arrival_id=found.id)
    elif found.picture_id and deed == "draw":
        album.redraw.run(picture_id=found.picture_id)
    elif found.picture_id and deed == "attach":
        news = {"photo_id": str(photo_id), "person_id": actor.person_id}
        awaited.attach_photo.run(picture_id=found.picture_id, **news)


@pytest.mark.race
@pytest.mark.parametrize("_again", range(5))
def test_arriving_and_being_awaited_at_the_same_moment_never_miss_each_other(committed, _again):
    shop, actor = a_shop()
    listing = a_draft(shop)
    photo_id = uuid4()
    arrival_id = sent(actor, photo_id)
    sessions_at_once(
        committed,
        lambda: arrival_jobs.keep_arrival.run(arrival_id=arrival_id),
        lambda: expect(actor, listing, photo_id),
    )
    found = db.session.get_one(Arrival, arrival_id)
    news = {"photo_id": str(photo_id), "person_id": actor.person_id}
    awaited.attach_photo.run(picture_id=found.picture_id, **news)
    assert shown(listing) == [found.picture_id]
