"""The simulated Stripe as people see it: Checkout's page, and the clerk's desk."""

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core import clock
from orders.simulators.stripe import report
from orders.simulators.stripe.book import DISPUTE_MOVES, Refusal, written
from orders.simulators.stripe.desk import Desk

REFUND_STATUSES = ("succeeded", "pending", "failed")


def _bare(name: str, desk: Desk) -> Blueprint:
    bp = Blueprint(name, __name__)
    bp.before_request(desk.let_time_pass)

    @bp.errorhandler(Refusal)
    def refused(no: Refusal) -> tuple[str, int]:
        return render_template("stripe/no.html", says=no.says), 409

    return bp


def for_buyers(desk: Desk) -> Blueprint:
    """Checkout's page: pay, have the card declined, or go back."""
    bp = _bare("buyer", desk)

    @bp.get("/c/pay/<name>")
    def pay(name: str) -> str:
        session = desk.book.sessions.get(name) or abort(404)
        return render_template(
            "stripe/pay.html",
            session=session,
            amount=written(session.currency, session.amount),
            is_open=desk.is_open(session),
            is_declined="declined" in request.args,
        )

    @bp.post("/c/pay/<name>")
    def press(name: str) -> AnyResponse:
        session = desk.book.sessions.get(name) or abort(404)
        if request.form.get("deed") == "decline":
            return redirect(url_for("buyer.pay", name=name, declined=1), code=303)
        desk.pay(session)
        back = session.success_url.replace("{CHECKOUT_SESSION_ID}", session.id)
        return redirect(back or url_for("buyer.pay", name=name), code=303)

    return bp


def for_clerks(desk: Desk) -> Blueprint:
    """What Stripe's dashboard, and a buyer's bank, can do; and the ledger as JSON."""
    bp = _bare("clerk", desk)

    @bp.get("/")
    def index() -> str:
        return render_template(
            "stripe/desk.html",
            sessions=reversed(list(desk.book.sessions.values())),
            written=written,
            moves=DISPUTE_MOVES,
            statuses=REFUND_STATUSES,
            refund_status=desk.book.refund_status,
            told=desk.delivery.told()[-20:],
            faults="../",
        )

    @bp.post("/refunds/<any(succeeded, pending, failed):status>")
    def refunds_become(status: str) -> AnyResponse:
        desk.book.refund_status = status
        return redirect(url_for("clerk.index"), code=303)

    @bp.post("/refunds/<name>/<any(succeeded, failed):status>")
    def settle(name: str, status: str) -> AnyResponse:
        desk.settle(name, status)
        return redirect(url_for("clerk.index"), code=303)

    @bp.post("/sessions/<name>/<deed>")
    def do(name: str, deed: str) -> AnyResponse:
        session = desk.book.get(name)
        if deed == "pay":
            desk.pay(session)
        elif deed == "expire":
            desk.expire(session)
        elif deed == "refund":
            desk.refund(session, None, {})
        elif deed == "dispute":
            desk.dispute(session)
        elif deed == "inquire":
            desk.dispute(session, status="warning_needs_response")
        else:
            desk.decide(session, deed)
        return redirect(url_for("clerk.index"), code=303)

    @bp.get("/ledger.json")
    def ledger() -> Response:
        return jsonify(desk.book.ledger)

    return bp


def for_bookkeepers(desk: Desk) -> Blueprint:
    """What a merchant's bookkeeper finds: pay out, and the report of it."""
    bp = _bare("bookkeeper", desk)

    @bp.get("/report.csv")
    def payout_report() -> Response:
        return Response(report.written(desk.book), mimetype="text/csv")

    @bp.post("/payout")
    def pay_out() -> AnyResponse:
        with desk.book.lock:
            report.pay_out(desk.book, clock.now())
        return redirect(url_for("clerk.index"), code=303)

    return bp
