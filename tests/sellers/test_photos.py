"""Photos are taken in, put in order, described and taken away, each by its own people."""

import json

import pytest
from sqlalchemy import text

from core import album, images, jobs
from core.album import Picture
from core.db import db
from core.errors import NotFound
from core.pictures import NotAPicture, PictureTooSmall
from sellers import photos
from sellers.models import ListingPicture
from sellers.photos import TooManyPhotos
from sellers.shops import TooLong
from tests.crowd import sessions_at_once
from tests.sellers.factories import a_draft, a_photo_file, a_shop

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("own_storage")]


def attach(actor, listing, number=1, **more):
    return [
        photos.attach(actor=actor, listing_id=listing.id, content=a_photo_file(), **more).id
        for _ in range(number)
    ]


def order(session, listing):
    return [row.id for row in photos.list_of(session, listing.id)]


def test_a_photo_waits_until_it_is_redrawn(session):
    shop, actor = a_shop()
    listing = a_draft(shop)
    (picture,) = attach(actor, listing)
    assert [row.state for row in photos.list_of(session, listing.id)] == ["waiting"]
    album.redraw.run(picture_id=picture)
    session.expire_all()
    (row,) = photos.list_of(session, listing.id)
    assert (row.state, row.width) == ("ready", 800)


def test_a_photo_is_described_by_the_product_unless_she_says_more(session):
    shop, actor = a_shop()
    listing = a_draft(shop, "Keripik Pisang")
    (first,) = attach(actor, listing, alt="  ")
    (second,) = attach(actor, listing, alt="Bungkus bening")
    photos.describe(actor=actor, listing_id=listing.id, picture_id=first, alt="Piring penuh")
    assert [row.alt for row in photos.list_of(session, listing.id)] == [
        "Piring penuh", "Bungkus bening",
    ]  # fmt: skip
    with pytest.raises(TooLong):
        photos.describe(actor=actor, listing_id=listing.id, picture_id=second, alt="x" * 201)


def test_photos_move_and_stay_at_the_ends(session):
    shop, actor = a_shop()
    listing = a_draft(shop)
    a, b, c = attach(actor, listing, 3)

    def move(picture, steps):
        photos.move(actor=actor, listing_id=listing.id, picture_id=picture, steps=steps)
        return order(session, listing)

    assert move(a, 1) == [b, a, c]
    assert move(c, -1) == [b, c, a]
    assert move(b, -1) == [b, c, a]
    assert move(a, 5) == [b, c, a]
    assert move(a, -9) == [a, b, c]


def test_a_photo_is_taken_away_and_the_others_close_up(session):
    shop, actor = a_shop()
    listing = a_draft(shop)
    a, b, c = attach(actor, listing, 3)
    photos.remove(actor=actor, listing_id=listing.id, picture_id=b)
    assert order(session, listing) == [a, c]
    (d,) = attach(actor, listing)
    assert order(session, listing) == [a, c, d]
    for picture in (a, c, d):
        photos.remove(actor=actor, listing_id=listing.id, picture_id=picture)
    assert order(session, listing) == []


def test_there_is_an_end_to_photos(session):
    shop, actor = a_shop()
    listing = a_draft(shop)
    attach(actor, listing, 9)
    with pytest.raises(TooManyPhotos):
        attach(actor, listing)
    assert len(order(session, listing)) == 9
    assert session.query(Picture).count() == 9


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"", NotAPicture), (b"<svg>", NotAPicture), (b"MZ" * 500, NotAPicture)],
)
def test_what_is_no_picture_is_refused_by_name(session, content, error):
    shop, actor = a_shop()
    listing = a_draft(shop)
    with pytest.raises(error):
        photos.attach(actor=actor, listing_id=listing.id, content=content)
    with pytest.raises(error):
        photos.show_shop(actor=actor, seller_id=shop.id, content=content)
    assert (order(session, listing), shop.picture_id) == ([], None)


def test_a_tiny_picture_is_refused(session):
    shop, actor = a_shop()
    with pytest.raises(PictureTooSmall):
        photos.attach(actor=actor, listing_id=a_draft(shop).id, content=a_photo_file(100, 100))


def test_a_shop_shows_the_picture_sent_last(session):
    shop, actor = a_shop()
    assert photos.shop_picture(session, shop) is None
    photos.show_shop(actor=actor, seller_id=shop.id, content=a_photo_file())
    last = photos.show_shop(actor=actor, seller_id=shop.id, content=a_photo_file())
    found = photos.shop_picture(session, shop)
    assert (found.id, found.alt) == (last.id, "Keripik Bu Nur")


