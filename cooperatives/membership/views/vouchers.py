"""One voucher: who, how much, what for; agreed to, refused or undone; and its receipt."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.membership import expenses, savings, voucher_list, vouchers, wording
from cooperatives.membership.forms import ReasonForm
from cooperatives.rights import COORDINATE, TREASURE
from core import access, files, visitor, words
from core.access import holds
from core.db import db
from core.errors import NotFound
from core.web import say

bp = Blueprint("voucher", __name__, url_prefix="/kas/bukti/<uuid:voucher_id>")
ENDS = {"tolak": vouchers.refuse, "batal": vouchers.undo}


@bp.get("")
@holds(TREASURE, COORDINATE)
def show(voucher_id: UUID) -> str:
    """One voucher, to read, to print, and to agree to."""
    return _page(voucher_id, ReasonForm())


def _page(voucher_id: UUID, form: ReasonForm, refused: object = "") -> str:
    actor = visitor.actor()
    found = voucher_list.get_shown(db.session(), actor, voucher_id)
    group_id = found.Voucher.organisation_id
    return render_template(
        "cooperatives/membership/voucher.html",
        one=found.Voucher,
        told=wording,
        facts=_facts(found),
        state=wording.STATE_WORDS[found.Voucher.state],
        has_receipt=expenses.receipt_of(db.session(), found.Voucher) is not None,
        is_mine=found.Voucher.made_by == actor.person_id,
        is_treasurer=group_id in access.subjects(db.session(), actor, TREASURE),
        form=form,
        refused=refused,
    )


def _facts(found: Any) -> list[tuple[str, Any]]:
    """What is known of it, as words and values."""
    one = found.Voucher
    facts = [
        (_("Tanggal"), words.tanggal(one.happened_on)),
        (_("Uangnya di"), wording.money_words(one.money)),
        (_("Anggota"), found.person),
        (_("Jenis simpanan"), savings.SORT_WORDS.get(one.sort)),
        (_("Untuk apa"), expenses.CATEGORIES.get(one.category)),
        (_("Unit usaha"), found.unit),
        (_("Keterangan"), one.words),
        (_("Ditulis oleh"), found.maker),
        (_("Orang kedua"), found.second),
        (_("Alasannya"), one.reason),
    ]
    return [(word, value) for word, value in facts if value]


@bp.post("/setuju")
@holds(TREASURE, COORDINATE)
def agree(voucher_id: UUID) -> str | Response:
    """The second person agrees."""
    try:
        vouchers.agree(actor=visitor.actor(), voucher_id=voucher_id)
    except (vouchers.SecondPerson, vouchers.NotNow, vouchers.TooMuch) as refused:
        return _page(voucher_id, ReasonForm(), refused.sentence)
    say(_("Disetujui dan masuk ke buku."))
    return redirect(url_for("voucher.show", voucher_id=voucher_id), code=303)


@bp.post("/<any(tolak, batal):word>")
@holds(TREASURE, COORDINATE)
def end(voucher_id: UUID, word: str) -> str | Response:
    """It is refused, or was a mistake; either way with a reason."""
    form = ReasonForm()
    voucher_list.get_shown(db.session(), visitor.actor(), voucher_id)
    if not form.validate_on_submit():
        return _page(voucher_id, form)
    try:
        ENDS[word](actor=visitor.actor(), voucher_id=voucher_id, reason=form.reason.data)
    except (vouchers.SecondPerson, vouchers.NotNow, vouchers.TooMuch) as refused:
        return _page(voucher_id, form, refused.sentence)
    say(_("Sudah dicatat."))
    return redirect(url_for("voucher.show", voucher_id=voucher_id), code=303)


@bp.get("/nota")
@holds(TREASURE, COORDINATE)
def receipt(voucher_id: UUID) -> Response:
    """The photo of the receipt, as an answer that nobody in between keeps."""
    found = voucher_list.get_shown(db.session(), visitor.actor(), voucher_id)
    kept = expenses.receipt_of(db.session(), found.Voucher)
    if kept is None:
        raise NotFound
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return FlaskResponse(files.read(kept), content_type=kept.content_type, headers=headers)
