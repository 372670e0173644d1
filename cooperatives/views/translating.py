"""Translations: what members may translate, and a maker's requests for one of her products."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField

from cooperatives import tongues, translating
from core import visitor
from core.access import holds, signed_in
from core.db import db, reading
from core.fields import RupiahField, TextField
from core.web import say
from sellers import publishing
from sellers.forms import LANGUAGES, CardsField
from sellers.owning import own_listing
from sellers.rights import SELL

bp = Blueprint("translations", __name__, url_prefix="/ibu")
OF_LISTING = "/produk/<int:listing_id>/terjemahan"
ASKED = {one: LANGUAGES[one] for one in translating.LANGUAGES}
STATES = {
    "asked": (_l("Menunggu penerjemah"), "wait"),
    "written": (_l("Perlu dibaca"), "moving"),
    "returned": (_l("Perlu diperbaiki"), "warning"),
    "accepted": (_l("Dipakai"), "good"),
    "withdrawn": (_l("Dibatalkan"), "rest"),
}
HTML_LANGUAGES = {"zh_hant": "zh-Hant"}


class AskForm(FlaskForm):
    """Which language, and what its translator should know."""

    language = CardsField(_l("Ke bahasa apa?"), ASKED)
    note = TextField(_l("Pesan untuk penerjemah"), longest=200, required=False)
    fee = RupiahField(_l("Tanda terima kasih"), least=100, required=False)


class WriteForm(FlaskForm):
    """The text in the other language."""

    name = TextField(_l("Nama barang dalam bahasa itu"), longest=120)
    description = TextField(
        _l("Keterangan dalam bahasa itu"), longest=2000, lines=True, required=False
    )
    may_name = BooleanField(_l("Nama saya boleh tampil di halaman barang"))


class DecideForm(FlaskForm):
    """Yes, or what should be different."""

    answer = CardsField(
        _l("Jawaban Ibu"), {"accept": _l("Pakai terjemahan ini"), "back": _l("Minta diperbaiki")}
    )
    reason = TextField(_l("Apa yang perlu diperbaiki?"), longest=200, required=False)


def _words() -> dict[str, object]:
    return {"languages": LANGUAGES, "states": STATES, "html_languages": HTML_LANGUAGES}


@bp.get("/terjemah")
@signed_in
def index() -> str:
    """Requests in the languages she speaks, and what she has translated."""
    with reading() as rows:
        found = tongues.list_for(rows, visitor.actor())
    return render_template("cooperatives/translations.html", rows=found, **_words())


@bp.route("/terjemah/<int:translation_id>", methods=["GET", "POST"])
@signed_in
def show(translation_id: int) -> str | Response:
    """One request: the product's own text, and the box for hers."""
    actor = visitor.actor()
    with reading() as rows:
        row = tongues.find_for(rows, actor, translation_id)
    form = WriteForm(data={box: getattr(row, box) for box in ("name", "description", "may_name")})
    if form.validate_on_submit():
        try:
            translating.write(
                actor=actor,
                translation_id=translation_id,
                name=form.name.data,
                description=form.description.data,
                may_name=form.may_name.data,
            )
        except translating.TakenMeanwhile as late:
            form.name.errors = [late.sentence]
        else:
            say(_("Terjemahan sudah dikirim. Pemiliknya akan membacanya."))
            return redirect(url_for("translations.show", translation_id=row.id), code=303)
    return render_template("cooperatives/translate.html", row=row, form=form, **_words())


@bp.post("/terjemah/<int:translation_id>/nama/<any(tampil, sembunyi):way>")
@signed_in
def credit(translation_id: int, way: str) -> Response:
    """Whether buyers read who translated it."""
    may_name = way == "tampil"
    translating.name_me(actor=visitor.actor(), translation_id=translation_id, may_name=may_name)
    say(_("Nama Ibu akan tampil.") if may_name else _("Nama Ibu tidak tampil lagi."))
    return redirect(url_for("translations.show", translation_id=translation_id), code=303)


@bp.route(OF_LISTING, methods=["GET", "POST"])
@holds(SELL)
def of_listing(listing_id: int) -> str | Response:
    """Ask for a translation, and see how far each has come."""
    actor = visitor.actor()
    listing = own_listing(db.session(), actor, listing_id)
    form = AskForm()
    if form.validate_on_submit():
        try:
            translating.ask(
                actor=actor,
                listing_id=listing_id,
                language=form.language.data,
                note=form.note.data,
                fee=form.fee.data,
            )
        except translating.AskedAlready as already:
            form.language.errors = [already.sentence]
        else:
            say(_("Sudah diminta. Anggota yang bisa bahasanya akan melihatnya."))
            return redirect(url_for("translations.of_listing", listing_id=listing_id), code=303)
    return render_template(
        "cooperatives/listing_translations.html",
        listing=listing,
        rows=tongues.list_of(db.session(), listing_id),
        form=form,
        is_live=listing.state != "archived",
        **_words(),
    )


@bp.route(f"{OF_LISTING}/<int:translation_id>", methods=["GET", "POST"])
@holds(SELL)
def decide(listing_id: int, translation_id: int) -> str | Response:
    """Read what was written; use it, or say what should be different."""
    form = DecideForm()
    if form.validate_on_submit() and _decided(form, listing_id, translation_id):
        say(_("Sudah dijawab. Penerjemahnya diberi tahu."))
        return redirect(url_for("translations.of_listing", listing_id=listing_id), code=303)
    listing = own_listing(db.session(), visitor.actor(), listing_id)
    rows = tongues.list_of(db.session(), listing_id)
    return render_template(
        "cooperatives/translation.html",
        listing=listing,
        row=tongues.one_of(rows, translation_id),
        form=form,
        **_words(),
    )


def _decided(form: DecideForm, listing_id: int, translation_id: int) -> bool:
    """Whether the answer went in; why not is said beside its box."""
    of = {"listing_id": listing_id, "translation_id": translation_id}
    try:
        if form.answer.data == "accept":
            translating.accept(actor=visitor.actor(), **of)
        else:
            translating.send_back(actor=visitor.actor(), reason=form.reason.data, **of)
    except translating.NoReason as none:
        form.reason.errors = [none.sentence]
    except publishing.NotReady as unfit:
        form.answer.errors = [gap.sentence for gap in unfit.gaps]
    except translating.NothingToDecide as late:
        form.answer.errors = [late.sentence]
    else:
        return True
    return False


@bp.post(f"{OF_LISTING}/<int:translation_id>/batal")
@holds(SELL)
def withdraw(listing_id: int, translation_id: int) -> Response:
    """Wait for it no longer."""
    translating.withdraw(
        actor=visitor.actor(), listing_id=listing_id, translation_id=translation_id
    )
    say(_("Permintaan sudah dibatalkan."))
    return redirect(url_for("translations.of_listing", listing_id=listing_id), code=303)
