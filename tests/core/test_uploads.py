"""A photo in pieces, as tus 1.0 asks it: begun once, gone on with, checked, ended."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import text

from core import album, arrival_jobs
from core.album import Picture
from core.arrivals import Arrival, ArrivalPiece, UploadSettings
from core.config import settings
from core.jobs import JOBS
from tests.core.phone import HOME, PIECE, Phone, checksum
from tests.factories import a_person
from tests.sellers.factories import a_photo_file

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("own_storage")]
LATER = timedelta(days=8)


@pytest.fixture
def phone(client):
    a_person()
    return Phone(client)


@pytest.fixture
def picture_phone(client):
    a_person()
    return Phone(client, a_photo_file(1200, 900, kind="PNG"))


def count(session, model):
    return session.query(model).count()


def jobs_waiting(session, name):
    query = "select args from procrastinate_jobs where task_name = :name order by id"
    return list(session.execute(text(query), {"name": name}).scalars())


def run_waiting(session, name):
    for facts in jobs_waiting(session, name):
        JOBS[name].run(**facts)
    session.expire_all()


def test_the_house_says_what_it_can_do(phone):
    answer = phone.ask("OPTIONS", HOME, {"Tus-Resumable": None, "X-CSRFToken": None})
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert answer.headers["Tus-Max-Size"] == str(8 * 1024 * 1024)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


def test_a_photo_is_begun_and_comes_in_pieces(phone, session):
    answer = phone.create()
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")
    assert answer.headers["Location"] == phone.address
    assert parsedate_to_datetime(answer.headers["Upload-Expires"]) > datetime.now(UTC)
    assert [phone.patch(start).headers["Upload-Offset"] for start in (0, PIECE, 2 * PIECE)] == [
        str(PIECE), str(2 * PIECE), "40000",
    ]  # fmt: skip
    kept = session.query(ArrivalPiece).order_by(ArrivalPiece.start)
    assert b"".join(piece.content for piece in kept) == phone.content
    assert max(len(piece.content) for piece in kept) == PIECE
    assert phone.heard()["state"] == "whole"


def test_how_far_it_is_is_asked_by_head_and_kept_by_nobody(phone):
    phone.create()
    phone.patch(0)
    answer = phone.ask("HEAD")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Upload-Offset"] == str(PIECE)
    assert answer.headers["Upload-Length"] == "40000"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_a_lost_answer_never_begins_a_second_photo(phone, session):
    first, again = phone.create(), phone.create()
    phone.patch(0)
    later = phone.create()
    assert [answer.status_code for answer in (first, again, later)] == [201, 201, 201]
    assert first.headers["Location"] == later.headers["Location"]
    assert later.headers["Upload-Offset"] == str(PIECE)
    assert count(session, Arrival) == 1


def test_an_id_means_one_photo(phone, session):
    phone.create()
    assert phone.create(length=5).status_code == 409
    assert phone.create(sha256="").status_code == 201
    assert count(session, Arrival) == 1


def test_the_same_id_of_somebody_else_is_another_photo(phone, app, session):
    a_person("Wagi", phone="+6281234567891")
    stranger = Phone(app.test_client(), photo_id=phone.photo_id, phone="0812-3456-7891")
    phone.create()
    phone.patch(0)
    for method in ("HEAD", "GET", "PATCH", "DELETE", "POST"):
        assert stranger.ask(method).status_code == 404
    assert stranger.create().headers["Upload-Offset"] == "0"
    stranger.ask("DELETE")
    assert phone.offset() == PIECE


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": "1"}, 409),
        ({"Upload-Offset": str(PIECE)}, 409),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "１"}, 400),
        ({"Upload-Offset": "0x0"}, 400),
        ({"Upload-Offset": None}, 400),
        ({"Content-Type": "image/jpeg"}, 415),
        ({"Tus-Resumable": None}, 412),
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Checksum": checksum(b"else")}, 460),
        ({"Upload-Checksum": checksum(b"else", "sha256")}, 460),
        ({"Upload-Checksum": "md5 AAAA"}, 400),
        ({"Upload-Checksum": "sha1 no-base64!"}, 400),
        ({"Upload-Checksum": "sha1"}, 460),
        ({"X-CSRFToken": None}, 400),
        ({"X-CSRFToken": "guessed"}, 400),
    ],
)
def test_a_piece_that_is_not_in_order_changes_nothing(phone, session, headers, status):
    phone.create()
    answer = phone.patch(0, **headers)
    assert answer.status_code == status
    assert phone.offset() == 0
    assert count(session, ArrivalPiece) == 0


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_a_piece_with_its_checksum_is_taken(phone, kind):
    phone.create()
    piece = phone.content[:PIECE]
    assert phone.patch(0, **{"Upload-Checksum": checksum(piece, kind)}).status_code == 204
    assert phone.offset() == PIECE


def test_a_refused_piece_says_why_in_her_words(phone):
    phone.create()
    answer = phone.patch(0, **{"Upload-Checksum": checksum(b"else")})
    assert answer.json == {"sentence": "Sebagian foto rusak di jalan. Kirim sekali lagi."}


def test_the_same_piece_again_is_told_that_others_are_due(phone, session):
    phone.create()
    phone.patch(0)
    assert phone.patch(0).status_code == 409
    assert count(session, ArrivalPiece) == 1


@pytest.mark.parametrize(
    ("length", "piece"), [(40_000, b"x" * (PIECE + 1)), (10, b"x" * 11)], ids=["piece", "photo"]
)
def test_too_large_is_refused(phone, length, piece):
    phone.create(length=length)
    assert phone.patch(0, piece).status_code == 413
    assert phone.offset() == 0


def test_an_empty_piece_changes_nothing(phone, session):
    phone.create()
    assert phone.patch(0, b"").status_code == 204
    assert count(session, ArrivalPiece) == 0


@pytest.mark.parametrize(
    ("length", "status"),
    [("0", 413), (str(8 * 1024 * 1024 + 1), 413), ("x", 400), ("-5", 400), ("", 400)],
)
def test_a_photo_of_no_sensible_length_is_not_begun(phone, session, length, status):
    assert phone.create(length=length).status_code == status
    assert count(session, Arrival) == 0


@pytest.mark.parametrize(
    "metadata", ["", "id", "id eA==", "id !!", "x" * 3_000, "id /w==", "other eA==", ",,,"]
)
def test_without_the_phone_s_own_id_nothing_is_begun(phone, session, metadata):
    headers = {"Upload-Length": "10", "Upload-Metadata": metadata}
    assert phone.ask("POST", HOME, headers).status_code == 400
    assert count(session, Arrival) == 0


def test_she_takes_a_photo_back(phone, session):
    phone.create()
    phone.patch(0)
    assert phone.ask("DELETE").status_code == 204
    assert count(session, ArrivalPiece) == 0
    for answer in (phone.ask("HEAD"), phone.patch(PIECE), phone.ask("DELETE"), phone.create()):
        assert answer.status_code == 410


def test_where_only_post_comes_through_it_is_enough(phone):
    phone.create()
    said = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    patched = phone.ask("POST", None, said | {"X-HTTP-Method-Override": "PATCH"}, b"x" * PIECE)
    assert (patched.status_code, phone.offset()) == (204, PIECE)
    assert phone.ask("POST", None, {"X-HTTP-Method-Override": "PUT"}).status_code == 405
    assert phone.ask("POST", None, {"X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert phone.ask("HEAD").status_code == 410


def test_a_photo_nobody_goes_on_with_is_gone_after_a_week(phone, session):
    phone.create()
    phone.patch(0)
    with time_machine.travel(datetime.now(UTC) + LATER):
        for answer in (phone.ask("HEAD"), phone.patch(PIECE)):
            assert answer.status_code == 410
        arrival_jobs.sweep_arrivals.run()
        session.expire_all()
        assert (count(session, Arrival), count(session, ArrivalPiece)) == (0, 0)
        assert phone.ask("HEAD").status_code == 404
        assert phone.create().status_code == 201


def test_a_phone_that_comes_back_just_before_the_sweep_goes_on_where_it_was(phone):
    phone.create()
    phone.patch(0)
    with time_machine.travel(datetime.now(UTC) + LATER):
        assert phone.create().headers["Upload-Offset"] == str(PIECE)
        arrival_jobs.sweep_arrivals.run()
        assert phone.patch(PIECE).status_code == 204


def limit(app, **values):
    app.extensions["settings"][UploadSettings] = UploadSettings(**values)


@pytest.mark.parametrize(
    "values",
    [{"open_max": 2}, {"day_max": 2}, {"bytes_day_max": 100_000}],
    ids=lambda v: next(iter(v)),
)
def test_there_is_an_end_to_what_one_person_sends(app, phone, session, values):
    limit(app, **values)
    first = phone.photo_id
    answers = []
    for _ in range(3):
        answers.append(phone.create().status_code)
        phone.photo_id = uuid4()
    phone.photo_id = first
    assert answers == [201, 201, 429]
    assert phone.create().status_code == 201
    assert count(session, Arrival) == 2


def test_taking_back_does_not_widen_the_day(app, phone):
    limit(app, day_max=1)
    phone.create()
    phone.ask("DELETE")
    phone.photo_id = uuid4()
    assert phone.create().status_code == 429


def test_a_photo_byte_by_byte_comes_to_an_end(phone, monkeypatch):
    monkeypatch.setattr("core.uploading.PIECES_MAX", 3)
    phone.create()
    assert [phone.patch(n, b"x").status_code for n in range(4)] == [204, 204, 204, 413]


def test_a_whole_photo_becomes_a_picture_and_its_pieces_go(picture_phone, session):
    phone = picture_phone
    phone.send()
    run_waiting(session, "core.keep_arrival")
    assert phone.heard()["state"] == "whole"  # Her phone keeps it until it is drawn.
    run_waiting(session, "core.redraw_picture")
    heard = phone.heard()
    (picture,) = session.query(Picture)
    assert (heard["state"], heard["sentence"]) == ("arrived", "")
    assert heard["at"]
    assert (picture.state, picture.width, picture.sent_by) == ("ready", 1200, phone.person_id)
    assert count(session, ArrivalPiece) == 0
    assert not album.storage().exists(f"private/sent/{phone.photo_id.hex}-{one(session).id}")


def one(session):
    return session.query(Arrival).one()


def test_a_whole_photo_said_again_stays_one(picture_phone, session):
    picture_phone.send()
    run_waiting(session, "core.keep_arrival")
    run_waiting(session, "core.keep_arrival")
    again = picture_phone.create()
    assert (again.status_code, again.headers["Upload-Offset"]) == (
        201,
        str(len(picture_phone.content)),
    )
    assert picture_phone.patch(0).status_code == 409
    assert picture_phone.ask("DELETE").status_code == 409
    assert count(session, Picture) == 1


def test_other_bytes_than_announced_are_sent_again(client, session):
    a_person()
    phone = Phone(client, a_photo_file())
    digest = checksum(b"other", "sha256").partition(" ")[2]
    assert phone.create(sha256=digest).status_code == 201
    for start in range(0, len(phone.content), PIECE):
        phone.patch(start)
    run_waiting(session, "core.keep_arrival")
    assert (phone.heard()["state"], phone.offset()) == ("coming", 0)
    assert (count(session, ArrivalPiece), count(session, Picture)) == (0, 0)


def test_a_picture_that_nothing_shows_goes_with_its_receipt(app, picture_phone, session):
    picture_phone.send()
    run_waiting(session, "core.keep_arrival")
    limit(app)
    keep = timedelta(days=settings(UploadSettings).receipt_days + 1)
    with time_machine.travel(datetime.now(UTC) + keep):
        arrival_jobs.sweep_arrivals.run()
    session.expire_all()
    assert count(session, Arrival) == 0
    assert session.query(Picture).one().sent_key == ""
    assert jobs_waiting(session, "core.delete_copies")


def test_guests_are_led_to_the_door(client, phone, app):
    guest = app.test_client()
    answer = guest.get(phone.address)
    assert (answer.status_code, answer.location[:6]) == (303, "/masuk")
