"""Storage in a bucket: S3, or what speaks like it. Loaded only where the settings ask for it."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from core.errors import NotFound, RemoteError
from core.storage import (
    CACHE_FOREVER,
    PRIVATE,
    PUBLIC,
    Leave,
    asked_key,
    origin,
    own_key,
    public_url,
)

CONNECT_SECONDS_MAX = 5
READ_SECONDS_MAX = 20
TRIES_MAX = 3
PRESIGNED_SECONDS_MAX = 600
ABSENT_CODES = frozenset({"NoSuchKey", "404"})  # GET says the first, HEAD can only say the second.


class S3Storage:
    """A bucket. The keys to it come from the machine, as boto3 finds them."""

    def __init__(
        self, bucket: str, region: str, base_url: str, endpoint: str | None = None
    ) -> None:
        self._bucket = bucket
        self._base_url = base_url
        self._origin = origin(endpoint or f"https://{bucket}.s3.{region}.amazonaws.com")
        # Without virtual addressing a presigned address goes to the global host, which answers
        # 307 for a bucket in Jakarta; a phone's browser does not follow that across origins.
        self._s3 = boto3.client(
            "s3",
            region_name=region,
            endpoint_url=endpoint,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path" if endpoint else "virtual"},
                connect_timeout=CONNECT_SECONDS_MAX,
                read_timeout=READ_SECONDS_MAX,
                retries={"total_max_attempts": TRIES_MAX, "mode": "standard"},
                # Other makers' S3 do not know the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Send the bytes; raises RemoteError. Who may read is the bucket policy's to say."""
        cache = CACHE_FOREVER if key.startswith(PUBLIC) else "private, no-store"
        with _remote():
            self._s3.put_object(
                Bucket=self._bucket,
                Key=own_key(key),
                Body=content,
                ContentType=content_type,
                CacheControl=cache,
            )

    def get(self, key: str) -> bytes:
        """Fetch the bytes; raises NotFound or RemoteError."""
        with _remote():
            return self._s3.get_object(Bucket=self._bucket, Key=asked_key(key))["Body"].read()

    def delete(self, key: str) -> None:
        """Remove the object; raises RemoteError."""
        with _remote():
            self._s3.delete_object(Bucket=self._bucket, Key=own_key(key))

    def exists(self, key: str) -> bool:
        """Whether the object is there; raises RemoteError."""
        try:
            with _remote():
                self._s3.head_object(Bucket=self._bucket, Key=asked_key(key))
        except NotFound:
            return False
        return True

    def url(self, key: str) -> str:
        """The address of a public key below the media address."""
        return public_url(self._base_url, key)

    def upload_origin(self) -> str:
        """The site of a presigned address, told without asking for credentials."""
        return self._origin

    def presign_put(self, key: str, leave: Leave, seconds: int) -> str:
        """Sign one upload: key, type, length (bytes) and checksum are in the signature. No network
        call.

        Only private keys: nobody has looked yet at what a phone sends, and it may tell where she
        lives.
        """
        if not 0 < seconds <= PRESIGNED_SECONDS_MAX:
            raise AssertionError(f"a leave to upload lives at most {PRESIGNED_SECONDS_MAX} s")
        wanted = {
            "Bucket": self._bucket,
            "Key": own_key(key, PRIVATE),
            "ContentType": leave.content_type,
            "ContentLength": leave.bytes,
            "ChecksumSHA256": leave.sha256,
        }
        with _remote():
            return self._s3.generate_presigned_url("put_object", Params=wanted, ExpiresIn=seconds)


@contextmanager
def _remote() -> Iterator[None]:
    """Turn the bucket's refusals into ours."""
    try:
        yield
    except ClientError as refused:
        code = refused.response.get("Error", {}).get("Code", "")
        if code in ABSENT_CODES:
            raise NotFound from None
        raise RemoteError(f"the bucket refused: {code}") from refused
    except BotoCoreError as silent:
        raise RemoteError("the bucket did not answer") from silent
