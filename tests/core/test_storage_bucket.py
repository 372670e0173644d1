"""A bucket that fails, and a phone's leave to upload past us."""

import base64
import hashlib
import hmac
import socket
import threading
from contextlib import contextmanager
from urllib.parse import parse_qs, quote, urlsplit

import boto3
import pytest

from core.bucket import PRESIGNED_SECONDS_MAX, S3Storage
from core.errors import RemoteError
from core.storage import Leave

BUCKET = "lumbung"
REGION = "ap-southeast-3"
SECRET = "loopback-secret"
PHOTO = "public/photo/0a1b2c/640.avif"
RAW = "private/raw/0a1b2c.jpg"
SUM, OTHER_SUM = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
LEAVE = Leave("image/jpeg", 150_000, SUM)
SENT = {
    "content-type": "image/jpeg", "content-length": "150000", "x-amz-checksum-sha256": SUM,
}  # fmt: skip


@pytest.fixture
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "loopback")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


@contextmanager
def answering(reply):
    """A server that answers every call with these raw bytes and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        calls = []

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    calls.append(connection.recv(65536))
                    connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", calls
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
    ],
    ids=["hangs up", "is busy", "stops midway"],
)
def test_a_bucket_that_fails_is_their_failure(credentials, reply):
    with answering(reply) as (address, _):
        storage = S3Storage(BUCKET, REGION, "/media", address)
        with pytest.raises(RemoteError):
            storage.get(PHOTO)


def test_a_busy_bucket_is_asked_three_times(credentials):
    busy = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n"
    with answering(busy) as (address, calls):
        with pytest.raises(RemoteError):
            S3Storage(BUCKET, REGION, "/media", address).delete(PHOTO)
        assert len(calls) == 3


def test_a_bucket_that_knows_no_new_checksums_understands_us(credentials):
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as (address, calls):
        S3Storage(BUCKET, REGION, "/media", address).put(PHOTO, b"x", "image/avif")
    assert calls[0].startswith(f"PUT /{BUCKET}/{PHOTO} ".encode())
    assert b"checksum" not in calls[0].lower()
    assert b"chunked" not in calls[0].lower()


# Leave to upload. A bucket on the loopback checks no signature, so here is what Amazon does.


def hashed(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def would_be_taken(url, method, headers):
    """Whether S3 would take this call: the signature recomputed from what was really sent."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    signature = query.pop("X-Amz-Signature")
    sent = {"host": parts.netloc, **headers}
    signed = query["X-Amz-SignedHeaders"].split(";")
    canonical = "\n".join(
        [
            method,
            parts.path,
            "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(query.items())),
            *(f"{name}:{sent.get(name, '')}" for name in signed),
            "",
            ";".join(signed),
            "UNSIGNED-PAYLOAD",
        ]
    )
    scope = query["X-Amz-Credential"].split("/", 1)[1]
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", query["X-Amz-Date"], scope, digest])
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = hashed(key, part)
    return hmac.compare_digest(hashed(key, text).hex(), signature)


@pytest.fixture
def amazon(credentials):
    return S3Storage(BUCKET, REGION, "/media")


def test_a_leave_to_upload_fits_one_key_one_type_one_length_and_one_content(amazon):
    url = amazon.presign_put(RAW, LEAVE, 300)
    assert would_be_taken(url, "PUT", SENT)
    assert not would_be_taken(url, "GET", SENT)
    assert not would_be_taken(url, "PUT", SENT | {"content-length": "150001"})
    assert not would_be_taken(url, "PUT", SENT | {"content-type": "text/html"})
    assert not would_be_taken(url, "PUT", SENT | {"x-amz-checksum-sha256": OTHER_SUM})
    assert not would_be_taken(url, "PUT", {"content-type": "image/jpeg"})
    assert not would_be_taken(url.replace("raw/0a", "raw/0b"), "PUT", SENT)
    assert not would_be_taken(url.replace("Expires=300", "Expires=3000"), "PUT", SENT)


def test_a_leave_to_upload_names_the_bucket_s_own_region(amazon):
    url = amazon.presign_put(RAW, LEAVE, 300)
    assert url.startswith(f"https://{BUCKET}.s3.{REGION}.amazonaws.com/{RAW}?")
    assert url.startswith(f"{amazon.upload_origin()}/")


def test_no_phone_writes_where_everybody_reads(amazon):
    with pytest.raises(AssertionError):
        amazon.presign_put(PHOTO, LEAVE, 60)


@pytest.mark.parametrize("seconds", [0, PRESIGNED_SECONDS_MAX + 1])
def test_a_leave_to_upload_is_short(amazon, seconds):
    with pytest.raises(AssertionError):
        amazon.presign_put(RAW, LEAVE, seconds)


def test_without_credentials_a_leave_is_their_failure(monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with pytest.raises(RemoteError):
        S3Storage(BUCKET, REGION, "/media").presign_put(RAW, LEAVE, 60)
