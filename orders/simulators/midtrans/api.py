"""The simulated Midtrans as machines see it: Snap and the Core API, with their own manners.

Snap says no with an HTTP code and `error_messages`; the Core API mostly under an HTTP 200, with its
code in the body. A key for idempotence is kept five minutes, and only for what went well.
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from core import clock
from orders.simulators.midtrans import papers
from orders.simulators.midtrans.desk import Desk
from orders.simulators.midtrans.payments import Refusal

REQUEST_BYTES_MAX = 16 * 1024
KEY_CHARS_MAX = 46
KEPT = timedelta(minutes=5)
DENIED = "Access denied, please check client or server key"


def blueprint(desk: Desk) -> Blueprint:
    """All calls of machines."""
    bp = Blueprint("api", __name__)
    once = _Once()

    @bp.before_request
    def check_key() -> Response | None:
        desk.let_time_pass()
        wanted = b64encode(f"{desk.world.key}:".encode()).decode()
        if request.headers.get("Authorization") == f"Basic {wanted}":
            return None
        if request.path.startswith("/snap/"):
            return _snap_no(401, DENIED)
        return _core_no(Refusal("401", DENIED), 401)

    @bp.errorhandler(Refusal)
    def refused(no: Refusal) -> Response:
        if request.path.startswith("/snap/"):
            return _snap_no(int(no.code), no.says)
        return _core_no(no)

    @bp.post("/snap/v1/transactions")
    def create() -> Response:
        return once.answer(lambda: _create(desk))

    @bp.post("/snap/v1/transactions/<token>/cancel")
    def cancel_page(token: str) -> Response:
        desk.cancel_page(token)
        return jsonify({"status_code": "200", "status_message": "Success, page is cancelled"})

    @bp.get("/v2/<name>/status")
    def status(name: str) -> Response:
        return jsonify(papers.status(desk.book.get(name), desk.world.key))

    @bp.post("/v2/<name>/<any(cancel, expire, approve, deny):deed>")
    def change(name: str, deed: str) -> Response:
        return once.answer(lambda: _change(desk, name, deed))

    @bp.post("/v2/<name>/refund")
    def refund(name: str) -> Response:
        return once.answer(lambda: _refund(desk, name))

    return bp


class _Once:
    """Answers that went well, kept for a while under the caller's Idempotency-Key."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Any, Response]] = {}

    def answer(self, act: Callable[[], Response]) -> Response:
        """The kept answer, whatever is asked this time, or a new one."""
        key, now = request.headers.get("Idempotency-Key", ""), clock.now()
        if not key or len(key) > KEY_CHARS_MAX:
            return act()  # A longer one is ignored without a word.
        until, kept = self._kept.get(key, (now, None))
        if kept is not None and now < until:
            return _copy(kept)
        made = act()
        if made.status_code < 400:
            self._kept[key] = (now + KEPT, _copy(made))
        return made


def _copy(answer: Response) -> Response:
    return Response(answer.get_data(), answer.status_code, mimetype="application/json")


def _snap_no(code: int, *says: str) -> Response:
    answer = jsonify({"error_messages": list(says)})
    answer.status_code = code
    return answer


def _core_no(no: Refusal, http: int = 200) -> Response:
    answer = jsonify({"status_code": no.code, "status_message": no.says, "id": "simulated"})
    answer.status_code = http
    return answer


def _body() -> Any:
    if len(request.get_data()) > REQUEST_BYTES_MAX:
        raise Refusal("413", "Request body is too large")
    try:
        return json.loads(request.get_data() or b"{}")
    except ValueError:
        raise Refusal("400", "JSON syntax is wrong") from None


def _create(desk: Desk) -> Response:
    wanted = _body()
    if says := _wrong(wanted):
        raise Refusal("400", says)
    page = desk.open_page(wanted)
    url = f"{desk.world.own_url}/snap/v2/vtweb/{page.token}"
    answer = jsonify({"token": page.token, "redirect_url": url})
    answer.status_code = 201
    return answer


def _wrong(wanted: Any) -> str:
    """What Midtrans finds wrong with a request, in its own sentences; empty if nothing."""
    details = wanted.get("transaction_details") if isinstance(wanted, dict) else None
    if not isinstance(details, dict):
        return "transaction_details is required"
    if not re.fullmatch(r"[A-Za-z0-9._~-]{1,50}", str(details.get("order_id", ""))):
        return "transaction_details.order_id is invalid"
    amount, items = details.get("gross_amount"), wanted.get("item_details") or []
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
        return "transaction_details.gross_amount must be a positive integer"
    for item in items:
        if says := _wrong_item(item):
            return says
    if items and sum(item["price"] * item["quantity"] for item in items) != amount:
        return "transaction_details.gross_amount is not equal to the sum of item_details"
    minutes = (wanted.get("expiry") or {"duration": 5}).get("duration")
    return "" if isinstance(minutes, int) and 5 <= minutes <= 10_080 else "expiry is invalid"


def _wrong_item(item: Any) -> str:
    name = item.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= 50:
        return "item_details.name is too long"
    if not isinstance(item.get("price"), int) or not isinstance(item.get("quantity"), int):
        return "item_details.price must be an integer"
    return "" if item["quantity"] >= 1 else "item_details.quantity must be at least 1"


SAYS = {
    "cancel": ("200", "Success, transaction is canceled"),
    "expire": ("407", "Success, transaction has expired"),
    "approve": ("200", "Success, transaction is approved"),
    "deny": ("200", "Success, transaction is denied"),
}


def _change(desk: Desk, name: str, deed: str) -> Response:
    payment = desk.book.get(name)
    desk.do(payment, deed)
    code, says = SAYS[deed]
    return jsonify({**papers.facts(payment), "status_code": code, "status_message": says})


def _refund(desk: Desk, name: str) -> Response:
    wanted, payment = _body(), desk.book.get(name)
    key = str(wanted.get("refund_key") or "")
    if payment.kind == "dana" and name != payment.id:
        raise Refusal("404", "Transaction doesn't exist.")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", key) or not isinstance(wanted.get("amount"), int):
        raise Refusal("400", "One or more parameters in the payload is invalid.")
    if desk.world.switches.strikes("no_balance"):
        raise Refusal("414", "Insufficient funds")
    if desk.world.switches.strikes("deny_refund"):
        denied = {"status_code": "202", "status_message": "Refund denied by the bank"}
        return jsonify({**papers.facts(payment), **denied, "refund_amount": "0.00"})
    desk.refund(payment, key, wanted["amount"])
    told = {"status_code": "200", "status_message": "Success, refund request is approved"}
    return jsonify({**papers.facts(payment), **told, "refund_key": key})
