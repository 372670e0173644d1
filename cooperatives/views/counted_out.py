"""Cash is counted out to a maker, out of a kiosk's drawer or the cooperative's, and she signs."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from cooperatives import cash_takers, treasury
from cooperatives.days import paying
from cooperatives.models.books import Kind
from cooperatives.payout_states import PayoutState
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from cooperatives.settling import handing, statement_file, stating
from cooperatives.views import which_place
from cooperatives.views.day_close import places
from cooperatives.views.day_forms import SignedForm
from core import files, papers, visitor
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.web import say

bp = Blueprint("counted_out", __name__)
PRINTED_MAX = 60


@bp.route("/kios-kerja/setor/bayar/<int:payout_id>", methods=["GET", "POST"])
@holds(KEEP, COORDINATE)
def pay(payout_id: int) -> str | AnyResponse:
    """Who gets how much out of the drawer of a place, and the photo of what she signed."""
    found = paying.get_waiting(db.session(), visitor.actor(), payout_id)
    back = (_("Setor uang"), url_for("drawer.bring", kios=found.place))
    printed = url_for("counted_out.statement", payout_id=payout_id)
    return _page(found, back, printed, paying.pay_out)


@bp.route("/kas/bayar/<int:payout_id>/terima", methods=["GET", "POST"])
@holds(TREASURE)
def hand_over(payout_id: int) -> str | AnyResponse:
    """The same out of the cooperative's own cash, by its treasurer."""
    found = treasury.get_payout(db.session(), visitor.actor(), payout_id)
    if found.source_kind != Kind.CASH or found.state != PayoutState.APPROVED:
        raise NotFound
    here = url_for("payouts.show", payout_id=payout_id)
    back = (_("Pencairan"), here)
    if found.batch_id:
        back = (_("Daftar pencairan"), url_for("batches.show", batch_id=found.batch_id))
    printed = url_for("settling.paper", settlement_id=found.settlement_id)
    return _page(found, back, printed, handing.hand_over)


def _page(
    found: Any, back: tuple[str, str], printed: str, act: Callable[..., bool]
) -> str | AnyResponse:
    form = SignedForm()
    takers = cash_takers.of_payee(db.session(), found.payee_id)
    form.taker.offer((one.taker_id, one.name) for one in takers)
    if form.validate_on_submit():
        if not form.signed.data:
            form.signed.errors = [_("Foto dulu tanda tangan atau cap jempolnya.")]
        elif _pay(form, found.id, act):
            say(_("Uang sudah dicatat keluar dari laci."))
            return redirect(back[1], code=303)
    return render_template(
        "cooperatives/counted_out.html",
        form=form,
        found=found,
        back=back,
        takers=takers,
        printed=printed,
    )


def _pay(form: SignedForm, payout_id: int, act: Callable[..., bool]) -> bool:
    """Whether it is paid; what hinders it stands beside the photo."""
    try:
        signed = files.store(form.signed.data)
    except files.NotAFile as refused:
        form.signed.errors = [refused.sentence]
        return False
    is_kept = False
    try:
        is_kept = act(
            actor=visitor.actor(),
            payout_id=payout_id,
            signed=signed,
            taken_by=form.taker.chosen,
        )
    except NotFound:
        raise
    except DomainError as refused:
        form.signed.errors = [refused.sentence]
        return False
    finally:
        if not is_kept:
            files.drop(db.session(), signed)
    return True


@bp.get("/kios-kerja/setor/hitungan.pdf")
@holds(KEEP, COORDINATE)
def statements() -> str | AnyResponse:
    """The statements of all who wait at a drawer, so that each takes hers with her money."""
    mine = places()
    place = which_place.chosen(mine)
    if place is None:
        return which_place.ask(mine, _("Cetak hitungan"), "counted_out.statements")
    rows = paying.list_waiting(db.session(), place.id)[:PRINTED_MAX]
    return _printed([row.settlement_id for row in rows], f"hitungan-{place.slug}.pdf")


@bp.get("/kios-kerja/setor/bayar/<int:payout_id>/hitungan.pdf")
@holds(KEEP, COORDINATE)
def statement(payout_id: int) -> Response:
    """The statement of one who waits at the drawer."""
    found = paying.get_waiting(db.session(), visitor.actor(), payout_id)
    return _printed([found.settlement_id], f"hitungan-{found.settlement_id}.pdf")


def _printed(settlement_ids: list[int], name: str) -> Response:
    found = [stating.on_paper(db.session(), one) for one in settlement_ids]
    return papers.answer(statement_file.drawn(found), name)


@bp.get("/kios-kerja/setor/bayar/<int:payout_id>/tanda")
@holds(KEEP, COORDINATE, TREASURE)
def signature(payout_id: int) -> Response:
    """What she signed."""
    found = handing.signature_of(db.session(), visitor.actor(), payout_id)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(files.read(found), content_type=found.content_type, headers=headers)
