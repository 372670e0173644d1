"""The treasurer and the bank's statement: brought as a file, matched or closed line by line."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from cooperatives.rights import TREASURE
from core import visitor
from core.access import SamePerson, holds
from core.db import db
from core.errors import DomainError, NotFound
from core.sheet_files import NotASheet
from core.web import say
from orders import matching, statement_bags, statement_matching, statement_outgoing, statements
from orders.bank_layouts import LAYOUTS
from orders.matching import Fit
from orders.models import BankLine
from orders.states import IllegalMove
from orders.transfers import needs_two
from orders.views.statement_forms import OrderNumberForm, StatementForm, WhyForm

bp = Blueprint("statement", __name__, url_prefix="/kas/mutasi")
ONE = "/<int:line_id>"

FIT_WORDS: dict[Fit, tuple[Any, str]] = {
    Fit.EXACT: (_l("Cocok tepat"), "good"),
    Fit.KNOWN: (_l("Sudah dicatat"), "good"),
    Fit.LATE: (_l("Cocok, tetapi terlambat"), "warning"),
    Fit.SHORT: (_l("Kurang"), "warning"),
    Fit.OVER: (_l("Lebih"), "warning"),
    Fit.SECOND: (_l("Bayar dua kali"), "warning"),
    Fit.REFUND: (_l("Uang kembali"), "info"),
    Fit.PAYOUT: (_l("Pencairan"), "info"),
    Fit.BAG: (_l("Setoran kios"), "info"),
    Fit.UNKNOWN: (_l("Belum dikenal"), "wait"),
}
WHAT_FOLLOWS: dict[Fit, Any] = {
    Fit.EXACT: _l("Pesanan menjadi lunas."),
    Fit.KNOWN: _l("Uangnya sudah ada di buku. Baris ini hanya dipasangkan."),
    Fit.LATE: _l("Barang dijanjikan lagi. Kalau sudah tidak ada, uangnya dikembalikan."),
    Fit.SHORT: _l("Dicatat sebagai bagian. Pembeli diminta melengkapi, atau uangnya kembali."),
    Fit.OVER: _l("Pesanan menjadi lunas, dan kelebihannya dikembalikan."),
    Fit.SECOND: _l("Pesanan ini sudah dibayar. Uang ini dikembalikan seluruhnya."),
    Fit.REFUND: _l("Uang kembali dicatat sudah keluar."),
    Fit.PAYOUT: _l("Pencairan dicatat sudah sampai."),
    Fit.BAG: _l("Setoran dicatat masuk ke bank."),
}


@bp.route("", methods=["GET", "POST"])
@holds(TREASURE)
def index() -> str | Response:
    """What waits on the statement, with what each line is for; above it a new file."""
    actor, form = visitor.actor(), StatementForm()
    form.layout.offer((code, str(layout.label)) for code, layout in LAYOUTS.items())
    lines = statements.list_lines(db.session(), actor, is_open="semua" not in request.args)
    if form.validate_on_submit():
        try:
            return _kept(form)
        except (NotASheet, statements.WrongAccount, statements.OtherLayout) as refused:
            form.file.errors = [refused.sentence]
    found = _proposed(lines)
    return render_template(
        "orders/statement.html",
        form=form,
        lines=lines,
        found=found,
        fits=FIT_WORDS,
        file=statements.newest_file(db.session(), actor),
        sure=sum(told.fit in matching.SURE for told in found.values()),
        is_all="semua" in request.args,
    )


def _kept(form: StatementForm) -> Response:
    sheet = statements.read(form.file.data, form.layout.data or "")
    file = statements.keep(actor=visitor.actor(), content=form.file.data, sheet=sheet)
    statement_matching.ask_about_rest(actor=visitor.actor())
    say(
        _(
            "%(lines)s baris dibaca, %(fresh)s di antaranya baru.",
            lines=file.lines,
            fresh=file.new_lines,
        )
    )
    return redirect(url_for("statement.index"), code=303)


def _proposed(lines: list[BankLine]) -> dict[int, Any]:
    """What each open line is for; what came and what left alike."""
    waiting = [line for line in lines if line.state == "open"]
    came = statement_matching.proposals(db.session(), waiting)
    rest = [line for line in waiting if line.id in came and came[line.id].fit is Fit.UNKNOWN]
    carried = statement_bags.carried(db.session(), rest)
    return {**came, **carried, **statement_outgoing.outgoing(db.session(), waiting)}


@bp.post("/cocok-semua")
@holds(TREASURE)
def match_sure() -> Response:
    """One press for all that fits exactly."""
    actor = visitor.actor()
    lines = statements.list_lines(db.session(), actor)
    found = statement_matching.proposals(db.session(), lines)
    booked, noted, refused = statement_matching.match_sure(actor=actor, lines=lines, found=found)
    say(_("%(n)s baris dicatat.", n=booked))
    if noted:
        say(_("%(n)s baris besar menunggu bendahara lain.", n=noted), "info")
    if refused:
        say(_("%(n)s baris baru saja berubah. Lihat lagi satu per satu.", n=refused), "warning")
    return redirect(url_for("statement.index"), code=303)


@bp.get(ONE)
@holds(TREASURE)
def line(line_id: int) -> str:
    """One line: what it is for, or why it is for nothing."""
    return _line_page(line_id)


def _line_page(line_id: int, **more: Any) -> str:
    actor = visitor.actor()
    found = statements.get_line(db.session(), actor, line_id)
    told = _proposed(statements.list_lines(db.session(), actor)).get(line_id)
    given = {"number_form": OrderNumberForm(formdata=None), "why_form": WhyForm(formdata=None)}
    return render_template(
        "orders/bank_line.html",
        line=found,
        told=told,
        fit=FIT_WORDS[told.fit] if told else None,
        follows=WHAT_FOLLOWS.get(told.fit) if told else None,
        needs_two=needs_two(found.amount),
        is_mine=found.noted_by == actor.person_id,
        **{**given, **more},
    )


@bp.post(f"{ONE}/cocok")
@holds(TREASURE)
def match(line_id: int) -> str | Response:
    """She says what it is for: what was proposed, or the order whose number she writes."""
    form = OrderNumberForm()
    by_number = "number" in request.form
    if by_number and not form.validate():
        return _line_page(line_id, number_form=form)
    try:
        is_booked = _match(line_id, form.number.data if by_number else "")
    except NotFound:
        raise
    except (SamePerson, DomainError) as refused:
        if by_number:
            form.number.errors = [refused.sentence]
            return _line_page(line_id, number_form=form)
        say(refused.sentence, "warning")
        return redirect(url_for("statement.line", line_id=line_id), code=303)
    if is_booked:
        say(_("Sudah dicatat."))
        return redirect(url_for("statement.index"), code=303)
    say(_("Sudah dicatat. Bendahara lain perlu melihatnya juga."), "info")
    return redirect(url_for("statement.line", line_id=line_id), code=303)


def _match(line_id: int, number: str) -> bool:
    actor = visitor.actor()
    found = statements.get_line(db.session(), actor, line_id)
    if found.state != "open":
        raise IllegalMove
    if found.amount < 0:
        statement_outgoing.match_outgoing(actor=actor, line_id=line_id)
        return True
    if number:
        target = statement_matching.by_number(db.session(), found, number)
    else:
        told = _proposed(statements.list_lines(db.session(), actor)).get(line_id)
        if told is not None and told.fit is Fit.BAG:
            statement_bags.match_bag(actor=actor, line_id=line_id)
            return True
        if told is None or told.target is None:
            raise statement_matching.NotForThat
        target = told.target
    return statement_matching.match(actor=actor, line_id=line_id, attempt_id=target.attempt_id)


@bp.post(f"{ONE}/tutup")
@holds(TREASURE)
def close(line_id: int) -> str | Response:
    """It is for none of ours; the reason is kept."""
    form = WhyForm()
    if not form.validate():
        return _line_page(line_id, why_form=form)
    statement_matching.close(actor=visitor.actor(), line_id=line_id, reason=form.reason.data)
    say(_("Baris ditutup."))
    return redirect(url_for("statement.index"), code=303)


@bp.post(f"{ONE}/buka")
@holds(TREASURE)
def reopen(line_id: int) -> Response:
    """It was closed by mistake."""
    statement_matching.reopen(actor=visitor.actor(), line_id=line_id)
    say(_("Baris dibuka lagi."))
    return redirect(url_for("statement.line", line_id=line_id), code=303)
