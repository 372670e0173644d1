"""Where gateways tell us of payments. They repeat themselves by what we answer, so it matters.

200: heard, also the second time. 400: forged. 504 whenever we fail ourselves: after a 500 Midtrans
asks once more and then never again, after a 504 five times over five hours. Never a redirect.
"""

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, NotFound

from core.access import machine
from core.actors import SYSTEM
from orders import webhooks
from orders.gateways import GATEWAYS
from orders.gateways.words import Forged
from orders.methods import MACHINES

log = structlog.get_logger()
bp = Blueprint("webhooks", __name__)
FAILED = 504


@bp.post("/webhooks/<name>", strict_slashes=False)
@machine
def hear(name: str) -> Response:
    """Check the signature over the bytes as they came, store them, answer."""
    gateway = GATEWAYS.get(name)
    if gateway is None or name not in MACHINES:
        raise NotFound
    request.max_content_length = webhooks.BODY_BYTES_MAX
    body, headers = request.get_data(cache=False), dict(request.headers)
    try:
        heard = gateway.hear(headers, body)
    except Forged:
        webhooks.HEARD.labels(name, "forged").inc()
        log.warning("webhook.forged", gateway=name)
        webhooks.note_forged(name)
        return _said(400)
    what = webhooks.take_in(actor=SYSTEM, gateway=name, heard=heard, headers=headers, body=body)
    webhooks.HEARD.labels(name, what).inc()
    return _said(200)


@bp.errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Whatever went wrong; its words are not written down, for they may hold the notice."""
    if isinstance(error, HTTPException) and (error.code or 500) < 500:
        return _said(error.code or 400)
    log.error("webhook.failed", kind=type(error).__name__)
    return _said(FAILED)


def _said(code: int) -> Response:
    return Response("ok\n" if code == 200 else "no\n", code, mimetype="text/plain")
