"""A phone that speaks tus to the house, for tests: sends pieces, loses them, and goes on."""

import base64
import hashlib
from uuid import uuid4

from core.views.upload import bp
from tests.factories import sign_in

PIECE = 16 * 1024
HOME = bp.url_prefix


def as_base64(content):
    return base64.b64encode(content).decode()


def checksum(content, kind="sha1"):
    return f"{kind} {as_base64(hashlib.new(kind, content).digest())}"


class Phone:
    """Somebody's browser in which she has signed in, with one photo to send."""

    def __init__(self, client, content=b"x" * 40_000, photo_id=None, **who):
        self.client, self.content = client, content
        self.photo_id = photo_id or uuid4()
        sign_in(client, **who)
        start = client.get("/kirim").json
        self.person_id, self.token = start["person"], start["token"]

    @property
    def address(self):
        return f"{HOME}/{self.photo_id}"

    def ask(self, method, url=None, headers=None, data=None):
        said = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self.token} | (headers or {})
        kept = {name: value for name, value in said.items() if value is not None}
        return self.client.open(url or self.address, method=method, headers=kept, data=data)

    def create(self, length=None, **metadata):
        said = {"id": str(self.photo_id)} | metadata
        pairs = ",".join(f"{name} {as_base64(str(v).encode())}" for name, v in said.items())
        length = len(self.content) if length is None else length
        return self.ask("POST", HOME, {"Upload-Length": str(length), "Upload-Metadata": pairs})

    def patch(self, start, content=None, **headers):
        """Send the piece from `start` on."""
        if content is None:
            content = self.content[start : start + PIECE]
        said = {"Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
        return self.ask("PATCH", headers=said | headers, data=content)

    def offset(self):
        return int(self.ask("HEAD").headers["Upload-Offset"])

    def send(self):
        """All of it, as a phone without trouble does."""
        assert self.create().status_code == 201
        while (start := self.offset()) < len(self.content):
            assert self.patch(start).status_code == 204

    def heard(self):
        """What became of it."""
        return self.ask("GET").json