def test_strangers_touch_no_photo(session):
    shop, actor = a_shop()
    other, stranger = a_shop("Opak", maker="Wagi", phone="+6281234567891")
    listing, foreign = a_draft(shop), a_draft(other)
    (picture,) = attach(actor, listing)
    acts = [
        lambda: attach(stranger, listing),
        lambda: photos.show_shop(actor=stranger, seller_id=shop.id, content=a_photo_file()),
    ]
    for target in (listing, foreign):
        one = {"actor": stranger, "listing_id": target.id, "picture_id": picture}
        acts += [
            lambda one=one: photos.move(**one, steps=1),
            lambda one=one: photos.remove(**one),
            lambda one=one: photos.describe(**one, alt="x"),
        ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    assert (order(session, listing), order(session, foreign)) == ([picture], [])


def ready(session, picture_id):
    """Draw a picture; returns the keys of all its copies."""
    album.redraw.run(picture_id=picture_id)
    session.expire_all()
    picture = session.get(Picture, picture_id)
    return images.keys(picture.key_base, picture.width)


def stored(keys):
    return [key for key in keys if album.storage().exists(key)]


def deletions(session):
    """What the jobs that take copies away were given, oldest first."""
    rows = session.execute(
        text(
            "select args from procrastinate_jobs where task_name = 'core.delete_copies' order by id"
        )
    ).scalars()
    return [row if isinstance(row, dict) else json.loads(row) for row in rows]


def delete_copies(session, times=1):
    for facts in deletions(session) * times:
        jobs.JOBS["core.delete_copies"].run(**facts)


def test_a_photo_taken_away_is_erased_with_every_copy(session, client):
    shop, actor = a_shop()
    listing = a_draft(shop)
    (kept, gone) = attach(actor, listing, 2)
    keys, others = ready(session, gone), ready(session, kept)
    assert stored(keys) == keys
    address = album.storage().url(keys[0])
    assert client.get(address).status_code == 200
    photos.remove(actor=actor, listing_id=listing.id, picture_id=gone)
    picture = session.get(Picture, gone, populate_existing=True)
    assert (picture.state, picture.key_base, picture.alt) == ("refused", "", "")
    delete_copies(session, times=2)
    assert stored(keys) == []
    assert client.get(address).status_code == 404
    assert stored(others) == others


def test_a_photo_taken_away_before_it_was_drawn_leaves_nothing(session):
    shop, actor = a_shop()
    listing = a_draft(shop)
    (gone,) = attach(actor, listing)
    sent = session.get(Picture, gone).sent_key
    photos.remove(actor=actor, listing_id=listing.id, picture_id=gone)
    delete_copies(session)
    album.redraw.run(picture_id=gone)
    session.expire_all()
    assert session.get(Picture, gone).state == "refused"
    assert not album.storage().exists(sent)


def test_a_photo_erased_while_it_is_drawn_never_becomes_ready(app, session, tmp_path):
    shop, actor = a_shop()
    listing = a_draft(shop)
    (gone,) = attach(actor, listing)
    storage = album.storage()

    class Slow:
        """The storage of this test; she takes the photo away while its copies are written."""

        def put(self, key, content, content_type):
            if key.endswith("share.jpg"):
                photos.remove(actor=actor, listing_id=listing.id, picture_id=gone)
            storage.put(key, content, content_type)

        def __getattr__(self, name):
            return getattr(storage, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.extensions, "storage", Slow())
        album.redraw.run(picture_id=gone)
    session.expire_all()
    assert session.get(Picture, gone).state == "refused"
    delete_copies(session)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_picture_a_shop_showed_before_is_erased(session):
    shop, actor = a_shop()
    first = photos.show_shop(actor=actor, seller_id=shop.id, content=a_photo_file()).id
    old = ready(session, first)
    second = photos.show_shop(actor=actor, seller_id=shop.id, content=a_photo_file()).id
    new = ready(session, second)
    delete_copies(session)
    assert (stored(old), stored(new)) == ([], new)


def test_a_picture_that_something_else_shows_is_kept(session):
    shop, actor = a_shop()
    listing = a_draft(shop)
    shown = photos.show_shop(actor=actor, seller_id=shop.id, content=a_photo_file()).id
    keys = ready(session, shown)
    session.add(ListingPicture(picture_id=shown, listing_id=listing.id, position=0))
    session.commit()
    photos.remove(actor=actor, listing_id=listing.id, picture_id=shown)
    assert (deletions(session), stored(keys)) == ([], keys)
    photos.show_shop(actor=actor, seller_id=shop.id, content=a_photo_file())
    assert len(deletions(session)) == 1


@pytest.mark.race
def test_photos_sent_at_once_all_find_their_place(committed):
    shop, actor = a_shop()
    listing_id = a_draft(shop).id

    def send():
        return photos.attach(actor=actor, listing_id=listing_id, content=a_photo_file()).id

    sent = sessions_at_once(committed, *[send] * 4)
    found = photos.list_of(db.session(), listing_id)
    assert {row.id for row in found} == set(sent)
