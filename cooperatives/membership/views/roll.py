"""The coordinator's roll of members, taking somebody in, letting her go, and the tree of groups."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from cooperatives import members
from cooperatives.membership import network, roll, savings
from cooperatives.membership.roll import KnownNumber, Newcomer
from cooperatives.membership.views.books import GROUPS
from cooperatives.membership.views.roll_forms import DescribeForm, TakeInForm
from cooperatives.rights import COORDINATE
from core import access, people, visitor
from core.access import holds
from core.db import db
from core.errors import NotFound
from core.orgs import Organisation
from core.paging import words_asked
from core.web import say
from sellers.forms import LANGUAGES

bp = Blueprint("roll", __name__, url_prefix="/koord")


def groups_of() -> list[Organisation]:
    """The groups whose coordinator asks."""
    mine = access.subjects(db.session(), visitor.actor(), COORDINATE)
    query = select(Organisation).where(Organisation.id.in_(mine), Organisation.kind.in_(GROUPS))
    return list(db.session().scalars(query.order_by(Organisation.id)))


def group_asked() -> Organisation:
    """The one that the address names, or her first. Raises NotFound."""
    asked = request.args.get("kelompok", type=int)
    for one in groups_of():
        if asked in (None, one.id):
            return one
    raise NotFound


@bp.get("/anggota")
@holds(COORDINATE)
def index() -> str:
    """Who belongs to us, by number; to search and to print."""
    group, wanted = group_asked(), words_asked()
    phones = {"ada": True, "tanpa": False}
    asked = request.args.get("hp", "")
    rows = roll.list_roll(
        db.session(), visitor.actor(), group.id, wanted=wanted, has_phone=phones.get(asked)
    )
    return render_template(
        "cooperatives/membership/roll.html",
        group=group,
        groups=groups_of(),
        rows=rows,
        wanted=wanted,
        offices=roll.OFFICES,
        languages=LANGUAGES,
        filters=[
            {
                "label": words,
                "on": asked == key,
                "url": url_for(
                    "roll.index", kelompok=group.id, hp=None if asked == key else key, q=wanted
                ),
            }
            for key, words in (("ada", _("Punya HP")), ("tanpa", _("Tanpa HP")))
        ],
    )


@bp.route("/anggota/baru", methods=["GET", "POST"])
@holds(COORDINATE)
def new() -> str | Response:
    """Take somebody in; where her number is known, it is asked who of them she is."""
    group, form = group_asked(), TakeInForm()
    form.who.offer([])
    known = []
    if form.is_submitted() and form.phone.data:
        known = people.list_with_phone(db.session(), form.phone.data)
        form.who.offer((one.id, one.call_me) for one in known)
    if form.validate_on_submit():
        try:
            made = roll.take_in(
                actor=visitor.actor(), cooperative_id=group.id, newcomer=_newcomer(form)
            )
        except KnownNumber as refused:
            form.phone.errors = [refused.sentence]
        else:
            say(_("Anggota dicatat dengan nomor %(number)s.", number=made.number))
            return redirect(url_for("roll.show", membership_id=made.id), code=303)
    return render_template(
        "cooperatives/membership/take_in.html", group=group, form=form, known=known
    )


def _newcomer(form: TakeInForm) -> Newcomer:
    return Newcomer(
        name=form.name.data,
        call_me=form.call_me.data or form.name.data,
        phone=form.phone.data,
        person_id=form.who.chosen,
        joined_on=form.joined_on.data,
        skills=roll.skills_of(form.skills.data or ""),
    )


@bp.route("/anggota/<int:membership_id>", methods=["GET", "POST"])
@holds(COORDINATE)
def show(membership_id: int) -> str | Response:
    """One member: what we know of her, and what she can do."""
    session, actor = db.session(), visitor.actor()
    group_id, row = _row(membership_id)
    form = DescribeForm(skills=", ".join(row.skills), office=row.office)
    if form.validate_on_submit():
        roll.describe(
            actor=actor,
            membership_id=membership_id,
            skills=roll.skills_of(form.skills.data or ""),
            office=form.office.data or "",
        )
        say(_("Keterangan anggota disimpan."))
        return redirect(url_for("roll.show", membership_id=membership_id), code=303)
    (standing,) = savings.standings(session, actor, group_id, person_id=row.person_id)
    return render_template(
        "cooperatives/membership/member.html",
        row=row,
        form=form,
        standing=standing,
        owes=savings.owes(session, group_id, row.person_id),
        languages=LANGUAGES,
        offices=roll.OFFICES,
        group=session.get_one(Organisation, group_id),
    )


def _row(membership_id: int) -> tuple[int, Any]:
    session, actor = db.session(), visitor.actor()
    group_id, row = roll.get_row(session, actor, membership_id)
    access.require(session, actor, COORDINATE, group_id)
    return group_id, row


@bp.route("/anggota/<int:membership_id>/keluar", methods=["GET", "POST"])
@holds(COORDINATE)
def leave(membership_id: int) -> str | Response:
    """She leaves; her savings then go back to her, and what she owes stays owed."""
    group_id, row = _row(membership_id)
    session, actor = db.session(), visitor.actor()
    if request.method == "POST":
        members.leave(actor=actor, cooperative_id=group_id, person_id=row.person_id)
        say(_("Sudah dicatat keluar. Bendahara mengembalikan simpanannya."))
        return redirect(url_for("roll.index", kelompok=group_id), code=303)
    (standing,) = savings.standings(session, actor, group_id, person_id=row.person_id)
    owes = savings.owes(session, group_id, row.person_id)
    return render_template(
        "cooperatives/membership/leave.html", row=row, standing=standing, owes=owes
    )


@bp.get("/jaringan")
@holds(COORDINATE)
def tree() -> str:
    """Network, cooperatives, joint groups: members and turnover, each level added up once."""
    found = network.branches(db.session(), visitor.actor())
    return render_template(
        "cooperatives/membership/network.html",
        rows=[row for branch in found for row in branch.flat()],
    )
