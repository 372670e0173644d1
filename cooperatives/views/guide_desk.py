"""Voices beside the guides: recorded on a phone, brought here, heard by every maker."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField

from cooperatives.rights import COORDINATE
from core import guides, visitor
from core.access import holds
from core.forms import HouseForm
from core.guides import NotAVoice
from core.rights import OPERATE
from core.uploads import BytesField
from core.web import say

bp = Blueprint("guide_desk", __name__, url_prefix="/koord/panduan")


class GuideForm(HouseForm):
    """Which guide is meant."""

    guide = SelectField(
        _l("Panduan"),
        invalid_choice_message=_l("Pilih salah satu panduan."),  # type: ignore[call-arg]
    )

    def offer(self) -> None:
        """The guides there are."""
        self.guide.choices = [(one.guide.name, one.guide.title) for one in guides.list_all()]


class VoiceForm(GuideForm):
    """A recording for one guide."""

    voice = BytesField(_l("Rekaman suara"))


@bp.route("", methods=["GET", "POST"])
@holds(COORDINATE, OPERATE)
def index() -> str | Response:
    """What each guide says, which have a voice, and a place to bring one."""
    form = VoiceForm()
    form.offer()
    if form.validate_on_submit():
        try:
            guides.keep_voice(
                actor=visitor.actor(), name=form.guide.data, content=form.voice.data or b""
            )
        except NotAVoice as refused:
            form.voice.errors = [refused.sentence]
        else:
            say(_("Suara tersimpan. Ibu-ibu bisa mendengarnya paling lambat satu menit lagi."))
            return redirect(url_for("guide_desk.index"), code=303)
    return render_template("cooperatives/guide_desk.html", form=form, shown=guides.list_all())


@bp.post("/hapus")
@holds(COORDINATE, OPERATE)
def remove() -> Response:
    """The guide goes on without a voice."""
    form = GuideForm()
    form.offer()
    if form.validate_on_submit():
        guides.drop_voice(actor=visitor.actor(), name=form.guide.data)
        say(_("Suara dihapus. Tulisannya tetap ada."))
    return redirect(url_for("guide_desk.index"), code=303)
