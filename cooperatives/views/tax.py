"""Tax at the source: what was withheld month by month, and members' letters of the year."""

import re
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives import treasury
from cooperatives.membership import voucher_list, wording
from cooperatives.membership.vouchers import BadDay, NoMoney, TooMuch
from cooperatives.models.vouchers import VoucherKind
from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling import tax, tax_letters, tax_paying, tax_reading
from cooperatives.settling.tax_settings import TaxSettings
from cooperatives.views.her_money import YEARS, after, before, name_of
from cooperatives.views.tax_forms import HandOverForm, LetterForm
from core import access, clock, files, images, orgs, papers, sheet_files, visitor
from core.access import holds
from core.config import settings
from core.db import db
from core.errors import Conflict, DomainError
from core.web import say

bp = Blueprint("tax", __name__, url_prefix="/kas/pajak")
HEADER = ("nama", "nik_npwp", "tanggal", "hitungan", "dasar", "pph22_rupiah")


@bp.get("")
@holds(TREASURE)
def index() -> str:
    """What was withheld in a month, and who is near the limit of the year."""
    actor, month = visitor.actor(), _month_asked()
    rows = tax_reading.withheld(db.session(), actor, month)
    is_house = treasury.keeps_house(db.session(), actor)
    return render_template(
        "cooperatives/tax.html",
        is_on=settings(TaxSettings).is_on(clock.today()),
        rules=settings(TaxSettings),
        month=month,
        name=name_of(month),
        rows=rows,
        total=sum(row.amount for row in rows),
        near=tax_reading.near_limit(db.session(), actor),
        due=tax_paying.to_hand_over(db.session()) if is_house else None,
        turns=[(name_of(one), f"{one:%Y-%m}") for one in (before(month), after(month))],
    )


@bp.get("/daftar.csv")
@holds(TREASURE)
def file() -> Response:
    """The month's list for the tax office, with whole numbers; kept by no cache."""
    month = _month_asked()
    rows = tax_reading.for_the_office(actor=visitor.actor(), month=month)
    content = sheet_files.written(HEADER, rows)
    response = papers.answer(content, f"pph22-{month:%Y-%m}.csv", "text/csv")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/setor", methods=["GET", "POST"])
@holds(TREASURE)
def hand_over() -> str | Response:
    """Note that withheld tax was paid to the state, with its proof; a second person agrees."""
    session, actor = db.session(), visitor.actor()
    house = orgs.operator_id(session)
    access.require(session, actor, TREASURE, house)
    due = tax_paying.to_hand_over(session)
    form = HandOverForm(data={"amount": due or None, "month": name_of(before(_month_asked()))})
    form.offer_money(voucher_list.places_of_money(session, house))
    if form.validate_on_submit() and (answer := _handed_over(form)):
        return answer
    return render_template(
        "cooperatives/tax_hand_over.html",
        form=form,
        due=due,
        rows=voucher_list.list_shown(session, actor, house, (VoucherKind.TAX_PAID,)),
        told=wording,
    )


def _handed_over(form: HandOverForm) -> Response | None:
    try:
        proof = _proof(form.proof.data) if form.proof.data else None
    except DomainError as refused:
        form.proof.errors = [refused.sentence]
        return None
    try:
        made = tax_paying.hand_over(
            actor=visitor.actor(),
            act_id=form.act_id.data,
            amount=form.amount.data,
            money=form.money.data,
            happened_on=form.day.data,
            words=form.words,
            proof=proof,
        )
    except (tax_paying.ProofNeeded, BadDay, NoMoney, TooMuch, Conflict) as refused:
        boxes = {tax_paying.ProofNeeded: form.proof, BadDay: form.day, NoMoney: form.money}
        boxes.get(type(refused), form.amount).errors = [refused.sentence]
        if proof is not None:
            files.drop(db.session(), proof)
        return None
    say(_("Dicatat. Orang kedua perlu menyetujui."))
    return redirect(url_for("voucher.show", voucher_id=made.id), code=303)


def _proof(content: bytes) -> files.Stored:
    is_paper = files.kind_of(content) == "application/pdf"
    return files.store(content if is_paper else images.plain(content))


def _month_asked() -> date:
    found = re.fullmatch("([0-9]{4})-([0-9]{2})", request.args.get("bulan", ""))
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if year in YEARS and 1 <= month <= 12:
        return date(year, month, 1)
    return clock.today().replace(day=1)


@bp.route("/<int:person_id>/surat", methods=["GET", "POST"])
@holds(TREASURE, COORDINATE)
def letter(person_id: int) -> str | Response:
    """Note that her signed letter of this year is here."""
    actor, form = visitor.actor(), LetterForm()
    person = tax_letters.payee_of_board(db.session(), actor, person_id)
    if form.validate_on_submit():
        try:
            tax_letters.note(
                actor=actor, person_id=person_id, kind=form.kind.data, number=form.number.data or ""
            )
        except (tax_letters.OddTaxNumber, tax_letters.TwoLetters) as refused:
            form.number.errors = [refused.sentence]
        else:
            say(_("Surat sudah dicatat."))
            return redirect(url_for("tax.letter", person_id=person_id), code=303)
    return render_template(
        "cooperatives/tax_letter.html",
        person=person,
        year=clock.today().year,
        found=tax.letter(db.session(), person_id, clock.today().year),
        form=form,
        rules=settings(TaxSettings),
    )


@bp.post("/surat/<int:letter_id>/batal")
@holds(TREASURE, COORDINATE)
def withdraw(letter_id: int) -> Response:
    """The letter was noted by mistake."""
    tax_letters.withdraw(actor=visitor.actor(), letter_id=letter_id)
    say(_("Surat tidak berlaku lagi."))
    return redirect(url_for("payouts.desk"), code=303)
