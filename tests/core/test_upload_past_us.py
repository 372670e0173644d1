"""The quick way: one PUT into the bucket, checked again, and pieces where it fails."""

import base64
import hashlib
import urllib.error
import urllib.request
from uuid import uuid4

import pytest

from core.album import Picture
from core.arrivals import Arrival
from core.bucket import S3Storage
from core.errors import RemoteError
from tests.core.phone import Phone
from tests.core.test_storage import (  # noqa: F401
    BUCKET,
    REGION,
    bucket,
    credentials,
    s3_address,
)
from tests.core.test_uploads import run_waiting
from tests.factories import a_person
from tests.sellers.factories import a_photo_file

pytestmark = pytest.mark.service


@pytest.fixture
def phone(app, client, monkeypatch, bucket, s3_address):  # noqa: F811
    monkeypatch.setitem(app.extensions, "storage", S3Storage(BUCKET, REGION, "/media", s3_address))
    a_person()
    return Phone(client, a_photo_file(1200, 900, kind="PNG"))


def begun(phone, content=None):
    digest = hashlib.sha256(content or phone.content).digest()
    said = {"filetype": "image/png", "sha256": base64.b64encode(digest).decode()}
    return phone.create(**said)


def put(direct, content):
    request = urllib.request.Request(
        direct["url"], data=content, headers=direct["headers"], method="PUT"
    )
    urllib.request.urlopen(request).close()


def landed(phone):
    return phone.ask("POST", f"{phone.address}/sampai").status_code


def objects(bucket):  # noqa: F811
    return [one["Key"] for one in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_a_photo_goes_past_us_and_is_drawn(phone, session, bucket):  # noqa: F811
    put(begun(phone).json["direct"], phone.content)
    assert [key[:12] for key in objects(bucket)] == ["private/raw/"]
    assert landed(phone) == 204
    assert phone.offset() == len(phone.content)
    run_waiting(session, "core.keep_arrival")
    run_waiting(session, "core.redraw_picture")
    assert phone.heard()["state"] == "arrived"
    assert [key for key in objects(bucket) if key.startswith("private/")] == []


def test_saying_it_twice_is_harmless(phone, session):
    put(begun(phone).json["direct"], phone.content)
    assert (landed(phone), landed(phone)) == (204, 204)
    assert begun(phone).json["direct"] is None
    run_waiting(session, "core.keep_arrival")
    assert landed(phone) == 204
    assert session.query(Picture).count() == 1


def test_what_never_came_is_not_believed_and_comes_in_pieces(phone, session):
    begun(phone)
    assert landed(phone) == 409
    assert phone.offset() == 0
    while (start := phone.offset()) < len(phone.content):
        assert phone.patch(start).status_code == 204
    run_waiting(session, "core.keep_arrival")
    assert session.query(Picture).count() == 1


@pytest.mark.parametrize("other", [b"<svg/>", a_photo_file(1200, 900, "green", "PNG"), b""])
def test_other_bytes_than_announced_are_thrown_away(phone, session, bucket, other):  # noqa: F811
    """A bucket checks the signed length and checksum; one that does not is not believed."""
    begun(phone)
    key = f"private/raw/{phone.photo_id.hex}-{session.query(Arrival).one().id}"
    bucket.put_object(Bucket=BUCKET, Key=key, Body=other)
    assert landed(phone) == 204
    run_waiting(session, "core.keep_arrival")
    assert (phone.heard()["state"], phone.offset(), objects(bucket)) == ("coming", 0, [])
    while (start := phone.offset()) < len(phone.content):
        phone.patch(start)
    run_waiting(session, "core.keep_arrival")
    assert phone.heard()["state"] == "whole"
    assert session.query(Picture).count() == 1


def test_what_began_in_pieces_gets_no_leave_any_more(phone):
    begun(phone)
    phone.patch(0, phone.content[:1_000])
    assert begun(phone).json["direct"] is None
    assert phone.offset() == 1_000


@pytest.mark.parametrize("said", [{}, {"filetype": "image/png"}, {"filetype": "image/svg+xml"}])
def test_without_type_and_checksum_there_is_no_leave(phone, said):
    assert phone.create(**said).json["direct"] is None


def test_a_bucket_without_credentials_costs_nobody_a_photo(phone, app, monkeypatch):
    class Closed:
        """A bucket that we cannot sign for."""

        def presign_put(self, *_about):
            raise RemoteError("no credentials")

    monkeypatch.setitem(app.extensions, "storage", Closed())
    answer = begun(phone)
    assert (answer.status_code, answer.json["direct"]) == (201, None)


def test_where_a_folder_is_the_storage_there_is_no_leave(client, own_storage):
    a_person()
    assert begun(Phone(client)).json["direct"] is None


def test_somebody_else_cannot_say_that_it_came(phone, app):
    begun(phone)
    a_person("Wagi", phone="+6281234567891")
    stranger = Phone(app.test_client(), photo_id=phone.photo_id, phone="0812-3456-7891")
    assert landed(stranger) == 404
    stranger.photo_id = uuid4()
    assert landed(stranger) == 404


def test_pages_may_reach_the_bucket_and_nothing_else(own_database, credentials, tmp_path):  # noqa: F811
    from app import create_app
    from tests.conftest import environ

    app = create_app(
        environ(
            own_database,
            LUMBUNG_STORAGE="s3",
            LUMBUNG_S3_BUCKET="toko-foto",
            LUMBUNG_S3_REGION=REGION,
            LUMBUNG_MEDIA_URL="https://foto.example/public",
        )
    )
    policy = app.test_client().get("/healthz").headers["Content-Security-Policy"]
    assert f"connect-src 'self' https://toko-foto.s3.{REGION}.amazonaws.com;" in policy
    assert "img-src 'self' data: blob: https://foto.example;" in policy
