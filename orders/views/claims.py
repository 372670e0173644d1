"""The buyer and her problem with a parcel: told on a small form, followed by the order's link."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from core import clock, limits, visitor
from core.access import public
from core.config import settings
from core.db import db
from core.errors import Conflict, DomainError, NotFound, TooMany
from core.web import say
from orders import claim_money, claim_parts, claims, finding, working_days
from orders.claim_states import LIVING
from orders.claim_words import BUYERS_WORDS, WISH_WORDS
from orders.finding import Sent
from orders.models import Order
from orders.refund_words import TROUBLE_WORDS
from orders.settings import OrderSettings
from orders.states import IllegalMove
from orders.views import claim_photos
from orders.views.claim_forms import ClaimForm, MorePhotoForm, NoMoreForm

bp = Blueprint("claims", __name__, url_prefix="/pesanan/<code>/masalah")
ONE = "/<uuid:claim_id>"
HOUR_SECONDS = 3_600
NOT_NOW = (IllegalMove, claim_money.NotPaidYet, claim_money.PaidBack, claim_money.WithTheBank)


@bp.route("", methods=["GET", "POST"])
@public
def new(code: str) -> str | AnyResponse | tuple[str, int]:
    """Choose the parcel if there are several, and say what is wrong with it."""
    order = finding.by_code(db.session(), code)
    sent = _chosen(order)
    if sent is None:
        return _which(order)
    form = _form(sent)
    status = 200
    if form.validate_on_submit():
        try:
            _spend()
            claim_id = claims.report(
                actor=visitor.actor(),
                claim_id=form.act_id.data,
                order_id=order.id,
                told=form.told(sent.parcel.id),
                photo=form.photo.data,
            )
        except DomainError as refused:
            status = _refuse(form, refused)
        else:
            say(_("Laporan Anda sudah kami terima."))
            return redirect(url_for("claims.show", code=code, claim_id=claim_id), code=303)
    page = render_template(
        "orders/claim_new.html",
        order=order,
        sent=sent,
        form=form,
        is_late=claims.is_late(sent.parcel),
        until=sent.parcel.quiet_until,
        answered_by=working_days.end_of(clock.now(), settings(OrderSettings).claim_answer_days),
        days=settings(OrderSettings).complaint_days,
        spoken=working_days.spoken,
    )
    return page, status


def _claimable(order: Order) -> list[Sent]:
    """Parcels of which something can be claimed now."""
    whole = finding.whole(db.session(), order)
    open_ones = claims.claimable(db.session(), whole)
    return [sent for sent in whole.parcels if sent.parcel.id in open_ones]


def _asked(sent: Sent) -> list[tuple[int, str, int]]:
    left = claim_parts.left_of(db.session(), sent.lines)
    return [
        (line.id, line.name, left[line.id].unpaid) for line in sent.lines if left[line.id].unpaid
    ]


def _chosen(order: Order) -> Sent | None:
    found = _claimable(order)
    wanted = request.args.get("paket", type=int)
    if wanted is None and len(found) == 1:
        return found[0]
    return next((sent for sent in found if sent.parcel.id == wanted), None)


def _which(order: Order) -> str:
    return render_template(
        "orders/claim_which.html",
        order=order,
        parcels=_claimable(order),
        claims=claims.list_of_order(db.session(), order),
        words=BUYERS_WORDS,
        troubles=TROUBLE_WORDS,
    )


def _form(sent: Sent) -> ClaimForm:
    form = ClaimForm.of(_asked(sent))
    if claims.is_late(sent.parcel):
        form.only_ask()
    return form


def _spend() -> None:
    """Count one sending of this network address."""
    most = settings(OrderSettings).claim_tries
    limits.spend(key=f"claim:{request.remote_addr}"[:200], most=most, seconds=HOUR_SECONDS)


def _refuse(form: ClaimForm, refused: DomainError) -> int:
    """Say it beside its field, or above the form, and keep what was typed."""
    match refused:
        case claims.TooLate():
            form.wish.errors = [refused.sentence]
        case claims.OddPieces():
            form.boxes[0].errors = [refused.sentence]
        case NotFound():
            raise refused
        case Conflict() | TooMany() | claims.NothingToClaim() | claims.ClaimedAlready():
            form.form_errors.append(str(refused.sentence))
        case _:
            form.photo.errors = [refused.sentence]
    return refused.status


@bp.route(ONE, methods=["GET", "POST"])
@public
def show(code: str, claim_id: UUID) -> str | AnyResponse:
    """One claim: whose turn it is, what was answered, and what she can do."""
    order = finding.by_code(db.session(), code)
    claim, handled = claims.get_claim(db.session(), order, claim_id)
    photo, no_more = MorePhotoForm(), NoMoreForm()
    if request.method == "POST" and _done(order, claim_id, photo, no_more):
        return redirect(url_for("claims.show", code=code, claim_id=claim_id), code=303)
    rows = claim_money.rows_of(db.session(), claim)
    return render_template(
        "orders/claim.html",
        order=order,
        claim=claim,
        place=handled.place,
        parcel=handled.parcel,
        rows=rows,
        worth=claim_money.worth(claim, rows) if claim.offer == "money" else 0,
        state=BUYERS_WORDS[claim.state],
        wish=WISH_WORDS[claim.wish],
        trouble=TROUBLE_WORDS[claim.trouble],
        photo_urls=[
            url_for("claims.photo", code=code, claim_id=claim_id, file_id=kept.id)
            for kept in claim_photos.listed(claim)
        ],
        photo=photo,
        no_more=no_more,
        chosen=request.args.get("jawab", ""),
        is_living=claim.state in LIVING,
        spoken=working_days.spoken,
    )


def _done(order: Order, claim_id: UUID, photo: MorePhotoForm, no_more: NoMoreForm) -> bool:
    """Do what was asked; False where a form has to be filled in again."""
    act = request.form.get("act", "")
    who: dict[str, Any] = {"actor": visitor.actor(), "order_id": order.id, "claim_id": claim_id}
    try:
        match act:
            case "accept":
                claims.accept(**who)
            case "escalate" if no_more.validate_on_submit():
                claims.escalate(**who, words=no_more.words.data)
            case "withdraw":
                claims.withdraw(**who)
            case "received":
                claims.receive(**who)
            case "photo" if photo.validate_on_submit():
                return _more(photo, who)
            case "escalate" | "photo":
                return False
            case _:
                raise NotFound
    except NOT_NOW as no:
        say(str(no.sentence), "warning")
    return True


def _more(photo: MorePhotoForm, who: dict[str, Any]) -> bool:
    if not photo.photo.data:
        photo.photo.errors = [_("Foto belum dipilih. Ambil foto atau pilih dari galeri.")]
        return False
    try:
        _spend()
        claims.add_photo(**who, photo=photo.photo.data)
    except IllegalMove:
        raise
    except DomainError as refused:
        photo.photo.errors = [refused.sentence]
        return False
    return True


@bp.get(f"{ONE}/foto/<uuid:file_id>")
@public
def photo(code: str, claim_id: UUID, file_id: UUID) -> Response:
    """One of the photos; nobody without the order's link sees it."""
    order = finding.by_code(db.session(), code)
    claim, _handled = claims.get_claim(db.session(), order, claim_id)
    return claim_photos.sent(claim, file_id)
