"""Tax at the source: what was withheld month by month, and members' letters of the year."""

import re
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.rights import COORDINATE, TREASURE
from cooperatives.settling import tax, tax_letters, tax_reading
from cooperatives.settling.tax_settings import TaxSettings
from cooperatives.views.her_money import YEARS, after, before, name_of
from cooperatives.views.tax_forms import LetterForm
from core import clock, papers, sheet_files, visitor
from core.access import holds
from core.config import settings
from core.db import db
from core.web import say

bp = Blueprint("tax", __name__, url_prefix="/kas/pajak")
HEADER = ("nama", "nik_npwp", "tanggal", "hitungan", "dasar", "pph22_rupiah")


@bp.get("")
@holds(TREASURE)
def index() -> str:
    """What was withheld in a month, and who is near the limit of the year."""
    actor, month = visitor.actor(), _month_asked()
    rows = tax_reading.withheld(db.session(), actor, month)
    return render_template(
        "cooperatives/tax.html",
        is_on=settings(TaxSettings).is_on(clock.today()),
        rules=settings(TaxSettings),
        month=month,
        name=name_of(month),
        rows=rows,
        total=sum(row.amount for row in rows),
        near=tax_reading.near_limit(db.session(), actor),
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
