"""Counting a shelf: choosing it, writing numbers down, looking them through, and the end."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from cooperatives.counts import bearing, closing, contesting, counting, reading
from cooperatives.counts import sheet as sheet_file
from cooperatives.counts.sums import State
from cooperatives.receiving.asked import WrongBoxes, number, uuid
from cooperatives.rights import COORDINATE, KEEP
from cooperatives.views import which_place
from core import access, acts, visitor, workbooks
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.forms import act_content
from core.keeping import kept_on_phone
from core.sheet_files import NotASheet
from core.telling import told
from core.wasm import reader_files, runs_wasm
from core.web import say

bp = Blueprint("counts", __name__, url_prefix="/kios-kerja/hitung")
ONE = "/<uuid:count_id>"
ENDS_IN = (7, 14, 30, 60)
STATE_WORDS: dict[str, tuple[Any, str]] = {
    "open": (_l("Sedang dihitung"), "wait"),
    "posted": (_l("Selesai"), "good"),
    "dropped": (_l("Dibatalkan"), "rest"),
}
LINE_WORDS: dict[str, tuple[Any, str]] = {
    State.UNCOUNTED: (_l("Belum dihitung"), "rest"),
    State.SAME: (_l("Cocok"), "good"),
    State.DIFFERS: (_l("Selisih"), "warning"),
    State.MOVED: (_l("Ada yang bergerak"), "wait"),
    State.DISAGREE: (_l("Dua angka berbeda"), "wrong"),
    State.IMPOSSIBLE: (_l("Harus dihitung ulang"), "wrong"),
}


@bp.get("")
@holds(KEEP)
def index() -> str:
    """Counts of this place, and a new one."""
    return _index()


def _index(problem: object = "") -> str:
    places = which_place.kept()
    place = which_place.chosen(places)
    if place is None:
        return which_place.ask(places, _("Hitung stok"), "counts.index")
    owners, kinds = reading.shelves(db.session(), place.id)
    return render_template(
        "cooperatives/counts/index.html",
        place=place,
        several=len(places) > 1,
        owners=owners,
        kinds=kinds,
        ends_in=ENDS_IN,
        counts=reading.latest_at(db.session(), place.id),
        called=partial(reading.called, db.session()),
        words=STATE_WORDS,
        fresh=uuid4(),
        problem=problem,
    )


@bp.post("")
@holds(KEEP)
def begin() -> str | Response:
    """Freeze what the record says of a shelf."""
    cut_by, _sep, shelf = request.form.get("rak", "all").partition(":")
    try:
        count = counting.open_count(
            actor=visitor.actor(),
            count_id=uuid(request.form.get("id")) or uuid4(),
            place_id=number(request.form, "place"),
            cut_by=cut_by,
            shelf=int(shelf) if shelf.isdecimal() else 0,
            is_blind="buta" in request.form,
        )
    except NotFound:
        raise
    except DomainError as refused:
        return _index(refused.sentence)
    return redirect(url_for("counts.show", count_id=count.id), code=303)


@bp.get(ONE)
@holds(KEEP, COORDINATE)
@kept_on_phone
@runs_wasm
def show(count_id: UUID) -> str:
    """The shelf with a box for each lot; kept on the phone."""
    return _show(count_id, {})


def _show(count_id: UUID, wrong: Mapping[str, str]) -> str:
    session, actor = db.session(), visitor.actor()
    count, place = reading.get(session, actor, count_id)
    rows = reading.rows(session, count)
    return render_template(
        "cooperatives/counts/show.html",
        count=count,
        called=reading.called(session, count),
        place=place,
        rows=rows,
        mine={row.lot_id: row.of(actor.person_id) for row in rows},
        wrong=wrong,
        typed=request.form if wrong else {},
        fresh=uuid4,
        reader=reader_files(),
    )


@bp.post(f"{ONE}/angka")
@holds(KEEP, COORDINATE)
def write(count_id: UUID) -> str | Response:
    """Numbers: what a phone without signal sends later to /kirim."""
    content = {**act_content(request.form), "count": str(count_id)}
    try:
        answer = acts.carry_out(
            actor=visitor.actor(),
            act_id=uuid(request.form.get("act_id")) or uuid4(),
            kind=counting.ACT,
            content=content,
        )
    except WrongBoxes as refused:
        return _show(count_id, refused.wrong)
    say(answer["sentence"])
    lot = next((name.removeprefix("angka-") for name in content if name.startswith("angka-")), "")
    return redirect(url_for("counts.show", count_id=count_id, _anchor=f"lot-{lot}"), code=303)


@bp.get(f"{ONE}/periksa")
@holds(KEEP, COORDINATE)
def check(count_id: UUID) -> str:
    """What was counted against the record, line by line; and after the end, what came of it."""
    session, actor = db.session(), visitor.actor()
    count, place = reading.get(session, actor, count_id)
    rows = reading.rows(session, count)
    saw = closing.last_movement(session)
    counters = reading.counters(session, count)
    return render_template(
        "cooperatives/counts/check.html",
        count=count,
        called=reading.called(session, count),
        place=place,
        rows=rows,
        verdicts={row.lot_id: row.verdict() for row in rows},
        is_shut=any(row.told and row.is_hidden(count) for row in rows),
        me=actor.person_id,
        State=State,
        words=LINE_WORDS,
        saw=saw,
        seen=closing.digest(rows, saw),
        counters=counters,
        needs_two=closing.needs_two(rows),
        is_counter=actor.person_id in counters,
        decides=place.organisation_id in access.subjects(session, actor, COORDINATE),
        till_open=reading.is_till_open(session, place.id),
        choices=closing.CHOICES,
        reasons=bearing.REASONS,
        bearers=bearing.TOLD,
        outcomes=contesting.OUTCOMES,
    )


@bp.post(f"{ONE}/periksa")
@holds(KEEP, COORDINATE)
def decide(count_id: UUID) -> Response:
    """Keep the choices; then post, ask a second person, or drop it, by the button."""
    actor, deed = visitor.actor(), request.form.get("do", "save")
    saw = number(request.form, "saw")
    with told():
        if deed == "drop":
            counting.drop(actor=actor, count_id=count_id)
            say(_("Hitungan dibatalkan. Stok tidak berubah."))
            return redirect(url_for("counts.index"), code=303)
        if deed == "show":
            counting.show_record(actor=actor, count_id=count_id)
            return _back(count_id)
        closing.decide(
            actor=actor,
            count_id=count_id,
            choices=closing.said(request.form, "pilih"),
            reasons=closing.said(request.form, "alasan"),
            page_saw=saw,
        )
        say(_end(count_id, deed, saw))
    return _back(count_id)


def _end(count_id: UUID, deed: str, saw: int) -> str:
    actor = visitor.actor()
    if deed == "post":
        seen = request.form.get("seen", "")
        closing.finish(actor=actor, count_id=count_id, page_saw=saw, seen=seen)
        return str(_("Selesai. Stok sudah dibetulkan."))
    if deed == "ask":
        closing.ask_second(actor=actor, count_id=count_id)
        return str(_("Koordinator sudah diminta memeriksa."))
    return str(_("Pilihan tersimpan. Periksa, lalu selesaikan."))


@bp.get(f"{ONE}/lembar")
@holds(KEEP, COORDINATE)
def sheet(count_id: UUID) -> str:
    """The count sheet for paper: each lot with an empty box."""
    count, place = reading.get(db.session(), visitor.actor(), count_id)
    return render_template(
        "cooperatives/counts/sheet.html",
        count=count,
        called=reading.called(db.session(), count),
        place=place,
        rows=reading.rows(db.session(), count),
    )


@bp.get(f"{ONE}/excel")
@holds(KEEP, COORDINATE)
def workbook(count_id: UUID) -> FlaskResponse:
    """The count sheet as an Excel file."""
    count, _place = reading.get(db.session(), visitor.actor(), count_id)
    content = sheet_file.written(reading.rows(db.session(), count), is_blind=count.is_blind)
    headers = {
        "Content-Disposition": f'attachment; filename="hitung-{count.opened_at:%y%m%d}.xlsx"'
    }
    return FlaskResponse(content, content_type=workbooks.CONTENT_TYPE, headers=headers)


@bp.post(f"{ONE}/excel")
@holds(KEEP, COORDINATE)
def preview(count_id: UUID) -> str | Response:
    """What a filled-in sheet says, before it is used."""
    session = db.session()
    count, place = reading.get(session, visitor.actor(), count_id)
    sent = request.files.get("lembar")
    try:
        told = sheet_file.read(sent.read() if sent else b"", count.id, reading.rows(session, count))
    except NotASheet as refused:
        say(str(refused.sentence), "warning")
        return redirect(url_for("counts.show", count_id=count_id, _anchor="excel"), code=303)
    return render_template(
        "cooperatives/counts/preview.html",
        count=count,
        called=reading.called(session, count),
        place=place,
        preview=told,
    )


@bp.post(f"{ONE}/putuskan")
@holds(COORDINATE)
def answer(count_id: UUID) -> Response:
    """Decide about a line that its owner contests."""
    outcome = request.form.get("outcome", "")
    if outcome not in contesting.OUTCOMES:
        raise NotFound
    with told(_("Keputusan tersimpan. Pemiliknya diberi tahu.")):
        contesting.decide(
            actor=visitor.actor(),
            count_id=count_id,
            lot_id=number(request.form, "lot"),
            outcome=outcome,
            words=request.form.get("words", ""),
        )
    return _back(count_id)


def _back(count_id: UUID) -> Response:
    return redirect(url_for("counts.check", count_id=count_id), code=303)
