"""Raw-material advances: what is lent, a new one read aloud, and paying back in cash."""

from flask import Blueprint, redirect, render_template, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.membership import advances, roll, voucher_list, vouchers
from cooperatives.membership.advances import BadDueDay, NoMember, WitnessNeeded
from cooperatives.membership.forms import AdvanceForm, RepayForm
from cooperatives.membership.settings import MembershipSettings
from cooperatives.membership.views import books
from cooperatives.rights import TREASURE
from core import access, files, images, visitor
from core.access import holds
from core.config import settings
from core.db import db
from core.errors import Conflict, DomainError, NotFound
from core.web import say

bp = Blueprint("advance_desk", __name__, url_prefix="/kas/pinjaman")


@bp.get("")
@holds(TREASURE)
def index() -> str:
    """What is lent, what is late first."""
    group = books.group_asked()
    rows = advances.list_of_group(db.session(), visitor.actor(), group.id)
    return render_template(
        "cooperatives/membership/advances.html", group=group, groups=books.groups(), rows=rows
    )


@bp.route("/baru", methods=["GET", "POST"])
@holds(TREASURE)
def new() -> str | Response:
    """Agree on an advance, read it aloud, and keep her voice or the print of her thumb."""
    group, session = books.group_asked(), db.session()
    form = AdvanceForm()
    form.member.offer(roll.names(session, visitor.actor(), group.id))
    form.offer_sources(voucher_list.places_of_money(session, group.id))
    if not form.is_submitted():
        form.floor.data = settings(MembershipSettings).advance_floor_rupiah
    text = _read(form, group.id) if form.validate_on_submit() else ""
    if text and form.agreed.data and (answer := _lent(form, group.id, text)):
        return answer
    return render_template(
        "cooperatives/membership/advance_new.html", group=group, form=form, text=text
    )


def _read(form: AdvanceForm, group_id: int) -> str:
    """The text to read aloud, or nothing where something lacks; that is said beside its box."""
    deal = form.deal(group_id)
    boxes = {BadDueDay: form.due_on, NoMember: form.member, WitnessNeeded: form.witness}
    try:
        advances.check(db.session(), visitor.actor(), deal)
        return advances.text_of(db.session(), deal)
    except (BadDueDay, NoMember, WitnessNeeded) as refused:
        boxes[type(refused)].errors = [refused.sentence]
        return ""


def _lent(form: AdvanceForm, group_id: int, text: str) -> Response | None:
    content = form.proof.data
    if not content:
        form.proof.errors = [_("Kirim rekaman suara atau foto cap jempol.")]
        return None
    stored = None
    try:
        is_voice = files.kind_of(content).startswith("audio/")
        stored = files.store(content if is_voice else images.plain(content))
        made = advances.lend(
            actor=visitor.actor(), deal=form.deal(group_id), proof=stored, text=text
        )
    except DomainError as refused:
        form.proof.errors = [refused.sentence]
        if stored is not None:
            files.drop(db.session(), stored)
        return None
    say(_("Dicatat. Orang kedua perlu menyetujui."))
    return redirect(url_for("voucher.show", voucher_id=made.id), code=303)


@bp.route("/<int:advance_id>", methods=["GET", "POST"])
@holds(TREASURE)
def show(advance_id: int) -> str | Response:
    """One advance: what was agreed to, what is left, and paying in cash."""
    session, actor = db.session(), visitor.actor()
    advance = advances.get_advance(session, actor, advance_id)
    if advance.organisation_id not in access.subjects(session, actor, TREASURE):
        raise NotFound
    form = RepayForm()
    form.offer_money(voucher_list.places_of_money(session, advance.organisation_id))
    if form.validate_on_submit():
        try:
            made = advances.repay(
                actor=actor,
                advance_id=advance_id,
                act_id=form.act_id.data,
                amount=form.amount.data,
                money=form.money.data,
            )
        except (vouchers.TooMuch, Conflict) as refused:
            form.amount.errors = [refused.sentence]
        else:
            say(_("Pembayaran dicatat."))
            return redirect(url_for("voucher.show", voucher_id=made.id), code=303)
    group_rows = advances.list_of_group(db.session(), actor, advance.organisation_id)
    (one,) = [row for row in group_rows if row.advance.id == advance_id]
    return render_template("cooperatives/membership/advance.html", one=one, form=form)


@bp.post("/<int:advance_id>/berhenti")
@holds(TREASURE)
def stop_share(advance_id: int) -> Response:
    """She said that nothing more may be taken from her sales."""
    advances.stop_share(actor=visitor.actor(), advance_id=advance_id)
    say(_("Potongan dari penjualan sudah dihentikan."))
    return redirect(url_for("advance_desk.show", advance_id=advance_id), code=303)


@bp.get("/<int:advance_id>/bukti")
@holds(TREASURE)
def proof(advance_id: int) -> Response:
    """Her voice, or the print of her thumb, as an answer that nobody in between keeps."""
    kept = advances.read_proof(actor=visitor.actor(), advance_id=advance_id)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return FlaskResponse(files.read(kept), content_type=kept.content_type, headers=headers)
