"""What a maker brings to kiosks: offering goods ahead, and her word on the *nota titip*."""

from uuid import UUID, uuid4

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from cooperatives.models import Place
from cooperatives.receiving import agreeing, asked, bringers, note_photos, notes, offers
from cooperatives.views.goods_in import signed_file
from core import acts, clock, visitor
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.forms import act_content
from core.keeping import kept_on_phone
from core.telling import told
from core.web import say
from sellers import shops
from sellers.rights import SELL, STOCK

bp = Blueprint("my_bringing", __name__, url_prefix="/ibu/titip")


@bp.get("/tawarkan")
@holds(STOCK)
@kept_on_phone
def ask() -> str:
    """What she will bring, how many, and when."""
    return _page()


def _page(wrong: dict[str, str] | None = None, problem: object = "") -> str:
    session, actor = db.session(), visitor.actor()
    shop = shops.get_asked(session, actor, request.args.get("toko", ""), STOCK)
    return render_template(
        "cooperatives/bring_offer.html",
        shop=shop,
        shops=shops.list_own(session, actor, STOCK),
        kiosks=_kiosks(shop.organisation_id),
        sizes=bringers.sizes_of(session, shop),
        today=clock.today(),
        typed=request.form,
        wrong=wrong or {},
        problem=problem,
        fresh=uuid4,
    )


def _kiosks(organisation_id: int) -> list[Place]:
    """Open kiosks, those of her own cooperative first."""
    query = select(Place).where(Place.kind == "kiosk", Place.closed_at.is_(None))
    ordered = query.order_by((Place.organisation_id == organisation_id).desc(), Place.name)
    return list(db.session().scalars(ordered.limit(50)))


@bp.post("/tawarkan")
@holds(STOCK)
def offer() -> str | AnyResponse:
    """One offer: what a phone without signal sends later to /kirim."""
    try:
        answer = acts.carry_out(
            actor=visitor.actor(),
            act_id=asked.uuid(request.form.get("act_id")) or uuid4(),
            kind=offers.ACT,
            content=act_content(request.form),
        )
    except asked.WrongBoxes as refused:
        return _page(refused.wrong)
    except NotFound:
        raise
    except DomainError as refused:
        return _page(problem=refused.sentence)
    say(answer["sentence"])
    return redirect(url_for("my_listings.index") if _is_helper() else answer["link"], code=303)


def _is_helper() -> bool:
    return SELL.name not in visitor.rights()


@bp.post("/tawaran/<uuid:offer_id>/batal")
@holds(STOCK)
def withdraw(offer_id: UUID) -> AnyResponse:
    """She will not bring them after all."""
    with told(_("Tawaran dibatalkan.")):
        offers.withdraw(actor=visitor.actor(), offer_id=offer_id)
    there = "my_listings.index" if _is_helper() else "my_stock.consigned"
    return redirect(url_for(there), code=303)


@bp.get("/nota/<uuid:note_id>")
@holds(SELL)
def note(note_id: UUID) -> str:
    """The note about her goods."""
    session = db.session()
    told = notes.paper(session, agreeing.get_hers(session, visitor.actor(), note_id))
    return render_template(
        "cooperatives/consign_note.html",
        told=told,
        photos=note_photos.of_note(session, note_id),
        signed=agreeing.signatures(session, told.note),
        kept=False,
    )


@bp.post("/nota/<uuid:note_id>")
@holds(SELL)
def say_so(note_id: UUID) -> AnyResponse:
    """It fits, or what does not."""
    actor = visitor.actor()
    try:
        if "fits" in request.form:
            agreeing.agree(actor=actor, note_id=note_id)
            say(_("Terima kasih. Notanya sudah cocok."))
        else:
            words = request.form.get("words", "")
            agreeing.dispute(actor=actor, note_id=note_id, words=words)
            say(_("Penjaga kios sudah diberi tahu."))
    except agreeing.SaysNothing as refused:
        say(str(refused.sentence), "warning")
    return redirect(url_for("my_bringing.note", note_id=note_id), code=303)


@bp.get("/nota/<uuid:note_id>/cap/<uuid:file_id>")
@holds(SELL)
def signature(note_id: UUID, file_id: UUID) -> Response:
    """What was signed in her name."""
    found = agreeing.get_hers(db.session(), visitor.actor(), note_id)
    return signed_file(found, file_id)
