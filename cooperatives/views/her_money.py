"""Her money: the notebook by month, one line opened into its parts, and the week as a text."""

import re
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from cooperatives import (
    entry_words,
    month_picture,
    notebook,
    notebook_sums,
    notebook_words,
    pay_ways,
)
from cooperatives.entry_words import Row
from cooperatives.notebook import Line
from cooperatives.notebook_sums import Sums
from cooperatives.settings import CooperativeSettings
from cooperatives.settling import stating
from core import clock, nav, visitor, words
from core.access import signed_in
from core.config import settings
from core.db import db
from core.paging import page_asked
from core.second_factor import asks_pin

bp = Blueprint("my_money", __name__, url_prefix="/ibu/uang")
MONTHS_DRAWN = 6
YEARS = range(2000, 2100)


def person_id() -> int:
    """Whose money it is: always the visitor's own, whatever shops she helps in."""
    found = visitor.actor().person_id
    assert found is not None, "the gate lets in only people"
    return found


@bp.get("")
@signed_in
@asks_pin
def show() -> str:
    """One month of her notebook, what is on its way, and when she is paid next."""
    month, page = month_asked(), page_asked()
    stretch = notebook.first_of(month), notebook.first_of(after(month))
    lines, more = notebook.list_lines(db.session(), person_id(), *stretch, page=page)
    totals = notebook_sums.sums(db.session(), person_id(), *stretch)
    now, waiting = pay_ways.of_person(db.session(), person_id())
    return render_template(
        "cooperatives/her_money.html",
        way=pay_ways.words(now),
        waiting=waiting,
        name=name_of(month),
        rows=_rows(lines, month, page),
        total=lines[-1].stands if lines else 0,
        is_last=not more,
        totals=totals,
        parts=notebook_words.parts,
        owed=notebook_sums.unpaid(db.session(), person_id()),
        coming=notebook.coming(db.session(), person_id()),
        settled=stating.list_of_person(db.session(), person_id()),
        payouts=notebook.list_payouts(db.session(), person_id()),
        told=entry_words,
        pay_day=words.hari(next_pay_day()),
        drawn=_drawn(),
        ways=nav.links("my_money", visitor.rights()),
        turns=_turns(month, page, more=more, is_first=not totals.before and page == 1),
    )


def month_asked() -> date:
    """The month in the address, or this one."""
    found = re.fullmatch("([0-9]{4})-([0-9]{2})", request.args.get("bulan", ""))
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if year in YEARS and 1 <= month <= 12:
        return date(year, month, 1)
    return clock.today().replace(day=1)


def after(month: date) -> date:
    """The month after."""
    return (month + timedelta(days=31)).replace(day=1)


def before(month: date) -> date:
    """The month before."""
    return (month - timedelta(days=1)).replace(day=1)


def name_of(month: date) -> str:
    """November 2026."""
    return words.tanggal(month).partition(" ")[2]


def next_pay_day() -> date:
    """Today or the next day on which makers are paid."""
    today = clock.today()
    return today + timedelta((settings(CooperativeSettings).pay_weekday - today.isoweekday()) % 7)


def _rows(lines: list[Line], month: date, page: int) -> list[Row]:
    """The lines with what is carried over from before them, as in a notebook on paper."""
    rows = notebook_words.rows(db.session(), lines, _opened)
    if lines and (before := lines[0].stands - lines[0].amount):
        carried = Row(month, _("Sisa bulan lalu"), "", before)
        if page > 1:
            carried = Row(rows[0].day, _("Pindahan dari halaman sebelumnya"), "", before)
        rows.insert(0, carried)
    return rows


def _opened(journal_id: int) -> str:
    return url_for("my_money.line", journal_id=journal_id)


def _turns(month: date, page: int, *, more: bool, is_first: bool) -> list[tuple[str, str]]:
    """The ways to other pages of the notebook, as words and addresses."""
    turns: list[tuple[str, str]] = []
    if page > 1:
        turns.append((_("Halaman sebelumnya"), _at(month, page - 1)))
    if more:
        turns.append((_("Halaman berikutnya"), _at(month, page + 1)))
    if not is_first:
        turns.append((name_of(before(month)), _at(before(month))))
    if month < clock.today().replace(day=1):
        turns.append((name_of(after(month)), _at(after(month))))
    return turns


def _at(month: date, page: int = 1) -> str:
    hal = page if page > 1 else None
    return url_for("my_money.show", bulan=f"{month:%Y-%m}", hal=hal)


def _drawn() -> list[dict[str, Any]]:
    """Her last months as a picture and as words: her own, and nobody else's beside them."""
    months = [clock.today().replace(day=1)]
    while len(months) < MONTHS_DRAWN:
        months.insert(0, before(months[0]))
    stretch = notebook.first_of(months[0]), notebook.first_of(after(months[-1]))
    found = notebook_sums.by_month(db.session(), person_id(), *stretch)
    kept = [found.get(month, Sums()).kept for month in months]
    if not any(kept):
        return []
    return [
        {"name": name_of(month), "short": name_of(month)[:3], "amount": amount, "bar": bar}
        for month, amount, bar in zip(months, kept, month_picture.bars(kept), strict=True)
    ]


@bp.get("/catatan/<int:journal_id>")
@signed_in
@asks_pin
def line(journal_id: int) -> str:
    """One line opened: which goods, what they cost, and who got which part."""
    found = notebook.get_line(db.session(), person_id(), journal_id)
    names = entry_words.order_names(db.session(), [found.memo])
    return render_template(
        "cooperatives/her_money_line.html",
        line=found,
        title=notebook_words.title(found, names.get(found.memo, "")),
        goods=notebook.goods_of(db.session(), person_id(), found),
        parts=notebook_words.parts(found),
        back=_at(found.posted_at.astimezone(clock.WIB).date().replace(day=1)),
    )


@bp.get("/minggu")
@signed_in
@asks_pin
def week() -> str:
    """The week as a short text that she may send on by WhatsApp, and the weeks before."""
    ago = min(max(request.args.get("lalu", 0, type=int), 0), 520)
    today = clock.today()
    since = today - timedelta(days=today.weekday() + 7 * ago)
    stretch = notebook.first_of(since), notebook.first_of(since + timedelta(days=7))
    found = visitor.visitor()
    text = notebook_words.weekly(
        notebook_sums.sums(db.session(), person_id(), *stretch),
        since,
        found.call_me if found else "",
        0 if ago else sum(one.amount for one in notebook.coming(db.session(), person_id())),
        words.hari(next_pay_day()),
    )
    return render_template(
        "cooperatives/her_money_week.html", text=text, share=words.wa_link(text), ago=ago
    )
