"""Stored bytes: one set of promises, kept by a folder and by a bucket."""

import base64
import hashlib
import json
import re
import threading
import urllib.error
import urllib.request
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from core.bucket import S3Storage
from core.config import ConfigError, load
from core.errors import NotFound, RemoteError
from core.storage import (
    Leave,
    LocalStorage,
    StorageSettings,
    from_settings,
    is_key,
)

BUCKET = "lumbung"
REGION = "ap-southeast-3"
SECRET = "loopback-secret"
PHOTO = "public/photo/0a1b2c/640.avif"
VOICE = "private/voice/0a1b2c.ogg"


@pytest.fixture(scope="module")
def s3_address():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "loopback")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


@pytest.fixture
def bucket(s3_address, credentials):
    """An empty bucket, and a client of the maker's own to look behind our back."""
    reset = urllib.request.Request(f"{s3_address}/moto-api/reset", method="POST")
    urllib.request.urlopen(reset).close()
    client = boto3.client("s3", region_name=REGION, endpoint_url=s3_address)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield client
    client.close()


def leave_for(content):
    checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return Leave("audio/ogg", len(content), checksum)


@pytest.fixture
def s3(bucket, s3_address):
    return S3Storage(BUCKET, REGION, "/media", s3_address)


@pytest.fixture
def local(tmp_path):
    return LocalStorage(tmp_path / "storage", "/media")


@pytest.fixture(params=["local", "s3"])
def storage(request):
    return request.getfixturevalue(request.param)


# What both promise.


def test_what_was_put_comes_back(storage):
    storage.put(PHOTO, b"\x00bytes\xff", "image/avif")
    assert storage.get(PHOTO) == b"\x00bytes\xff"
    assert storage.exists(PHOTO)


def test_a_second_put_replaces_the_first(storage):
    storage.put(VOICE, b"first, and longer", "audio/ogg")
    storage.put(VOICE, b"second", "audio/ogg")
    assert storage.get(VOICE) == b"second"


def test_what_was_never_put_is_not_found(storage):
    assert not storage.exists(PHOTO)
    with pytest.raises(NotFound):
        storage.get(PHOTO)


def test_what_was_deleted_is_gone_and_a_second_delete_is_harmless(storage):
    storage.put(PHOTO, b"x", "image/avif")
    storage.put(VOICE, b"y", "audio/ogg")
    storage.delete(PHOTO)
    storage.delete(PHOTO)
    assert not storage.exists(PHOTO)
    assert storage.get(VOICE) == b"y"


BAD_KEYS = [
    "",
    "photo/a.jpg",
    "public",
    "public/",
    "/public/a",
    "public//a",
    "public/a/",
    "public/../private/a",
    "public/a..b",
    "public/./a",
    "public/.hidden",
    "public/A.jpg",
    "public/a b",
    "public/a\n",
    "public/a\x00.jpg",
    "public/é",
    "public/a\\b",
    "public/%2e%2e/a",
    "private/" + "a" * 101,
    "private" + "/a" * 9,
]


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_malformed_key_names_nothing_and_cannot_be_written(storage, key):
    assert not is_key(key)
    assert not storage.exists(key)
    with pytest.raises(NotFound):
        storage.get(key)
    for attempt in (lambda: storage.put(key, b"", "text/plain"), lambda: storage.delete(key)):
        with pytest.raises(AssertionError):
            attempt()


def test_a_public_key_has_an_address_and_a_private_one_has_none(storage):
    assert storage.url(PHOTO) == "/media/photo/0a1b2c/640.avif"
    with pytest.raises(AssertionError):
        storage.url(VOICE)


# The folder.


def mode(path):
    return path.stat().st_mode & 0o777


def test_private_files_are_closed_to_other_users_and_public_ones_open_to_read(local, tmp_path):
    local.put(PHOTO, b"x", "image/avif")
    local.put(VOICE, b"y", "audio/ogg")
    root = tmp_path / "storage"
    assert (mode(root / PHOTO), mode(root / VOICE)) == (0o644, 0o600)
    assert [mode(folder) for folder in (root / PHOTO).parents[:3]] == [0o755] * 3
    assert [mode(folder) for folder in (root / VOICE).parents[:2]] == [0o700] * 2


def test_a_write_that_fails_leaves_the_old_bytes_and_no_litter(local, tmp_path):
    local.put(VOICE, b"old", "audio/ogg")
    with pytest.raises(TypeError):
        local.put(VOICE, "not bytes", "audio/ogg")
    assert local.get(VOICE) == b"old"
    assert [path.name for path in (tmp_path / "storage" / VOICE).parent.iterdir()] == ["0a1b2c.ogg"]


