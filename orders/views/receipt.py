"""The receipt on paper: a page that prints on any width, and the same as a file."""

from flask import Blueprint, Response, render_template

from core import papers
from core.access import public
from core.db import db
from orders import finding, receipt, receipt_file, receipt_words

bp = Blueprint("receipt", __name__, url_prefix="/pesanan")


@bp.after_request
def keep_out_of_lists(response: Response) -> Response:
    """Whoever has the link may read it; nobody shall find it, and no cache keep it."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/<code>/struk")
@public
def show(code: str) -> str:
    """The receipt, or the bill as long as nothing was paid."""
    order = finding.by_code(db.session(), code)
    paper = receipt_words.written(receipt.of_order(db.session(), order))
    return render_template("orders/receipt.html", order=order, paper=paper)


@bp.get("/<code>/struk.pdf")
@public
def file(code: str) -> Response:
    """The same as PDF, for who has to hand in a file."""
    order = finding.by_code(db.session(), code)
    drawn = receipt_file.drawn(receipt.of_order(db.session(), order))
    return papers.answer(drawn, f"struk-{order.number}.pdf")
