"""Savings on the treasurer's desk: everybody's, one member's, and what the plan asks."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.membership import savings, voucher_list, wording
from cooperatives.membership.forms import PlanForm, SavingsForm
from cooperatives.membership.savings import PlanTooOld, StaysUntilLeaving, StillOwes
from cooperatives.membership.views import books
from cooperatives.membership.vouchers import BadDay, NoMoney, TooMuch
from cooperatives.models.vouchers import VoucherState
from cooperatives.rights import TREASURE
from core import access, clock, visitor
from core.access import holds
from core.db import db
from core.errors import Conflict, NotFound
from core.paging import words_asked
from core.web import say

bp = Blueprint("savings_desk", __name__, url_prefix="/kas/simpanan")


@bp.get("")
@holds(TREASURE)
def index() -> str:
    """Every member by name, with what is late."""
    group, wanted = books.group_asked(), words_asked()
    found = savings.standings(db.session(), visitor.actor(), group.id, wanted=wanted)
    is_late = request.args.get("saring") == "terlambat"
    plans = savings.list_plans(db.session(), group.id)
    return render_template(
        "cooperatives/membership/savings.html",
        group=group,
        groups=books.groups(),
        rows=[one for one in found if one.late] if is_late else found,
        all=found,
        wanted=wanted,
        is_late=is_late,
        plan=plans[-1] if plans else None,
    )


@bp.route("/aturan", methods=["GET", "POST"])
@holds(TREASURE)
def plan() -> str | Response:
    """What each member saves from a day on."""
    group = books.group_asked()
    plans = savings.list_plans(db.session(), group.id)
    form = PlanForm(obj=plans[-1] if plans else None)
    if not form.is_submitted():
        form.valid_from.data = clock.today()
    if form.validate_on_submit():
        try:
            savings.plan(
                actor=visitor.actor(),
                cooperative_id=group.id,
                valid_from=form.valid_from.data,
                principal=form.principal.data,
                mandatory=form.mandatory.data,
            )
        except PlanTooOld as refused:
            form.valid_from.errors = [refused.sentence]
        else:
            say(_("Aturan simpanan dicatat."))
            return redirect(url_for("savings_desk.index", kelompok=group.id), code=303)
    return render_template(
        "cooperatives/membership/savings_plan.html", group=group, plans=plans[::-1], form=form
    )


@bp.route("/<int:membership_id>", methods=["GET", "POST"])
@holds(TREASURE)
def member(membership_id: int) -> str | Response:
    """One member's savings: what came and went, and the form for the next."""
    session, actor = db.session(), visitor.actor()
    group_id, standing = savings.get_standing(session, actor, membership_id)
    if group_id not in access.subjects(session, actor, TREASURE):
        raise NotFound
    form = SavingsForm()
    form.offer_money(voucher_list.places_of_money(session, group_id))
    if form.validate_on_submit() and (answer := _written(form, group_id, standing.person_id)):
        return answer
    return render_template(
        "cooperatives/membership/savings_member.html",
        one=standing,
        membership_id=membership_id,
        sorts=savings.SORT_WORDS,
        rows=savings.history(db.session(), group_id, standing.person_id),
        form=form,
        told=wording,
        way=request.args.get("cara", ""),
    )


def _written(form: SavingsForm, group_id: int, person_id: int) -> Response | None:
    try:
        made = savings.write(actor=visitor.actor(), wish=form.wish(group_id, person_id))
    except (TooMuch, Conflict) as refused:
        form.amount.errors = [refused.sentence]
    except (StaysUntilLeaving, StillOwes) as refused:
        form.sort.errors = [refused.sentence]
    except BadDay as refused:
        form.day.errors = [refused.sentence]
    except NoMoney as refused:
        form.money.errors = [refused.sentence]
    else:
        waits = made.state == VoucherState.WAITING
        say(_("Dicatat. Orang kedua perlu menyetujui.") if waits else _("Simpanan dicatat."))
        return redirect(url_for("voucher.show", voucher_id=made.id), code=303)
    return None
