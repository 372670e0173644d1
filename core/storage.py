"""Stored bytes: photos for everybody, papers and voices for a few, in a folder or in S3.

The first part of a key decides who may read it. `public/` is world-readable: the web server or
the bucket hands it out without asking. `private/` never has an address; a view that has checked
the reader's right reads it here.
"""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from core.config import ConfigError, setting
from core.errors import NotFound

PUBLIC = "public/"
PRIVATE = "private/"

# Each part starts with a letter or digit, so a key cannot climb, hide or name a folder.
KEY = re.compile(r"(public|private)(/[a-z0-9][a-z0-9._-]{0,99}){1,8}")


# A key is written once under a random name, so what it holds never changes.
CACHE_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class StorageSettings:
    """Where the bytes live."""

    kind: str = setting("LUMBUNG_STORAGE", "local (a folder) or s3 (a bucket)", "local")
    folder: str = setting("LUMBUNG_STORAGE_FOLDER", "folder for local storage", "var/storage")
    bucket: str = setting("LUMBUNG_S3_BUCKET", "bucket name for s3 storage", "")
    region: str = setting("LUMBUNG_S3_REGION", "region of the bucket", "")
    endpoint: str = setting("LUMBUNG_S3_ENDPOINT", "address of an S3 that is not Amazon's", "")
    media_url: str = setting("LUMBUNG_MEDIA_URL", "address under which public/ is served", "/media")


@dataclass(frozen=True, slots=True)
class Leave:
    """What a phone may upload past us: these bytes and no others."""

    content_type: str
    bytes: int
    sha256: str  # As base64.

    @property
    def headers(self) -> dict[str, str]:
        """What the phone must send along; a browser adds the length by itself."""
        return {"Content-Type": self.content_type, "x-amz-checksum-sha256": self.sha256}


class Storage(Protocol):
    """Bytes by key; the same promises in a folder and in a bucket."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store whole or not at all; a reader never meets half of it."""

    def get(self, key: str) -> bytes:
        """Read it back; raises NotFound for a key that is absent or malformed."""

    def delete(self, key: str) -> None:
        """Remove it; removing what is not there is no failure, so a job may run twice."""

    def exists(self, key: str) -> bool:
        """Whether something is stored there."""

    def url(self, key: str) -> str:
        """The address of a public key, or of the common beginning of several."""

    def upload_origin(self) -> str:
        """The site to which `presign_put` sends phones; blank where it sends them nowhere."""

    def presign_put(self, key: str, leave: Leave, seconds: int) -> str | None:
        """An address where a phone may PUT exactly this; None where it must send it through us."""


def from_settings(settings: StorageSettings) -> Storage:
    """The storage that was asked for; raises ConfigError when the settings do not fit."""
    if settings.kind == "local":
        return LocalStorage(Path(settings.folder), settings.media_url)
    if settings.kind != "s3":
        raise ConfigError(f"LUMBUNG_STORAGE is {settings.kind!r}, and neither local nor s3")
    if not settings.bucket or not settings.region:
        raise ConfigError("LUMBUNG_STORAGE is s3: LUMBUNG_S3_BUCKET and LUMBUNG_S3_REGION are due")
    from core.bucket import S3Storage  # boto3 takes long to import, and a folder needs none of it.

    return S3Storage(
        settings.bucket, settings.region, settings.media_url, settings.endpoint or None
    )


def is_key(key: str) -> bool:
    """Whether this may name stored bytes."""
    return KEY.fullmatch(key) is not None and ".." not in key


def own_key(key: str, beginning: str = "") -> str:
    """A key that our own code made; a wrong one is our bug."""
    if not is_key(key) or not key.startswith(beginning):
        raise AssertionError(f"{key!r} is no {beginning or 'storage '}key")
    return key


def asked_key(key: str) -> str:
    """A key that may come out of an address somebody typed; a wrong one names nothing."""
    if not is_key(key):
        raise NotFound
    return key


def public_url(base_url: str, key: str) -> str:
    """Where a public key is served, below the address of all public things."""
    return f"{base_url.rstrip('/')}/{own_key(key, PUBLIC).removeprefix(PUBLIC)}"


def origin(address: str) -> str:
    """Scheme and host of an address; blank for a path of our own."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


class LocalStorage:
    """A folder on this machine.

    What lies under `private/` can be read by our own user only; `public/` also by a web server
    of another user.
    """

    def __init__(self, folder: Path, base_url: str) -> None:
        self._folder = folder.resolve()
        self._base_url = base_url

    def put(self, key: str, content: bytes, content_type: str) -> None:  # noqa: ARG002
        """Write beside the place, then rename: a crash leaves the old bytes or the new ones."""
        path = self._folder / own_key(key)
        public = key.startswith(PUBLIC)
        self._make(path.parent, 0o755 if public else 0o700)
        waiting = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with waiting.open("xb") as file:
                os.fchmod(file.fileno(), 0o644 if public else 0o600)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            waiting.replace(path)
        finally:
            waiting.unlink(missing_ok=True)
        settle(path.parent)

    def get(self, key: str) -> bytes:
        """Read the file; raises NotFound."""
        try:
            return (self._folder / asked_key(key)).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise NotFound from None

    def delete(self, key: str) -> None:
        """Remove the file; its folder stays."""
        path = self._folder / own_key(key)
        path.unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        """Whether the file is there."""
        return is_key(key) and (self._folder / key).is_file()

    def url(self, key: str) -> str:
        """The address of a public key below the media address."""
        return public_url(self._base_url, key)

    def upload_origin(self) -> str:
        """Blank: everything comes through us."""
        return ""

    def presign_put(self, key: str, leave: Leave, seconds: int) -> str | None:  # noqa: ARG002
        """None: a folder takes bytes only through us."""
        return None

    def _make(self, folder: Path, mode: int) -> None:
        """Make the folders down to this one, each with this mode whatever the umask."""
        if folder.is_dir():
            return
        if folder == self._folder:
            folder.mkdir(parents=True, exist_ok=True)
            return
        self._make(folder.parent, mode)
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
        settle(folder.parent)


def settle(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
