"""D1 to D4 through the phone's way in: bombs, smuggled files, scripts, and photos that tell."""

import time

import pytest

from core import arrival_jobs
from core.album import Picture
from core.arrivals import Arrival, ArrivalPiece
from core.jobs import JOBS
from tests.core.hostile import (
    SECRET,
    chunk,
    many_scans,
    moving_webp,
    plain,
    png,
    saved,
    telling_exif,
)
from tests.core.phone import Phone
from tests.core.test_uploads import jobs_waiting, run_waiting
from tests.factories import a_person

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("own_storage")]
HTML = b"<script>alert('" + SECRET + b"')</script>"
SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"
GIF = b"GIF89a" + bytes(400)

BAD = {
    "a bomb of 144 million pixels": png(12_000, 12_000),
    "a bomb of 900 million pixels": png(30_000, 30_000, kept=1_000),
    "sixty passes": many_scans(60),
    "5,000 frames": moving_webp(5_000),
    "cut off": saved(plain(600, 400))[:-200],
    "cut off in a PNG": saved(plain(600, 400), "PNG")[:-30],
    "an SVG called a photo": SVG,
    "HTML": HTML * 9,
    "a GIF that is an archive": GIF + b"PK\x03\x04" + bytes(200),
    "HEIC": b"\0\0\0\x18ftypheic" + bytes(300),
    "nothing but zeros": bytes(5_000),
}
TELLING = {
    "place, serial number and small picture": saved(plain(600, 400), exif=telling_exif()),
    "HTML in a comment": saved(plain(600, 400), comment=HTML),
    "HTML behind the end": saved(plain(600, 400)) + HTML,
    "text in a PNG": png(600, 400, chunk(b"tEXt", b"Comment\0" + HTML)),
}


def sent(client, content):
    """Everything has been sent and looked at; the phone."""
    phone = Phone(client, content)
    phone.send()
    return phone


@pytest.fixture
def hers(client):
    a_person()
    return client


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_bad_photo_is_refused_in_words_and_leaves_nothing(hers, session, tmp_path, content):
    phone = sent(hers, content)
    (facts,) = jobs_waiting(session, "core.keep_arrival")
    began = time.process_time()
    JOBS["core.keep_arrival"].run(**facts)
    session.expire_all()
    assert time.process_time() - began < 2
    heard = phone.heard()
    assert heard["state"] == "refused"
    assert heard["sentence"].endswith(".")
    assert files(tmp_path) == []
    assert (session.query(ArrivalPiece).count(), session.query(Picture).count()) == (0, 0)


def test_what_only_breaks_while_it_is_drawn_is_told_too(hers, session, tmp_path):
    phone = sent(hers, png(600, 400, kept=20))
    run_waiting(session, "core.keep_arrival")
    run_waiting(session, "core.redraw_picture")
    heard = phone.heard()
    assert (heard["state"], bool(heard["sentence"])) == ("refused", True)
    assert files(tmp_path) == []


@pytest.mark.parametrize("content", TELLING.values(), ids=TELLING)
def test_nothing_of_what_a_photo_tells_is_kept(hers, session, tmp_path, content):
    assert SECRET in content
    phone = sent(hers, content)
    run_waiting(session, "core.keep_arrival")
    run_waiting(session, "core.redraw_picture")
    assert phone.heard()["state"] == "arrived"
    assert files(tmp_path)
    assert [path for path in files(tmp_path) if SECRET in path.read_bytes()] == []
    assert session.query(ArrivalPiece).count() == 0


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "foto.php.jpg", "a\0.jpg", "x" * 300, "<script>.jpg"]
)
def test_a_file_s_name_means_nothing(hers, session, name):
    phone = Phone(hers, saved(plain(600, 400)))
    assert phone.create(filename=name, filetype="text/html", relativePath=name).status_code == 201
    phone.patch(0)
    row = session.query(Arrival).one()
    assert row.content_type == ""
    assert name not in str(vars(row))


def test_refused_photos_leave_the_table_in_the_end(hers, session):
    phone = sent(hers, SVG)
    run_waiting(session, "core.keep_arrival")
    session.query(Arrival).one().expires_at = session.query(Arrival).one().created_at
    session.commit()
    arrival_jobs.sweep_arrivals.run()
    assert phone.ask("HEAD").status_code == 404
