"""Paying out: add up what is owed, prepare, have somebody else agree, send, see it come."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import entry_words, pay_ways, payouts, settlement, treasury
from cooperatives.forms import AnswerForm, PrepareForm, ReasonForm, SendForm
from cooperatives.models import PayWay
from cooperatives.models.books import Kind
from cooperatives.payout_states import MOVES, Answer, Event, PayoutState
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling import batch_reading, handing, rounds, statement_words, stating
from cooperatives.settling.together import NeedsSignature, WithItsList
from core import access, visitor
from core.access import holds
from core.db import db
from core.web import say
from core.words import wa_link

bp = Blueprint("payouts", __name__, url_prefix="/kas/bayar")

STOPS: dict[str, tuple[Event, Callable[..., Any]]] = {
    "batal": (Event.CANCEL, payouts.cancel),
    "ditolak": (Event.FAIL, payouts.fail),
    "belum-jelas": (Event.LOSE, payouts.lose),
    "kembali": (Event.RETURN, payouts.bring_back),
}
"""What ends or stops a payout, by the last word of its address; each asks for a reason."""

REFUSED = (
    payouts.NotNow, payouts.SecondPerson, WithItsList, NeedsSignature, pay_ways.HeldBack,
)  # fmt: skip
SENDING = (PayoutState.APPROVED, PayoutState.SENT, PayoutState.UNKNOWN)


@bp.get("")
@holds(TREASURE, COORDINATE)
def desk() -> str:
    """What is owed, what is added up, and the payouts on their way."""
    actor = visitor.actor()
    houses = treasury.houses(db.session(), actor)
    due = [(house, _due(house.id)) for house in houses]
    return render_template(
        "cooperatives/treasury_pay.html",
        due=[(house, rows) for house, rows in due if rows],
        unpaid=treasury.list_unpaid(db.session(), actor),
        payouts=treasury.list_payouts(db.session(), actor),
        told=entry_words,
        is_treasurer=bool(houses),
        rounds=rounds.newest(db.session(), actor),
        batches=batch_reading.newest(db.session(), actor),
        stages=entry_words.BATCH_WORDS,
        houses=houses,
    )


def _due(organisation_id: int) -> list[Any]:
    actor = visitor.actor()
    owed = settlement.list_due(db.session(), actor, organisation_id)
    pages = treasury.names_of(db.session(), actor, [item.account_id for item in owed])
    return [
        {"owner": pages[item.account_id], "kind": item.kind, "total": item.total} for item in owed
    ]


@bp.post("/hitung/<int:organisation_id>")
@holds(TREASURE)
def close_round(organisation_id: int) -> Response:
    """Add up what an organisation owes to each, up to now."""
    try:
        begun = rounds.begin(actor=visitor.actor(), organisation_id=organisation_id)
    except rounds.NothingDue as refused:
        say(refused.sentence, "info")
        return redirect(url_for("payouts.desk"), code=303)
    return redirect(url_for("settling.show", round_id=begun.id), code=303)


@bp.route("/hitungan/<int:settlement_id>", methods=["GET", "POST"])
@holds(TREASURE)
def owed(settlement_id: int) -> str | Response:
    """What one settlement adds up, line by line, and where the money shall leave."""
    actor, form = visitor.actor(), PrepareForm()
    found = treasury.get_settlement(db.session(), actor, settlement_id)
    sources = treasury.sources(db.session(), actor, found.organisation_id)
    form.source.offer((row.id, entry_words.source_words(row)) for row in sources)
    if form.validate_on_submit() and form.source.chosen:
        try:
            made = payouts.prepare(
                actor=actor, settlement_id=settlement_id, source_id=form.source.chosen
            )
        except (payouts.NotNow, payouts.WrongSource) as refused:
            form.source.errors = [refused.sentence]
        else:
            say(_("Pencairan disiapkan. Sekarang orang lain perlu menyetujui."), "info")
            return redirect(url_for("payouts.show", payout_id=made.id), code=303)
    statement = stating.for_board(db.session(), actor, settlement_id)
    return render_template(
        "cooperatives/treasury_settlement.html",
        found=found,
        form=form,
        has_sources=bool(sources),
        statement=statement,
        words=statement_words,
        share=wa_link(statement_words.text(statement)),
        told=entry_words,
    )


@bp.get("/<int:payout_id>")
@holds(TREASURE, COORDINATE)
def show(payout_id: int) -> str:
    """One payout: who gets how much, who has agreed, and the next step."""
    return _page(payout_id)


def _page(payout_id: int, *, sending: SendForm | None = None, refused: object = "") -> str:
    actor = visitor.actor()
    found = treasury.get_payout(db.session(), actor, payout_id)
    is_treasurer = found.organisation_id in access.subjects(db.session(), actor, TREASURE)
    possible = MOVES[PayoutState(found.state)]
    return render_template(
        "cooperatives/treasury_payout.html",
        found=found,
        way=_way(found) if found.person_id else None,
        state=entry_words.PAYOUT_WORDS[found.state],
        is_treasurer=is_treasurer,
        is_mine=found.made_by == actor.person_id,
        is_cash=found.source_kind == Kind.CASH,
        counter=handing.place_of(db.session(), found.source_id),
        is_signed=handing.is_signed(db.session(), payout_id),
        sending=sending or SendForm(),
        stops=[word for word, (event, _act) in STOPS.items() if event in possible],
        told=entry_words,
        refused=refused,
    )


def _way(found: Any) -> dict[str, Any]:
    """How she is paid; the whole account only for a treasurer who has begun to send."""
    fixed = db.session().get(PayWay, found.pay_way_id) if found.pay_way_id else None
    way = fixed if found.begun_at else pay_ways.in_force(db.session(), found.payee_id)
    may_see = found.organisation_id in access.subjects(db.session(), visitor.actor(), TREASURE)
    is_begun = found.begun_at is not None and found.state in SENDING and may_see
    return {
        "words": pay_ways.words(way),
        "is_bank": way is not None and way.kind == "bank",
        "waiting": None if found.begun_at else pay_ways.waiting(db.session(), found.payee_id),
        "account": pay_ways.opened(way) if way and is_begun and way.kind == "bank" else None,
    }


@bp.post("/<int:payout_id>/rekening")
@holds(TREASURE)
def see_way(payout_id: int) -> str | Response:
    """She begins to send: the whole number is shown, and where it goes is fixed."""
    return _take(payout_id, payouts.begin, _("Kirim ke rekening ini, lalu tulis nomornya."))


@bp.post("/<int:payout_id>/setuju")
@holds(TREASURE, COORDINATE)
def approve(payout_id: int) -> str | Response:
    """The second person agrees."""
    return _take(payout_id, payouts.approve, _("Pencairan disetujui."))


@bp.post("/<int:payout_id>/kirim")
@holds(TREASURE)
def send(payout_id: int) -> str | Response:
    """The transfer is under way."""
    form = SendForm()
    if not form.validate_on_submit():
        return _page(payout_id, sending=form)
    return _take(
        payout_id,
        payouts.send,
        _("Sudah dicatat sebagai dikirim."),
        reference_no=form.reference_no.data,
    )


@bp.post("/<int:payout_id>/sampai")
@holds(TREASURE)
def confirm(payout_id: int) -> str | Response:
    """She has the money."""
    return _take(payout_id, payouts.confirm, _("Pencairan sudah dicatat di buku."))


@bp.route("/<int:payout_id>/jawaban", methods=["GET", "POST"])
@holds(TREASURE)
def answer(payout_id: int) -> str | Response:
    """What the bank said when it was asked what became of a transfer; kept with who said so."""
    form, found = AnswerForm(), treasury.get_payout(db.session(), visitor.actor(), payout_id)
    if found.state != PayoutState.UNKNOWN:
        raise payouts.NotNow
    if form.validate_on_submit():
        said = Answer(form.paid(), form.evidence.data)
        payouts.resolve(actor=visitor.actor(), payout_id=payout_id, ask=lambda _reference: said)
        say(_("Jawaban bank sudah dicatat."))
        return redirect(url_for("payouts.show", payout_id=payout_id), code=303)
    return render_template("cooperatives/treasury_answer.html", found=found, form=form)


@bp.route(
    "/<int:payout_id>/<any(batal, ditolak, 'belum-jelas', kembali):word>", methods=["GET", "POST"]
)
@holds(TREASURE)
def stop(payout_id: int, word: str) -> str | Response:
    """Stop a payout, with a reason."""
    event, act = STOPS[word]
    form, found = ReasonForm(), treasury.get_payout(db.session(), visitor.actor(), payout_id)
    if event not in MOVES[PayoutState(found.state)]:
        raise payouts.NotNow
    if form.validate_on_submit():
        return _take(payout_id, act, _("Sudah dicatat."), reason=form.reason.data)
    return render_template(
        "cooperatives/treasury_stop.html", found=found, form=form, word=word, told=entry_words
    )


def _take(payout_id: int, act: Callable[..., Any], done: str, **facts: Any) -> str | Response:
    """Take one step; what a rule refuses is said on the payout's own page."""
    try:
        act(actor=visitor.actor(), payout_id=payout_id, **facts)
    except REFUSED as refused:
        return _page(payout_id, refused=refused.sentence)
    say(done)
    return redirect(url_for("payouts.show", payout_id=payout_id), code=303)
