"""What Meta calls: once to learn that the address is ours, then with what became of messages."""

from flask import Blueprint, Response, abort, request

from core import outbox, whatsapp
from core.access import machine

bp = Blueprint("whatsapp_webhook", __name__, url_prefix="/webhooks/whatsapp")
BODY_BYTES_MAX = 256 * 1024


@bp.get("")
@machine
def verify() -> Response:
    """Repeat the challenge to who knows the word we agreed on."""
    if not whatsapp.is_our_word(request.args.get("hub.verify_token", "")):
        abort(404)
    return Response(request.args.get("hub.challenge", "")[:200], mimetype="text/plain")


@bp.post("")
@machine
def receive() -> Response:
    """Take in signed news of our messages; anything else is refused."""
    request.max_content_length = BODY_BYTES_MAX
    signature = request.headers.get("X-Hub-Signature-256", "")
    outbox.hear(fates=whatsapp.fates(request.get_data(cache=False), signature))
    return Response("ok\n", mimetype="text/plain")
