"""The operator's page for the words of what can be learnt."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField

from core import visitor
from core.access import holds
from core.choices import OneOfField
from core.db import db
from core.fields import TextField
from core.forms import HouseForm
from core.rights import OPERATE
from core.web import say
from sellers.training import skills

bp = Blueprint("skill_desk", __name__, url_prefix="/kelola/keterampilan")


class SkillForm(HouseForm):
    """What a skill is called."""

    name = TextField(_l("Nama keterampilan"), longest=60)
    name_en = TextField(_l("Nama dalam bahasa Inggris"), longest=60, required=False)
    hidden = BooleanField(_l("Sembunyikan dari pilihan"))


class MergeForm(HouseForm):
    """Into which other one."""

    into = OneOfField(_l("Gabungkan ke"))


@bp.route("", methods=["GET", "POST"])
@holds(OPERATE)
def index() -> str | Response:
    """All of them, and a new one."""
    form = SkillForm()
    if form.validate_on_submit():
        try:
            skills.add(actor=visitor.actor(), name=form.name.data, name_en=form.name_en.data or "")
        except skills.REFUSALS as refused:
            form.name.errors = [refused.sentence]
        else:
            say(_("Keterampilan ditambahkan."))
            return redirect(url_for("skill_desk.index"), code=303)
    kept = skills.list_kept(db.session(), visitor.actor())
    names = {one.slug: one.name for one in kept}
    return render_template("sellers/training/skills.html", form=form, kept=kept, names=names)


@bp.route("/<slug>", methods=["GET", "POST"])
@holds(OPERATE)
def edit(slug: str) -> str | Response:
    """Mend its words, or hide it."""
    one = skills.get_kept(db.session(), visitor.actor(), slug)
    form = SkillForm(data={"name": one.name, "name_en": one.name_en, "hidden": bool(one.hidden_at)})
    if form.validate_on_submit():
        try:
            skills.edit(
                actor=visitor.actor(), slug=slug, name=form.name.data,
                name_en=form.name_en.data or "", hidden=form.hidden.data,
            )  # fmt: skip
        except skills.SameName as refused:
            form.name.errors = [refused.sentence]
        else:
            say(_("Perubahan disimpan."))
            return redirect(url_for("skill_desk.index"), code=303)
    return _page(one, form, _merge_form(slug))


@bp.post("/<slug>/gabung")
@holds(OPERATE)
def merge(slug: str) -> str | Response:
    """Lead it on to another one."""
    one = skills.get_kept(db.session(), visitor.actor(), slug)
    form = _merge_form(slug)
    if form.validate_on_submit():
        try:
            skills.merge(actor=visitor.actor(), slug=slug, into=form.into.data)
        except skills.CannotMerge as refused:
            form.into.errors = [refused.sentence]
        else:
            say(_("Keterampilan digabung."))
            return redirect(url_for("skill_desk.index"), code=303)
    words = {"name": one.name, "name_en": one.name_en, "hidden": bool(one.hidden_at)}
    return _page(one, SkillForm(formdata=None, data=words), form)


def _merge_form(slug: str) -> MergeForm:
    form = MergeForm()
    form.into.offer(pair for pair in skills.list_skills(db.session()) if pair[0] != slug)
    return form


def _page(one: skills.Kept, form: SkillForm, merging: MergeForm) -> str:
    return render_template("sellers/training/skill.html", one=one, form=form, merging=merging)
