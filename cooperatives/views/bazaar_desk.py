"""Bazaars on the coordinator's desk: the plan, the list, the costs, and closing."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from cooperatives.bazaars import closing, contesting, costs, planning, seats, sight, statement
from cooperatives.bazaars.costs import NotACost
from cooperatives.bazaars.forms import PlanForm, units
from cooperatives.bazaars.planning import WrongDays
from cooperatives.bazaars.refused import NOTHING, Refused
from cooperatives.goods import BadGoods
from cooperatives.models import BazaarLine, Cooperative
from cooperatives.receiving.asked import WrongBoxes
from cooperatives.rights import COORDINATE, TREASURE
from core import access, visitor
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.money import NotAnAmount, parse_rupiah
from core.orgs import Organisation
from core.paging import page_asked, words_asked
from core.web import say

bp = Blueprint("bazaar_desk", __name__, url_prefix="/koord/bazar")
Sent = Mapping[str, str]


@bp.get("")
@holds(COORDINATE, TREASURE)
def index() -> str:
    """Bazaars of her cooperatives, the newest first."""
    asked, page = words_asked(), page_asked()
    found, more = planning.list_for_boards(db.session(), visitor.actor(), asked=asked, page=page)
    return render_template(
        "cooperatives/bazaars.html",
        bazaars=found,
        asked=asked,
        page_number=page,
        more=more,
        may_plan=COORDINATE.name in visitor.rights(),
    )


@bp.route("/baru", methods=["GET", "POST"])
@holds(COORDINATE)
def plan() -> str | Response:
    """Plan a bazaar and open its box."""
    form = PlanForm()
    groups = _own_groups()
    form.group.offer(groups)
    if len(groups) == 1 and not form.is_submitted():
        form.group.data = str(groups[0][0])
    if form.validate_on_submit():
        try:
            made = planning.plan(
                actor=visitor.actor(),
                organisation_id=form.group.chosen or 0,
                wish=form.plan(),
            )
        except WrongDays as wrong:
            form.ends_on.errors = [wrong.sentence]
        else:
            say(_("Bazar direncanakan. Sekarang tulis siapa yang mau ikut."))
            return _to(made.id)
    return render_template("cooperatives/bazaar_plan.html", form=form)


def _own_groups() -> list[tuple[int, str]]:
    boards = access.subjects(db.session(), visitor.actor(), COORDINATE)
    query = (
        select(Organisation.id, Organisation.short_name)
        .join(Cooperative, Cooperative.id == Organisation.id)
        .where(Organisation.id.in_(boards), Organisation.closed_at.is_(None))
        .order_by(Organisation.short_name)
    )
    return [(row.id, row.short_name) for row in db.session().execute(query)]


@bp.get("/<int:bazaar_id>")
@holds(COORDINATE, TREASURE)
def show(bazaar_id: int) -> str:
    """Everything about one bazaar that her cooperatives may see."""
    return _show(bazaar_id, NOTHING)


def _show(bazaar_id: int, refused: Refused) -> str:
    session, actor = db.session(), visitor.actor()
    seen = sight.of(session, actor, bazaar_id)
    written = costs.list_costs(session, bazaar_id)
    papers = statement.list_of(session, actor, bazaar_id)
    return render_template(
        "cooperatives/bazaar.html",
        bazaar=seen.bazaar,
        seen=seen,
        groups=planning.groups_of(session, bazaar_id),
        guests=planning.may_be_invited(session, bazaar_id) if seen.is_host else [],
        seats=seats.list_seats(session, seen.bazaar),
        others=seats.not_on_the_list(session, bazaar_id, seen.leads),
        costs=written,
        vouchers=costs.vouchers_for(session, seen.bazaar) if seen.is_host else [],
        costs_total=costs.total(written),
        papers=papers,
        contested=contesting.results_of(session, seen.bazaar, BazaarLine.contested_at.is_not(None))
        if seen.is_host
        else [],
        outcomes=contesting.OUTCOMES,
        unpaid=partial(contesting.unpaid, host_bears=seen.bazaar.lost_by == "host"),
        guest_goods=statement.strangers(session, seen) if seen.is_host else [],
        refused=refused,
        fresh=uuid4,
    )


@bp.post("/<int:bazaar_id>")
@holds(COORDINATE)
def act(bazaar_id: int) -> str | Response:
    """One deed at a bazaar; which one the button says. A refused form comes back as it was."""
    deed = DEEDS.get(request.form.get("deed", ""))
    if deed is None:
        raise NotFound
    try:
        say(str(deed(bazaar_id, request.form)))
    except NotFound:
        raise
    except DomainError as why:
        return _show(bazaar_id, Refused.by(why, request.form))
    return _to(bazaar_id)


def _invite(bazaar_id: int, sent: Sent) -> Any:
    planning.invite(
        actor=visitor.actor(),
        bazaar_id=bazaar_id,
        organisation_id=number(sent, "group"),
        quota=_units(sent, "quota"),
    )
    return _("Kelompok itu diundang.")


def _units(sent: Sent, box: str) -> int:
    try:
        return units(sent.get(box))
    except BadGoods as bad:
        raise WrongBoxes({box: str(bad.sentence)}) from None


def _answer(bazaar_id: int, sent: Sent) -> Any:
    accepts = sent.get("answer") == "yes"
    planning.answer(
        actor=visitor.actor(),
        bazaar_id=bazaar_id,
        organisation_id=number(sent, "group"),
        accepts=accepts,
    )
    return _("Undangan diterima.") if accepts else _("Undangan ditolak.")


def _ask(bazaar_id: int, sent: Sent) -> Any:
    seats.ask(actor=visitor.actor(), bazaar_id=bazaar_id, seller_id=number(sent, "seller"))
    return _("Namanya sudah masuk daftar.")


def _fill(bazaar_id: int, sent: Sent) -> Any:
    taken = seats.fill(
        actor=visitor.actor(), bazaar_id=bazaar_id, organisation_id=number(sent, "group")
    )
    return _("%(n)s ibu ikut menurut giliran. Yang lain jadi cadangan.", n=taken)


def _choose(bazaar_id: int, sent: Sent) -> Any:
    seats.choose(
        actor=visitor.actor(),
        bazaar_id=bazaar_id,
        seller_id=number(sent, "seller"),
        why=sent.get("why", ""),
    )
    return _("Sudah ikut.")


def _withdraw(bazaar_id: int, sent: Sent) -> Any:
    seats.withdraw(actor=visitor.actor(), bazaar_id=bazaar_id, seller_id=number(sent, "seller"))
    return _("Sudah keluar dari daftar.")


def _cost(bazaar_id: int, sent: Sent) -> Any:
    try:
        amount = parse_rupiah(sent.get("amount", ""))
    except NotAnAmount:
        raise NotACost from None
    costs.write(
        actor=visitor.actor(),
        cost_id=an_id(sent),
        bazaar_id=bazaar_id,
        what=sent.get("what", ""),
        amount=amount,
    )
    return _("Biaya dicatat.")


def _voucher(bazaar_id: int, sent: Sent) -> Any:
    costs.share_voucher(
        actor=visitor.actor(),
        cost_id=an_id(sent),
        bazaar_id=bazaar_id,
        voucher_id=an_id(sent, "voucher"),
    )
    return _("Biaya dicatat dari bukti kas.")


def _strike(bazaar_id: int, sent: Sent) -> Any:
    costs.strike(actor=visitor.actor(), bazaar_id=bazaar_id, cost_id=an_id(sent))
    return _("Biaya dicoret.")


def _decide(bazaar_id: int, sent: Sent) -> Any:
    contesting.decide(
        actor=visitor.actor(),
        bazaar_id=bazaar_id,
        lot_id=number(sent, "lot"),
        units=_units(sent, "units"),
        words=sent.get("words", ""),
    )
    return _("Keputusan tersimpan. Pemiliknya diberi tahu.")


def _close(bazaar_id: int, _sent: Sent) -> Any:
    closing.close(actor=visitor.actor(), bazaar_id=bazaar_id)
    return _("Bazar ditutup. Bagian setiap ibu sudah dicatat.")


DEEDS: dict[str, Callable[[int, Sent], Any]] = {
    "invite": _invite,
    "answer": _answer,
    "ask": _ask,
    "fill": _fill,
    "choose": _choose,
    "withdraw": _withdraw,
    "cost": _cost,
    "voucher": _voucher,
    "strike": _strike,
    "decide": _decide,
    "close": _close,
}


def number(sent: Sent, box: str) -> int:
    """An id that a button carries; raises NotFound for anything else."""
    text = sent.get(box, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotFound
    return int(text)


def an_id(sent: Sent, box: str = "act_id") -> UUID:
    """The id of an act that the page made, or of a row; raises NotFound for anything else."""
    try:
        return UUID(sent.get(box, ""))
    except ValueError:
        raise NotFound from None


def _to(bazaar_id: int) -> Response:
    return redirect(url_for("bazaar_desk.show", bazaar_id=bazaar_id), code=303)
