"""What a group spends and earns besides sales, and its business units."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.membership import expenses, roll, units, voucher_list, wording
from cooperatives.membership.expenses import ReceiptNeeded
from cooperatives.membership.forms import CostForm, UnitForm
from cooperatives.membership.settings import MembershipSettings
from cooperatives.membership.views import books
from cooperatives.membership.vouchers import BadDay, NoMoney
from cooperatives.models import Unit, Voucher
from cooperatives.models.vouchers import VoucherKind, VoucherState
from cooperatives.rights import TREASURE
from core import files, images, visitor
from core.access import holds
from core.config import settings
from core.db import db
from core.errors import Conflict, DomainError
from core.web import say

bp = Blueprint("cost_desk", __name__, url_prefix="/kas")
KINDS = (VoucherKind.COST, VoucherKind.INCOME)


@bp.get("/biaya")
@holds(TREASURE)
def index() -> str:
    """The newest costs and other income, by unit if asked."""
    group, session = books.group_asked(), db.session()
    unit_id = request.args.get("unit", type=int)
    where = [Voucher.unit_id == min(unit_id, 2**62)] if unit_id else []
    rows = voucher_list.list_shown(session, visitor.actor(), group.id, KINDS, *where)
    return render_template(
        "cooperatives/membership/costs.html",
        group=group,
        groups=books.groups(),
        rows=rows,
        filters=_filters(units.list_open(session, group.id), unit_id),
        told=wording,
        categories=expenses.CATEGORIES,
    )


def _filters(found: list[Unit], chosen: int | None) -> list[dict[str, object]]:
    return [
        {
            "label": one.name,
            "on": one.id == chosen,
            "url": url_for(
                "cost_desk.index",
                kelompok=one.organisation_id,
                unit=None if one.id == chosen else one.id,
            ),
        }
        for one in found
    ]


@bp.route("/biaya/baru", methods=["GET", "POST"])
@holds(TREASURE)
def new() -> str | Response:
    """Write a cost or other income down."""
    group, session = books.group_asked(), db.session()
    form = CostForm()
    form.offer_money(voucher_list.places_of_money(session, group.id))
    form.offer(units.list_open(session, group.id), roll.names(session, visitor.actor(), group.id))
    if form.validate_on_submit() and (answer := _written(form, group.id)):
        return answer
    limit = settings(MembershipSettings).cost_second_person_rupiah
    return render_template(
        "cooperatives/membership/cost_new.html", group=group, form=form, limit=limit
    )


def _written(form: CostForm, group_id: int) -> Response | None:
    stored = None
    try:
        if content := form.receipt.data:
            is_paper = files.kind_of(content) == "application/pdf"
            stored = files.store(content if is_paper else images.plain(content))
    except DomainError as refused:
        form.receipt.errors = [refused.sentence]
        return None
    try:
        made = expenses.write(actor=visitor.actor(), wish=form.wish(group_id), receipt=stored)
    except (ReceiptNeeded, BadDay, NoMoney, Conflict) as refused:
        boxes = {ReceiptNeeded: form.receipt, BadDay: form.day, NoMoney: form.money}
        boxes.get(type(refused), form.amount).errors = [refused.sentence]
        if stored is not None:
            files.drop(db.session(), stored)
        return None
    waits = made.state == VoucherState.WAITING
    say(_("Dicatat. Orang kedua perlu menyetujui.") if waits else _("Sudah masuk ke buku."))
    return redirect(url_for("voucher.show", voucher_id=made.id), code=303)


@bp.route("/unit", methods=["GET", "POST"])
@holds(TREASURE)
def unit_list() -> str | Response:
    """Every unit with what it costs and brings, and the form for a new one."""
    group = books.group_asked()
    form = UnitForm()
    if form.validate_on_submit():
        try:
            units.open_unit(
                actor=visitor.actor(), organisation_id=group.id, name=form.name.data or ""
            )
        except units.NameTaken as taken:
            form.name.errors = [taken.sentence]
        else:
            say(_("Unit dibuka. Pilih siapa saja yang bekerja di sana."))
            return redirect(url_for("cost_desk.unit_list", kelompok=group.id), code=303)
    return render_template(
        "cooperatives/membership/units.html",
        group=group,
        groups=books.groups(),
        results=units.results(db.session(), visitor.actor(), group.id),
        form=form,
    )


@bp.route("/unit/<int:unit_id>", methods=["GET", "POST"])
@holds(TREASURE)
def unit(unit_id: int) -> str | Response:
    """Who works in a unit; or its end."""
    session, actor = db.session(), visitor.actor()
    found = units.get_unit(session, actor, unit_id)
    group_id = found.organisation_id
    if request.method == "POST":
        if request.form.get("tutup"):
            units.close_unit(actor=actor, unit_id=unit_id)
            say(_("Unit ditutup. Catatannya tetap ada."))
        else:
            chosen = [int(one) for one in request.form.getlist("anggota") if one.isdecimal()]
            try:
                units.staff(actor=actor, unit_id=unit_id, membership_ids=chosen)
                say(_("Anggota unit dicatat."))
            except units.OwnMembers as refused:
                say(str(refused.sentence), "warning")
        return redirect(url_for("cost_desk.unit_list", kelompok=group_id), code=303)
    (result,) = [one for one in units.results(session, actor, group_id) if one.unit.id == unit_id]
    return render_template(
        "cooperatives/membership/unit.html",
        result=result,
        members=roll.list_roll(session, actor, group_id),
        chosen={row.id for row in result.members},
    )
