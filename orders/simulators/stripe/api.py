"""The simulated Stripe as machines see it: forms in, JSON out, and a memory for idempotency keys.

The first answer to a key is kept and repeated, a refused form is not; the same key with another
form is an error. A field that is not in the papers is one, too.
"""

import re
from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import Blueprint, Response, jsonify, request

from core import clock
from orders.simulators.stripe import papers
from orders.simulators.stripe.book import Refusal, Session, refuse_amount
from orders.simulators.stripe.desk import Desk

SHORTEST_SECONDS, LONGEST_SECONDS = 30 * 60, 24 * 60 * 60
PART = re.compile(r"\[([^\]]*)\]")
SESSION_FIELDS = frozenset(
    {
        "mode",
        "line_items",
        "payment_method_types",
        "adaptive_pricing",
        "client_reference_id",
        "metadata",
        "payment_intent_data",
        "success_url",
        "cancel_url",
        "expires_at",
        "locale",
    }
)
REFUND_FIELDS = frozenset({"payment_intent", "charge", "amount", "reason", "metadata"})
REASONS = ("", "duplicate", "fraudulent", "requested_by_customer")


def blueprint(desk: Desk) -> Blueprint:
    """All calls of machines."""
    bp = Blueprint("api", __name__, url_prefix="/v1")
    once = _Once()

    @bp.before_request
    def check_key() -> None:
        if request.headers.get("Authorization") != f"Bearer {desk.world.key}":
            raise Refusal("Invalid API Key provided.", status=401)
        desk.let_time_pass()

    @bp.errorhandler(Refusal)
    def refused(no: Refusal) -> tuple[Response, int]:
        error = {"type": no.kind, "message": no.says, "code": no.code, "param": no.param}
        return jsonify({"error": {k: v for k, v in error.items() if v}}), no.status

    @bp.post("/checkout/sessions")
    def create() -> Response:
        return once.answer(lambda form: papers.session(_created(desk, form), desk.world.own_url))

    @bp.get("/checkout/sessions/<name>")
    def one(name: str) -> Response:
        return jsonify(papers.session(desk.book.get(name), desk.world.own_url, _expanded()))

    @bp.post("/checkout/sessions/<name>/expire")
    def expire(name: str) -> Response:
        session = desk.book.get(name)
        desk.expire(session)
        return jsonify(papers.session(session, desk.world.own_url))

    _about_money(bp, desk, once)
    return bp


def _about_money(bp: Blueprint, desk: Desk, once: "_Once") -> None:
    @bp.get("/payment_intents/<name>")
    def payment(name: str) -> Response:
        row = desk.book.of_payment(name)
        return jsonify(papers.payment(row, is_wide="latest_charge" in _expanded()))

    @bp.get("/charges/<name>")
    def charge(name: str) -> Response:
        return jsonify(papers.charge(desk.book.of_payment(name)))

    @bp.post("/refunds")
    def refund() -> Response:
        return once.answer(lambda form: _refunded(desk, form))

    @bp.get("/refunds/<name>")
    def one_refund(name: str) -> Response:
        return jsonify(papers.refund(*desk.book.refund_of(name)))

    @bp.get("/refunds")
    def refunds() -> Response:
        row = _asked_about(desk)
        found = [papers.refund(row, made) for made in reversed(row.refunds)]
        return jsonify(papers.some(found, "/v1/refunds"))

    @bp.get("/disputes")
    def disputes() -> Response:
        row = _asked_about(desk)
        found = [papers.dispute(row, made) for made in reversed(row.disputes)]
        return jsonify(papers.some(found, "/v1/disputes"))


class _Once:
    """First answers by idempotency key, and what was asked for them."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Any, Any]] = {}
        self._lock = Lock()

    def answer(self, act: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
        """The kept answer, or a new one. Raises Refusal."""
        key, asked = request.headers.get("Idempotency-Key", ""), request.form.to_dict()
        with self._lock:
            if key in self._kept:
                before, answer = self._kept[key]
                if before != (request.path, asked):
                    raise Refusal(
                        "Keys for idempotent requests can only be used with the same parameters.",
                        kind="idempotency_error",
                    )
                return jsonify(answer)
            answer = act(nested(asked))
            if key:
                self._kept[key] = ((request.path, asked), answer)
            return jsonify(answer)


def nested(form: dict[str, str]) -> dict[str, Any]:
    """`line_items[0][quantity]=1` as a tree; what is numbered stays a dict by number."""
    tree: dict[str, Any] = {}
    for name, value in form.items():
        head, *rest = [name.partition("[")[0], *PART.findall(name)]
        here = tree
        for step, following in zip([head, *rest], rest, strict=False):
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                raise Refusal(f"Invalid object: {following}", param=name)
        here[rest[-1] if rest else head] = value
    return tree


def _known(form: dict[str, Any], fields: frozenset[str]) -> None:
    for name in form.keys() - fields:
        raise Refusal(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def _expanded() -> frozenset[str]:
    """`payment_intent.latest_charge` expands the payment, too."""
    wanted: set[str] = set()
    for name, value in request.args.items(multi=True):
        if name.startswith("expand["):
            parts = value.split(".")
            wanted |= {".".join(parts[: end + 1]) for end in range(len(parts))}
    return frozenset(wanted)


def _asked_about(desk: Desk) -> Session:
    return desk.book.of_payment(request.args.get("payment_intent", ""))


def _created(desk: Desk, form: dict[str, Any]) -> Session:
    _known(form, SESSION_FIELDS)
    if form.get("mode") != "payment":
        raise Refusal("Only mode payment is simulated.", param="mode")
    items = form.get("line_items") or {}
    if set(items) != {"0"} or items["0"].get("quantity") != "1":
        raise Refusal("Exactly one line item is simulated.", param="line_items")
    price = items["0"].get("price_data") or {}
    currency, amount = price.get("currency", ""), _number(price.get("unit_amount"), "unit_amount")
    refuse_amount(currency, amount)
    now = clock.now().timestamp()
    ends = _number(form.get("expires_at", int(now) + LONGEST_SECONDS), "expires_at")
    if not now + SHORTEST_SECONDS <= ends <= now + LONGEST_SECONDS:
        raise Refusal(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.",
            param="expires_at",
        )
    session = Session(
        id=desk.book.name("cs_test"),
        amount=amount,
        currency=currency,
        name=(price.get("product_data") or {}).get("name", ""),
        reference=form.get("client_reference_id", ""),
        metadata=form.get("metadata") or {},
        payment_metadata=(form.get("payment_intent_data") or {}).get("metadata") or {},
        success_url=form.get("success_url", ""),
        cancel_url=form.get("cancel_url", ""),
        expires_at=ends,
    )
    with desk.book.lock:
        desk.book.sessions[session.id] = session
    return session


def _refunded(desk: Desk, form: dict[str, Any]) -> dict[str, Any]:
    _known(form, REFUND_FIELDS)
    if form.get("reason", "") not in REASONS:
        raise Refusal("Invalid reason", param="reason")
    row = desk.book.of_payment(form.get("payment_intent") or form.get("charge") or "")
    amount = _number(form["amount"], "amount") if "amount" in form else None
    return papers.refund(row, desk.refund(row, amount, form.get("metadata") or {}))


def _number(text: object, param: str) -> int:
    written = str(text)
    if not written.isascii() or not written.isdigit():
        raise Refusal(f"Invalid integer: {text}", code="parameter_invalid_integer", param=param)
    return int(written)
