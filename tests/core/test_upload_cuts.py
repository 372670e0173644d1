"""A photo on a bad line: another author's client goes on after cuts, and rivals spoil nothing."""

import base64
import hashlib
import http.client
import io
import random
import threading
from uuid import uuid4

import pytest
import requests
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from werkzeug.serving import make_server

from core import arrival_jobs, arrivals, uploading
from core.actors import Actor
from core.album import Picture
from core.arrivals import Arrival, ArrivalPiece, PhotoGone, WrongOffset
from core.db import db
from core.errors import Busy
from core.tus import Wish
from tests import weak_signal
from tests.core.phone import PIECE, Phone
from tests.crowd import sessions_at_once
from tests.factories import PIN, a_person, token_in
from tests.sellers.factories import a_photo_file

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("own_storage")]
LOST = (
    TusCommunicationError,
    TusUploadFailed,
    requests.RequestException,
    http.client.HTTPException,
    TypeError,  # The client's own slip where an answer is cut within its headers.
)
SLOW_FIXTURE = (HealthCheck.function_scoped_fixture,)


def noise(seed, length):
    return random.Random(seed).randbytes(length)


def kept(arrival):
    db.session.rollback()
    pieces = db.session.query(ArrivalPiece).filter_by(arrival_id=arrival.id)
    return b"".join(piece.content for piece in pieces.order_by(ArrivalPiece.start))


# An independent client


