"""The simulated Midtrans as people see it: the page to pay on, and the clerk's desk."""

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from orders.simulators.midtrans import papers
from orders.simulators.midtrans.desk import Desk
from orders.simulators.midtrans.payments import Page, Payment, Refusal

NAMES = {
    "other_qris": "QRIS",
    "gopay": "GoPay",
    "shopeepay": "ShopeePay",
    "dana": "DANA",
    "ovo": "OVO",
    "credit_card": "Kartu kredit atau debit (card)",
    "echannel": "Mandiri Bill",
    "other_va": "Bank lain (other bank)",
    "indomaret": "Indomaret",
    "alfamart": "Alfamart",
}
# What a buyer, or a bank, can do about a payment that waits.
BY_HAND = (
    ("pay", "Bayar", "pay", ""),
    ("deny", "Gagalkan", "be refused", "wrong"),
    ("expire", "Biarkan kedaluwarsa", "let it expire", "quiet"),
)
HELD = ("pay_held", "Bayar, lalu ditahan", "pay and be held for review", "quiet")
LABELS = {
    "pay": "Bayar (pay)",
    "deny": "Tolak (deny)",
    "expire": "Kedaluwarsa (expire)",
    "cancel": "Batalkan (cancel)",
    "approve": "Loloskan (approve)",
    "settle": "Cairkan (settle)",
    "refund": "Kembalikan (refund)",
    "undo": "Bank menarik kembali (settlement → deny)",
    "confirm": "Bank membenarkan refund (confirm)",
    "charge_back": "Sengketa penuh (chargeback)",
    "charge_back_half": "Sengketa separuh (partial)",
}
# What the clerk's desk offers, by state.
AT_THE_DESK = {
    "pending": ("pay", "deny", "expire", "cancel"),
    "capture": ("approve", "deny", "settle", "cancel"),
    "settlement": ("refund", "undo", "charge_back", "charge_back_half"),
    "partial_refund": ("refund", "confirm", "charge_back"),
    "refund": ("confirm",),
    "partial_chargeback": ("charge_back",),
}


def _bare(name: str, desk: Desk) -> Blueprint:
    bp = Blueprint(name, __name__)
    bp.before_request(desk.let_time_pass)

    @bp.errorhandler(Refusal)
    def refused(no: Refusal) -> tuple[str, int]:
        return render_template("midtrans/no.html", says=no.says), 409

    return bp


def for_buyers(desk: Desk) -> Blueprint:
    """Snap's page: choose a channel, pay or fail, go back to the shop."""
    bp = _bare("buyer", desk)

    @bp.get("/snap/v2/vtweb/<token>")
    def pay(token: str) -> str:
        page = _page(desk, token)
        payment = desk.book.newest(page.order_id)
        is_card = payment is not None and payment.kind == "credit_card"
        return render_template(
            "midtrans/pay.html",
            page=page,
            payment=payment,
            is_picked=payment is not None and payment.status == "pending",
            is_open=desk.is_open(page),
            number=papers.number_of(payment) if payment else "",
            names=NAMES,
            deeds=(*BY_HAND, HELD) if is_card else BY_HAND,
            back=_back(page, payment),
        )

    @bp.post("/snap/v2/vtweb/<token>")
    def press(token: str) -> AnyResponse:
        page, here = _page(desk, token), url_for("buyer.pay", token=token)
        if channel := request.form.get("channel"):
            desk.pick(page, channel)
            return redirect(here, code=303)
        payment = desk.book.get(page.order_id)
        desk.do(payment, request.form.get("deed", ""))
        is_paid = payment.status in ("settlement", "capture")
        return redirect((is_paid and _back(page, payment)) or here, code=303)

    return bp


def for_clerks(desk: Desk) -> Blueprint:
    """What the gateway's own people see and do, and the ledger as JSON."""
    bp = _bare("clerk", desk)

    @bp.get("/")
    def index() -> str:
        return render_template(
            "midtrans/desk.html",
            payments=reversed(list(desk.book.payments.values())),
            deeds=AT_THE_DESK,
            labels=LABELS,
            code_of=papers.code_of,
            faults="../",
            told=desk.delivery.told()[-20:],
        )

    @bp.post("/<payment_id>/<deed>")
    def do(payment_id: str, deed: str) -> AnyResponse:
        desk.do(desk.book.get(payment_id), deed)
        return redirect(url_for("clerk.index"), code=303)

    @bp.get("/ledger.json")
    def ledger() -> Response:
        return jsonify(desk.book.ledger)

    return bp


def _page(desk: Desk, token: str) -> Page:
    page: Page | None = desk.book.pages.get(token)
    if page is None:
        abort(404)
    return page


def _back(page: Page, payment: Payment | None) -> str:
    """Back to the shop, with what Midtrans writes into the address, which nobody should believe."""
    if not urlsplit(page.finish).scheme:
        return ""
    more = {"order_id": page.order_id}
    if payment:
        more |= {"status_code": papers.code_of(payment), "transaction_status": payment.status}
    return f"{page.finish}{'&' if '?' in page.finish else '?'}{urlencode(more)}"
