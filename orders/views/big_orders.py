"""The coordinator makes the web order of a big order, once its goods stand at the kiosk."""

from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from cooperatives.big_orders import planning, reading
from cooperatives.models import BigOrder
from cooperatives.rights import COORDINATE
from core import visitor, words
from core.access import holds
from core.choices import OneOfField
from core.db import db
from core.errors import DomainError, NotFound
from core.fields import NameField, PhoneField
from core.forms import HouseForm
from core.telling import told
from core.web import say
from orders import big_orders, story
from orders.checkout import Receiver
from orders.models import Order

bp = Blueprint("big_order_web", __name__, url_prefix="/koord/bagi/<int:order_id>/pesanan")


class BuyerForm(HouseForm):
    """Who ordered, and how she pays."""

    name = NameField(_l("Nama pemesan"))
    phone = PhoneField(_l("Nomor HP pemesan"))
    method = OneOfField(_l("Cara bayar"))


def _form() -> BuyerForm:
    form = BuyerForm()
    form.method.offer((one.code, one.label) for one in big_orders.ways())
    return form


@bp.get("")
@holds(COORDINATE)
def show(order_id: int) -> str:
    """What is kept, by maker, and the order that was made of it."""
    return _page(_big(order_id), _form(), str(uuid4()))


def _big(order_id: int) -> BigOrder:
    return planning.get(db.session(), visitor.actor(), order_id)


def _page(big: BigOrder, form: BuyerForm, act_id: str, problem: object = "") -> str:
    order = big_orders.sold_as(db.session(), big)
    return render_template(
        "orders/big_order.html",
        told=reading.told(db.session(), big),
        form=form,
        act_id=act_id,
        problem=problem,
        order=order,
        order_state=story.ORDER_WORDS[order.state] if order else None,
        ended=order is not None and order.state in big_orders.WITHOUT_GOODS,
        whatsapp=words.wa_link(_message(big, order)) if order else "",
    )


def _message(big: BigOrder, order: Order) -> str:
    """For whoever ordered; her order opens with its number and her own phone number."""
    said = _(
        "Pesanan %(what)s sudah siap. Nomornya %(number)s, jumlahnya %(total)s."
        " Buka %(page)s, tulis nomor pesanan dan nomor HP Anda.",
        what=big.what,
        number=order.number,
        total=words.rupiah(order.total),
        page=url_for("orders.find", nomor=order.number, _external=True),
    )
    return str(said)


@bp.post("")
@holds(COORDINATE)
def sell(order_id: int) -> Response | tuple[str, int]:
    """Make the order, or keep the goods again where it has ended unpaid."""
    big, form = _big(order_id), _form()
    if request.form.get("deed") == "keep":
        with told(_("Barangnya disimpan lagi untuk pemesan.")):
            big_orders.keep_again(actor=visitor.actor(), big_order_id=order_id)
        return _back(order_id)
    act_id = _act_id()
    if not form.validate():
        return _page(big, form, str(act_id)), 422
    try:
        placed = big_orders.sell(
            actor=visitor.actor(),
            order_id=act_id,
            big_order_id=order_id,
            receiver=Receiver(name=form.name.data, phone=form.phone.data),
            method_code=form.method.data,
        )
    except NotFound:
        raise
    except DomainError as refused:
        return _page(big, form, str(act_id), refused.sentence), refused.status
    say(_("Pesanan %(number)s dibuat. Kirim nomornya ke pemesan.", number=placed.number))
    return _back(order_id)


def _act_id() -> UUID:
    try:
        return UUID(request.form.get("act_id", ""))
    except ValueError:
        return uuid4()


def _back(order_id: int) -> Response:
    return redirect(url_for("big_order_web.show", order_id=order_id), code=303)