@pytest.fixture
def port(committed):
    """A server on this test's own database."""
    server = make_server("127.0.0.1", 0, committed, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()
    db.session.remove()


def signed_in(port):
    """What a program needs in its headers to send for somebody."""
    house = f"http://localhost:{port}"
    with requests.Session() as browser:
        data = {"phone": "0812-3456-7890", "pin": PIN}
        data["csrf_token"] = token_in(browser.get(f"{house}/masuk"))
        browser.post(f"{house}/masuk", data=data)
        token = browser.get(f"{house}/kirim").json()["token"]
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    return {"Cookie": cookies, "X-CSRFToken": token}


def uploader(line, headers, content, photo_id, url=None):
    client = TusClient(f"{line.address}/unggah", headers=headers)
    return client.uploader(
        file_stream=io.BytesIO(content),
        chunk_size=PIECE,
        metadata={"id": str(photo_id)},
        upload_checksum=True,
        url=url,
    )


@pytest.mark.parametrize("seed", range(6))
def test_another_author_s_client_goes_on_after_every_cut(port, seed):
    a_person()
    headers, dice = signed_in(port), random.Random(seed)
    content, photo_id = noise(seed, dice.randint(60_000, 150_000)), uuid4()
    url, cuts = None, 0
    with weak_signal.before(port, seed, delay=0, late=0, bits=50_000_000) as line:
        while True:
            if cuts < 12:
                way = dice.choice((weak_signal.UP, weak_signal.DOWN))
                line.cut_after(dice.randint(1, 40_000 if way == weak_signal.UP else 2_500), way)
            try:
                sender = uploader(line, headers, content, photo_id, url)
                url = url or sender.create_url()
                sender.set_url(url)
                sender.offset = sender.get_offset()
                sender.upload()
                break
            except LOST:
                cuts += 1
                line.cut_at = None
                line.on()
    assert cuts > 2
    arrival = db.session.query(Arrival).one()
    assert (arrival.state, arrival.got) == ("whole", len(content))
    assert kept(arrival) == content


@pytest.mark.parametrize("words", [b"POST /unggah", b"PATCH /unggah"])
def test_another_author_s_client_goes_on_after_a_lost_answer(port, words):
    a_person()
    headers, photo_id, content = signed_in(port), uuid4(), noise(1, 50_000)
    with weak_signal.before(port, 1, delay=0, late=0, bits=50_000_000) as line:
        line.lose_answer(words)
        with pytest.raises(LOST):
            uploader(line, headers, content, photo_id).upload()
        uploader(line, headers, content, photo_id).create_url()
        sender = uploader(line, headers, content, photo_id, f"{line.address}/unggah/{photo_id}")
        assert sender.offset == (0 if words.startswith(b"POST") else PIECE)
        sender.upload()
    assert kept(db.session.query(Arrival).one()) == content


def test_a_piece_cut_off_on_its_way_leaves_nothing(port):
    a_person()
    headers, photo_id, content = signed_in(port), uuid4(), noise(1, 50_000)
    with weak_signal.before(port, 1, delay=0, late=0, bits=50_000_000) as line:
        url = uploader(line, headers, content, photo_id).create_url()
        line.cut_after(9_000, weak_signal.UP)
        with pytest.raises(LOST):
            uploader(line, headers, content, photo_id, url).upload()
        line.on()
        assert uploader(line, headers, content, photo_id, url).get_offset() == 0
    assert kept(db.session.query(Arrival).one()) == b""


# Whatever a phone does


STEP = st.tuples(
    st.sampled_from(["piece", "piece", "again", "ahead", "behind", "begin", "damaged"]),
    st.integers(1, 700),
)


@given(steps=st.lists(STEP, max_size=25), length=st.integers(1, 3_000))
@example(steps=[("piece", 700)] * 5, length=3_000)
@settings(max_examples=60, suppress_health_check=SLOW_FIXTURE)
def test_in_any_order_of_pieces_the_bytes_are_those_of_the_photo(house_phone, steps, length):
    """The model is an offset: only the piece that begins there moves it, and only by its length."""
    phone = house_phone
    phone.photo_id, phone.content = uuid4(), noise(length, length)
    phone.create()
    at = 0
    for what, size in steps:
        at = _step(phone, what, size, at)
        assert phone.offset() == at
    while at < length:
        at = _step(phone, "piece", 700, at)
    arrival = db.session.query(Arrival).filter_by(photo_id=phone.photo_id).one()
    pieces = db.session.query(ArrivalPiece).filter_by(arrival_id=arrival.id)
    whole = b"".join(piece.content for piece in pieces.order_by(ArrivalPiece.start))
    assert (arrival.state, whole) == ("whole", phone.content)


def _step(phone, what, size, at):
    start = {"again": 0, "ahead": at + 1, "behind": at - 1}.get(what, at)
    piece = phone.content[max(start, 0) : max(start, 0) + size]
    if what == "begin":
        assert int(phone.create().headers["Upload-Offset"]) == at
    elif what == "damaged":
        assert phone.patch(at, piece, **{"Upload-Checksum": "sha1 AAAA"}).status_code == 460
    elif start == at and at < len(phone.content):
        assert phone.patch(at, piece).status_code == 204
        return at + len(piece)
    else:
        assert phone.patch(start, piece).status_code in (400, 409, 204 if not piece else 409)
    return at


@pytest.fixture
def house_phone(app, client):
    app.extensions["settings"][arrivals.UploadSettings] = arrivals.UploadSettings(
        open_max=10_000, day_max=10_000
    )
    a_person()
    return Phone(client)


# Rivals


def send_all(actor, photo_id, content, size):
    """One tab: asks how far it is, sends the next piece, and again."""
    try:
        while True:
            at = arrivals.get(db.session(), actor, photo_id).got
            if at == len(content):
                return
            piece = content[at : at + size]
            try:
                uploading.add_piece(actor=actor, photo_id=photo_id, start=at, content=piece)
            except (WrongOffset, Busy):
                db.session.rollback()
    except PhotoGone:
        return


@pytest.mark.race
@pytest.mark.parametrize("sizes", [(1_000, 1_000), (700, 1_900, 4_000)])
def test_two_tabs_that_send_one_photo_spoil_nothing(committed, sizes):
    actor, photo_id, content = Actor(a_person().id), uuid4(), noise(3, 40_000)
    uploading.begin(actor=actor, wish=Wish(photo_id, len(content)))
    deeds = [lambda size=size: send_all(actor, photo_id, content, size) for size in sizes]
    sessions_at_once(committed, *deeds)
    arrival = db.session.query(Arrival).one()
    assert (arrival.state, kept(arrival)) == ("whole", content)
    waiting = "select count(*) from procrastinate_jobs where task_name = 'core.keep_arrival'"
    assert db.session.scalar(db.text(waiting)) == 1


@pytest.mark.race
def test_the_same_photo_begun_twice_at_once_is_one(committed):
    actor, photo_id = Actor(a_person().id), uuid4()
    wish = Wish(photo_id, 10)
    sessions_at_once(committed, *[lambda: uploading.begin(actor=actor, wish=wish)] * 4)
    assert db.session.query(Arrival).count() == 1


@pytest.mark.race
@pytest.mark.parametrize("_again", range(4))
def test_taken_back_while_it_is_kept_is_one_or_the_other(committed, _again):
    actor, photo_id, content = Actor(a_person().id), uuid4(), a_photo_file()
    arrival_id = uploading.begin(actor=actor, wish=Wish(photo_id, len(content))).id
    send_all(actor, photo_id, content, PIECE)

    def take_back():
        try:
            uploading.drop(actor=actor, photo_id=photo_id)
        except arrivals.Conflict:
            return "too late"
        return "dropped"

    _, said = sessions_at_once(
        committed, lambda: arrival_jobs.keep_arrival.run(arrival_id=arrival_id), take_back
    )
    arrival = db.session.query(Arrival).one()
    assert (arrival.state, db.session.query(Picture).count()) == (
        ("dropped", 0) if said == "dropped" else ("arrived", 1)
    )


def test_the_whole_is_compared_with_what_was_announced(app, session):
    actor, photo_id, content = Actor(a_person().id), uuid4(), a_photo_file()
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    wish = Wish(photo_id, len(content), sha256=digest)
    arrival_id = uploading.begin(actor=actor, wish=wish).id
    send_all(actor, photo_id, content, PIECE)
    arrival_jobs.keep_arrival.run(arrival_id=arrival_id)
    assert session.query(Picture).count() == 1
