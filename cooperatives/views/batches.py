"""Lists of payouts: made by one, agreed to by another, then sent as one file or counted out."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import entry_words, pay_ways, payouts, treasury
from cooperatives.forms import FileForm, PrepareForm, SendForm
from cooperatives.models import PayoutBatch
from cooperatives.models.books import Kind
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling import bank_files, batch_reading, batches, cash_receipts, handing
from core import access, clock, orgs, papers, visitor
from core.access import holds
from core.db import db
from core.errors import NotFound
from core.web import say

bp = Blueprint("batches", __name__, url_prefix="/kas/bayar/kumpulan")
REFUSED = (
    batches.NoFile, payouts.NotNow, payouts.SecondPerson, payouts.NoReference, pay_ways.HeldBack,
)  # fmt: skip


@bp.route("/baru/<int:organisation_id>", methods=["GET", "POST"])
@holds(TREASURE)
def new(organisation_id: int) -> str | Response:
    """Make a list of all who may be paid out of one bank or drawer."""
    actor, form = visitor.actor(), PrepareForm()
    sources = treasury.sources(db.session(), actor, organisation_id)
    form.source.offer((row.id, entry_words.source_words(row)) for row in sources)
    if form.validate_on_submit() and form.source.chosen:
        try:
            made = batches.prepare(
                actor=actor, organisation_id=organisation_id, source_id=form.source.chosen
            )
        except (batches.NothingToPay, payouts.NotNow, payouts.WrongSource) as refused:
            form.source.errors = [refused.sentence]
        else:
            say(_("Daftar siap. Sekarang orang lain perlu memeriksa dan menyetujui."), "info")
            return redirect(url_for("batches.show", batch_id=made.id), code=303)
    return render_template("cooperatives/batch_new.html", form=form, has_sources=bool(sources))


@bp.get("/<int:batch_id>")
@holds(TREASURE, COORDINATE)
def show(batch_id: int) -> str:
    """One list: everybody on it, and the next step."""
    return _page(batch_id)


def _page(batch_id: int, *, sending: SendForm | None = None, refused: object = "") -> str:
    actor = visitor.actor()
    found = batch_reading.get(db.session(), actor, batch_id)
    lines = batch_reading.lines(db.session(), actor, batch_id)
    batch = db.session().get_one(PayoutBatch, batch_id)
    choosing = FileForm()
    choosing.layout.offer((key, str(one.label)) for key, one in bank_files.LAYOUTS.items())
    going = [line for line in lines if line.state not in ("cancelled", "failed")]
    return render_template(
        "cooperatives/batch.html",
        found=found,
        batch=batch,
        lines=lines,
        going=len(going),
        total=sum(line.total for line in going),
        state=entry_words.BATCH_WORDS[batch.stage],
        is_cash=found.source_kind == Kind.CASH,
        counter=handing.place_of(db.session(), batch.source_id),
        is_treasurer=found.organisation_id in access.subjects(db.session(), actor, TREASURE),
        is_mine=batch.made_by == actor.person_id,
        choosing=choosing,
        sending=sending or SendForm(),
        told=entry_words,
        refused=refused,
    )


@bp.post("/<int:batch_id>/setuju")
@holds(TREASURE, COORDINATE)
def approve(batch_id: int) -> str | Response:
    """The second person agrees to all but what she strikes."""
    struck = [int(one) for one in request.form.getlist("struck") if one.isdigit()]
    return _take(batch_id, batches.approve, _("Daftar disetujui."), struck=struck)


@bp.post("/<int:batch_id>/berkas")
@holds(TREASURE)
def file(batch_id: int) -> str | Response:
    """The bank's file, with whole account numbers: kept by no cache, and each look is noted."""
    layout = bank_files.LAYOUTS.get(request.form.get("layout", ""))
    if layout is None:
        return _page(batch_id, refused=_("Pilih dulu untuk bank yang mana."))
    try:
        transfers = batches.begin(actor=visitor.actor(), batch_id=batch_id)
    except payouts.NotNow as refused:
        return _page(batch_id, refused=refused.sentence)
    if not transfers:
        return _page(batch_id, refused=_("Tidak ada rekening bank di daftar ini."))
    content = bank_files.written(transfers, layout, clock.today())
    name = f"{layout.ours}-{batch_id}-{len(transfers)}-{bank_files.total(transfers)}.csv"
    response = papers.answer(content, name, "text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/<int:batch_id>/kirim")
@holds(TREASURE)
def send(batch_id: int) -> str | Response:
    """The bank has taken the file."""
    form = SendForm()
    if not form.validate_on_submit():
        return _page(batch_id, sending=form)
    done = _("Daftar dicatat sebagai dikirim.")
    return _take(batch_id, batches.send, done, reference_no=form.reference_no.data)


@bp.post("/<int:batch_id>/sampai")
@holds(TREASURE)
def confirm(batch_id: int) -> str | Response:
    """The bank's statement shows the money as gone."""
    return _take(batch_id, batches.confirm, _("Daftar sedang dicatat di buku."))


@bp.get("/<int:batch_id>/kuitansi.pdf")
@holds(TREASURE)
def receipts(batch_id: int) -> Response:
    """Receipts to sign, for all of the list that is not handed over yet."""
    actor = visitor.actor()
    found = batch_reading.get(db.session(), actor, batch_id)
    lines = batch_reading.lines(db.session(), actor, batch_id)
    ready = [line for line in lines if line.state in ("approved", "sent", "paid")]
    if not ready or found.source_kind != Kind.CASH:
        raise NotFound
    payer = db.session().get_one(orgs.Organisation, found.organisation_id).name
    return papers.answer(cash_receipts.drawn(ready, payer), f"kuitansi-{batch_id}.pdf")


def _take(batch_id: int, act: Callable[..., Any], done: str, **facts: Any) -> str | Response:
    """Take one step; what a rule refuses is said on the list's own page."""
    try:
        act(actor=visitor.actor(), batch_id=batch_id, **facts)
    except REFUSED as refused:
        return _page(batch_id, refused=refused.sentence)
    say(done)
    return redirect(url_for("batches.show", batch_id=batch_id), code=303)