def test_a_reader_never_meets_half_a_file(local):
    versions = [bytes([letter]) * 300_000 for letter in b"abcd"]
    local.put(VOICE, versions[0], "audio/ogg")
    writers = [
        threading.Thread(target=lambda v=v: [local.put(VOICE, v, "x") for _ in range(15)])
        for v in versions
    ]
    for writer in writers:
        writer.start()
    read = 0
    while any(writer.is_alive() for writer in writers):
        assert local.get(VOICE) in versions
        read += 1
    assert read > 0


def test_a_key_that_is_a_folder_holds_nothing(local):
    local.put(PHOTO, b"x", "image/avif")
    for key in ("public/photo", f"{PHOTO}/more"):
        assert not local.exists(key)
        with pytest.raises(NotFound):
            local.get(key)


def test_no_key_climbs_from_the_public_folder_into_the_private_one(local):
    local.put(PHOTO, b"x", "image/avif")
    local.put(VOICE, b"y", "audio/ogg")
    climbing = "public/../" + VOICE
    assert not local.exists(climbing)
    with pytest.raises(NotFound):
        local.get(climbing)


def test_a_folder_gives_no_leave_to_upload_past_us(local):
    assert local.presign_put(VOICE, leave_for(b"voice"), 60) is None
    assert local.upload_origin() == ""


# The bucket.


def test_public_objects_may_be_cached_for_ever_and_private_ones_never(s3, bucket):
    s3.put(PHOTO, b"x", "image/avif")
    s3.put(VOICE, b"y", "audio/ogg")
    public = bucket.head_object(Bucket=BUCKET, Key=PHOTO)
    private = bucket.head_object(Bucket=BUCKET, Key=VOICE)
    assert public["ContentType"] == "image/avif"
    assert public["CacheControl"] == "public, max-age=31536000, immutable"
    assert private["CacheControl"] == "private, no-store"


def stranger_is_refused(address):
    try:
        urllib.request.urlopen(address).close()
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code == 403
    return False


def test_with_the_policy_in_our_manual_strangers_read_public_keys_only(s3, bucket, s3_address):
    manual = Path(__file__).parents[2] / "docs" / "pictures.md"
    policy = re.search(r"```json\n(.*?)```", manual.read_text(), re.DOTALL)[1]
    json.loads(policy)
    s3.put(PHOTO, b"x", "image/avif")
    s3.put(VOICE, b"y", "audio/ogg")
    assert stranger_is_refused(f"{s3_address}/{BUCKET}/{PHOTO}")
    bucket.put_bucket_policy(Bucket=BUCKET, Policy=policy)
    with urllib.request.urlopen(f"{s3_address}/{BUCKET}/{PHOTO}") as answer:
        assert answer.read() == b"x"
    assert stranger_is_refused(f"{s3_address}/{BUCKET}/{VOICE}")


def test_a_bucket_that_is_not_there_is_their_failure(bucket, s3_address):
    storage = S3Storage("elsewhere", REGION, "/media", s3_address)
    with pytest.raises(RemoteError, match="NoSuchBucket"):
        storage.get(PHOTO)
    with pytest.raises(RemoteError, match="NoSuchBucket"):
        storage.put(PHOTO, b"x", "image/avif")


def test_a_phone_may_use_the_leave(s3):
    leave = leave_for(b"bytes")
    url = s3.presign_put(VOICE, leave, 60)
    assert url.startswith(s3.upload_origin())
    upload = urllib.request.Request(url, b"bytes", leave.headers, method="PUT")
    urllib.request.urlopen(upload).close()
    assert s3.get(VOICE) == b"bytes"


# The settings.


def test_a_folder_is_the_storage_where_nothing_is_set(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    storage = from_settings(load(StorageSettings, {}))
    storage.put(PHOTO, b"x", "image/avif")
    assert (tmp_path / "var" / "storage" / PHOTO).read_bytes() == b"x"
    assert storage.url(PHOTO) == "/media/photo/0a1b2c/640.avif"


def test_a_bucket_behind_a_host_of_its_own_by_settings(credentials):
    environ = {
        "LUMBUNG_STORAGE": "s3",
        "LUMBUNG_S3_BUCKET": BUCKET,
        "LUMBUNG_S3_REGION": REGION,
        "LUMBUNG_MEDIA_URL": "https://foto.example/",
    }
    storage = from_settings(load(StorageSettings, environ))
    assert isinstance(storage, S3Storage)
    assert storage.url(PHOTO) == "https://foto.example/photo/0a1b2c/640.avif"


@pytest.mark.parametrize(
    "environ",
    [
        {"LUMBUNG_STORAGE": "cloud"},
        {"LUMBUNG_STORAGE": "s3", "LUMBUNG_S3_REGION": REGION},
        {"LUMBUNG_STORAGE": "s3", "LUMBUNG_S3_BUCKET": BUCKET},
    ],
)
def test_settings_that_name_no_place_are_refused(environ):
    with pytest.raises(ConfigError, match="LUMBUNG_STORAGE"):
        from_settings(load(StorageSettings, environ))
