"""Where the buyer wants money back that no gateway can send: asked on her order's own page."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import banks
from core import visitor
from core.access import public
from core.db import db
from core.errors import DomainError, NotFound, TooMany
from core.web import say
from orders import finding, refund_accounts
from orders.views.claim_forms import AccountForm

bp = Blueprint("refund_account", __name__, url_prefix="/pesanan/<code>/rekening")


@bp.route("", methods=["GET", "POST"])
@public
def give(code: str) -> str | Response | tuple[str, int]:
    """Name a bank account or wallet; what is there already is shown masked."""
    order = finding.by_code(db.session(), code)
    if not refund_accounts.is_needed(db.session(), order.id):
        raise NotFound
    form, status = AccountForm(), 200
    if form.validate_on_submit():
        try:
            refund_accounts.spend_try(order.id, str(request.remote_addr))
            refund_accounts.give(
                actor=visitor.actor(),
                order_id=order.id,
                phone=form.phone.data,
                target=form.target(),
            )
        except (TooMany, refund_accounts.BeingSent) as refused:
            form.form_errors.append(str(refused.sentence))
            status = refused.status
        except (refund_accounts.NotThatPhone, refund_accounts.OddNumber) as wrong:
            status = _beside(form, wrong)
        else:
            say(_("Terima kasih. Rekening Anda sudah kami catat dengan aman."))
            return redirect(url_for("orders.show", code=code), code=303)
    account = refund_accounts.of_order(db.session(), order.id)
    page = render_template(
        "orders/refund_account.html",
        order=order,
        form=form,
        account=account,
        bank=banks.NAMES.get(account.bank, "") if account else "",
        is_fixed=account is not None and refund_accounts.is_fixed(db.session(), account),
    )
    return page, status


def _beside(form: AccountForm, wrong: DomainError) -> int:
    field = form.phone if isinstance(wrong, refund_accounts.NotThatPhone) else form.number
    field.errors = [wrong.sentence]
    return wrong.status
