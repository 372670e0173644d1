"""Photos from phones, in pieces: a tus 1.0 server, and the leave to send one past us.

Every request but GET and OPTIONS says `Tus-Resumable: 1.0.0`; those that change something also
carry the form token of her sign-in as `X-CSRFToken`, which `GET /kirim` hands out fresh.
`docs/pictures.md` tells the whole conversation.
"""

from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, Response, abort, jsonify, request, url_for
from werkzeug.http import http_date

from core import album, arrivals, pictures, tus, uploading, visitor
from core.access import signed_in
from core.arrival_jobs import raw_key
from core.arrivals import COMING, WHOLE, Arrival, Known
from core.db import db, leave
from core.errors import Conflict, DomainError, RemoteError
from core.storage import Leave

log = structlog.get_logger()
bp = Blueprint("upload", __name__, url_prefix="/unggah")
ONE = "/<uuid:photo_id>"
DIRECT_SECONDS = 600


@bp.after_request
def say_version(answer: Response) -> Response:
    """Every answer names the version and is kept by nobody; to OPTIONS it says what we can do."""
    answer.headers["Tus-Resumable"] = answer.headers["Tus-Version"] = tus.VERSION
    answer.headers["Cache-Control"] = "no-store"
    if request.method == "OPTIONS":
        answer.headers["Tus-Extension"] = tus.EXTENSIONS
        answer.headers["Tus-Max-Size"] = str(pictures.BYTES_MAX)
        answer.headers["Tus-Checksum-Algorithm"] = ",".join(tus.CHECKSUMS)
    return answer


def speak_tus() -> None:
    """Refuse another version of the protocol."""
    if request.headers.get("Tus-Resumable") != tus.VERSION:
        raise tus.WrongVersion


def asked(photo_id: UUID) -> Arrival:
    """Her own photo; strangers learn nothing, and whoever does not speak tus hears so."""
    found = arrivals.get(db.session(), visitor.actor(), photo_id)
    if request.method != "GET":
        speak_tus()
    return found


@bp.errorhandler(DomainError)
def say_why(error: DomainError) -> tuple[Response, int]:
    """A rule said no: the sentence is shown on her phone."""
    return jsonify(sentence=str(error.sentence)), error.status


@bp.post("")
@signed_in
def create() -> Response:
    """Await a photo; the same id again is the same photo, wherever it stands."""
    speak_tus()
    said = request.headers
    wish = tus.wish(said.get("Upload-Length"), said.get("Upload-Metadata", ""))
    found = uploading.begin(actor=visitor.actor(), wish=wish)
    answer = jsonify(direct=_leave_to_send(found))
    answer.status_code = 201
    answer.headers["Location"] = url_for("upload.show", photo_id=wish.photo_id)
    answer.headers.update(_place(found))
    return answer


def _leave_to_send(found: Arrival) -> dict[str, Any] | None:
    """An address past us for this photo, where the storage has one and nothing has come yet."""
    if found.state != COMING or found.got or not (found.content_type and found.sha256):
        return None
    allowed = Leave(found.content_type, found.bytes, found.sha256)
    try:
        url = album.storage().presign_put(raw_key(found), allowed, DIRECT_SECONDS)
    except RemoteError as refused:
        log.warning("remote_error", error=str(refused))
        return None
    return {"url": url, "headers": allowed.headers} if url else None


@bp.get(ONE)
@signed_in
def show(photo_id: UUID) -> Response:
    """How far a photo is (HEAD), and what became of it, in words (GET)."""
    found = asked(photo_id)
    known = arrivals.known(db.session(), found)
    answer = jsonify(_told(known, found))
    answer.headers.update(_place(found))
    return answer


def _told(known: Known, found: Arrival) -> dict[str, Any]:
    at = found.whole_at.isoformat() if found.whole_at else None
    return {
        "state": known.state, "offset": known.got, "bytes": known.bytes,
        "sentence": known.sentence, "at": at,
    }  # fmt: skip


@bp.patch(ONE)
@signed_in
def piece(photo_id: UUID) -> Response:
    """The next bytes of a photo; a piece cut off on its way leaves nothing behind."""
    asked(photo_id)
    if request.mimetype != tus.CONTENT_TYPE:
        raise tus.WrongKind
    start = tus.number(request.headers.get("Upload-Offset"))
    request.max_content_length = uploading.PIECE_BYTES_MAX
    content = request.get_data(cache=False)
    tus.check(request.headers.get("Upload-Checksum"), content)
    found = uploading.add_piece(
        actor=visitor.actor(), photo_id=photo_id, start=start, content=content
    )
    return _said(204, _place(found))


@bp.delete(ONE)
@signed_in
def drop(photo_id: UUID) -> Response:
    """She takes it back."""
    asked(photo_id)
    uploading.drop(actor=visitor.actor(), photo_id=photo_id)
    return _said(204, {})


@bp.post(ONE)
@signed_in
def instead(photo_id: UUID) -> Response:
    """PATCH and DELETE for networks that let only POST through."""
    asked(photo_id)
    wanted = request.headers.get("X-HTTP-Method-Override", "")
    if wanted == "PATCH":
        return piece(photo_id)
    return drop(photo_id) if wanted == "DELETE" else abort(405)


@bp.post(f"{ONE}/sampai")
@signed_in
def landed(photo_id: UUID) -> Response:
    """The phone has put it into the bucket; raises Conflict where nothing lies there."""
    found = asked(photo_id)
    key = raw_key(found)
    leave("looking for a photo")
    if found.state == COMING and not album.storage().exists(key):
        raise Conflict
    return _said(204, _place(uploading.land(actor=visitor.actor(), photo_id=photo_id)))


def _place(found: Arrival) -> dict[str, str]:
    """Where the photo stands, as tus says it."""
    place = {"Upload-Offset": str(found.got), "Upload-Length": str(found.bytes)}
    if found.state in (COMING, WHOLE):
        place["Upload-Expires"] = http_date(found.expires_at)
    return place


def _said(status: int, headers: dict[str, str]) -> Response:
    return Response(status=status, headers=headers)
