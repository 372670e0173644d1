"""The coordinator writes a big order down, shares it out, asks, and follows it to the shelf."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from cooperatives.big_orders import asking, forms, hands, making, planning, reading
from cooperatives.big_orders.forms import BigOrderForm
from cooperatives.big_orders.planning import WrongDays
from cooperatives.big_orders.states import State
from cooperatives.membership.views.roll import groups_of
from cooperatives.rights import COORDINATE
from cooperatives.views.bazaar_desk import number
from core import access, nav, visitor
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.paging import page_asked, words_asked
from core.web import say

bp = Blueprint("big_orders", __name__, url_prefix="/koord/bagi")
Sent = MultiDict[str, str]
OPEN = (State.DRAFT, State.ASKING)


def _groups() -> list[int]:
    return sorted(access.subjects(db.session(), visitor.actor(), COORDINATE))


@bp.get("")
@holds(COORDINATE)
def index() -> str:
    """Big orders of her groups, the next ones first."""
    asked, page = words_asked(), page_asked()
    found, more = planning.list_orders(db.session(), _groups(), asked=asked, page=page)
    return render_template(
        "cooperatives/big_orders/index.html",
        orders=found,
        states=reading.STATES,
        asked=asked,
        page_number=page,
        more=more,
    )


@bp.route("/baru", methods=["GET", "POST"])
@holds(COORDINATE)
def write_down() -> str | Response | tuple[str, int]:
    """What is wanted, how many, by when."""
    form = BigOrderForm()
    kiosks = reading.kiosks(db.session())
    form.group.offer((one.id, one.short_name) for one in groups_of())
    form.place.offer(kiosks)
    form.category.offer(reading.kinds(db.session()))
    if not form.is_submitted():
        form.least.data = 1
    if form.validate_on_submit():
        try:
            made = planning.write_down(
                actor=visitor.actor(),
                organisation_id=form.group.chosen or 0,
                wish=form.wish(),
            )
        except WrongDays as wrong:
            form.due_on.errors = [wrong.sentence]
        else:
            say(_("Pesanan dicatat. Sekarang pilih siapa yang bisa membuat."))
            return _to(made.id)
    page = render_template("cooperatives/big_orders/new.html", form=form, kiosks=kiosks)
    return (page, 422) if form.is_submitted() else page


@bp.get("/<int:order_id>")
@holds(COORDINATE)
def show(order_id: int) -> str:
    """One big order: proposal, answers, plan, and what has come."""
    return _page(order_id)


def _page(order_id: int, problem: object = "", typed: Sent | None = None) -> str:
    session = db.session()
    order = planning.get(session, visitor.actor(), order_id)
    return render_template(
        "cooperatives/big_orders/show.html",
        told=reading.told(session, order),
        choices=reading.choices(session, order) if order.state in OPEN else [],
        untold=hands.untold(session, order) if order.state in OPEN else [],
        problem=problem,
        typed=typed or MultiDict(),
        sell_url=nav.address("big_order.sell", order_id=order.id),
    )


@bp.post("/<int:order_id>")
@holds(COORDINATE)
def act(order_id: int) -> Response | tuple[str, int]:
    """One deed; which one the button says. What was refused stays as it was typed."""
    deed = DEEDS.get(request.form.get("deed", ""))
    if deed is None:
        raise NotFound
    planning.get(db.session(), visitor.actor(), order_id)
    try:
        said = deed(order_id, request.form)
    except NotFound:
        raise
    except DomainError as refused:
        return _page(order_id, refused.sentence, request.form), refused.status
    say(str(said))
    return _to(order_id)


def _propose(order_id: int, sent: Sent) -> Any:
    planning.propose(
        actor=visitor.actor(),
        order_id=order_id,
        variant_ids=forms.numbers(sent.getlist("goods")),
        rainy=forms.days(sent.getlist("rain")),
    )
    return _("Usulan sudah dihitung. Periksa, lalu tanyakan.")


def _adjust(order_id: int, sent: Sent) -> Any:
    planning.adjust(
        actor=visitor.actor(),
        order_id=order_id,
        units=forms.by_number(sent, "units"),
        why=sent.get("why", ""),
    )
    return _("Usulan sudah diubah.")


def _ask(order_id: int, sent: Sent) -> Any:
    hours = forms.count(sent, "hours")
    asking.ask(actor=visitor.actor(), order_id=order_id, hours=hours)
    return _("Ibu-ibu sudah ditanya.")


def _answer(order_id: int, sent: Sent) -> Any:
    asking.answer(
        actor=visitor.actor(), share_id=_share(order_id, sent), units=forms.count(sent, "units")
    )
    return _("Jawabannya dicatat.")


def _go_round(order_id: int, _sent: Sent) -> Any:
    asking.go_round(actor=visitor.actor(), order_id=order_id)
    return _("Yang belum menjawab tidak dihitung lagi.")


def _seal(order_id: int, sent: Sent) -> Any:
    asking.seal(actor=visitor.actor(), order_id=order_id, gap_is_told="gap" in sent)
    return _("Rencana sudah pasti. Setiap ibu diberi tahu.")


def _drop(order_id: int, sent: Sent) -> Any:
    making.drop(actor=visitor.actor(), share_id=_share(order_id, sent), why=sent.get("why", ""))
    return _("Dicatat. Sisanya bisa ditanyakan ke ibu lain.")


def _finish(order_id: int, _sent: Sent) -> Any:
    making.finish(actor=visitor.actor(), order_id=order_id)
    return _("Pesanan besar selesai.")


def _cancel(order_id: int, sent: Sent) -> Any:
    making.cancel(actor=visitor.actor(), order_id=order_id, why=sent.get("why", ""))
    return _("Pesanan dibatalkan. Semua yang ditanya diberi tahu.")


def _share(order_id: int, sent: Sent) -> int:
    """The share that a button carries, which must be one of this order; raises NotFound."""
    share_id = number(sent, "share")
    found = reading.told(db.session(), planning.get(db.session(), visitor.actor(), order_id))
    if share_id not in {row.share.id for row in found.rows}:
        raise NotFound
    return share_id


DEEDS: dict[str, Callable[[int, Sent], Any]] = {
    "propose": _propose,
    "adjust": _adjust,
    "ask": _ask,
    "answer": _answer,
    "round": _go_round,
    "seal": _seal,
    "drop": _drop,
    "finish": _finish,
    "cancel": _cancel,
}


def _to(order_id: int) -> Response:
    return redirect(url_for("big_orders.show", order_id=order_id), code=303)
