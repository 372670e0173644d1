"""Goods that travel between places: writing the *surat jalan*, and taking in what came."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.models import Place
from cooperatives.receiving import asked
from cooperatives.rights import KEEP
from cooperatives.shelf import shipments, standing
from cooperatives.views import which_place
from core import acts, visitor
from core.access import holds
from core.db import db
from core.errors import DomainError, NotFound
from core.forms import act_content
from core.keeping import kept_on_phone
from core.web import say

bp = Blueprint("shipments", __name__, url_prefix="/kios-kerja/kiriman")


@bp.get("")
@holds(KEEP)
@kept_on_phone
def index() -> str:
    """What is on the way from and to here, and a form for the next one."""
    return _page()


def _page(wrong: dict[str, str] | None = None, problem: object = "") -> str:
    session, places = db.session(), which_place.kept()
    place = which_place.chosen(places)
    if place is None:
        return which_place.ask(places, _("Kiriman"), "shipments.index")
    found = shipments.latest(session, place)
    ends = {one.from_place_id for one in found} | {one.to_place_id for one in found}
    names = {place_id: session.get_one(Place, place_id).name for place_id in ends}
    return render_template(
        "cooperatives/shipments.html",
        place=place,
        several=len(places) > 1,
        targets=shipments.targets(session, place),
        rows=[row for row in standing.of_place(session, place) if row.free],
        found=found,
        names=names,
        fresh=uuid4,
        typed=request.form if wrong or problem else {},
        wrong=wrong or {},
        problem=problem,
    )


@bp.post("")
@holds(KEEP)
def send() -> str | Response:
    """Goods leave: what a phone without signal sends later to /kirim."""
    return _done(shipments.SEND, _page)


@bp.get("/<uuid:shipment_id>")
@holds(KEEP)
@kept_on_phone
def show(shipment_id: UUID) -> str:
    """One shipment, for print and for who takes it in."""
    return _one(shipment_id)


@bp.post("/<uuid:shipment_id>")
@holds(KEEP)
def receive(shipment_id: UUID) -> str | Response:
    """Something of it came, is lost, or goes back."""
    shipments.get_seen(db.session(), visitor.actor(), shipment_id)

    def page(wrong: dict[str, str] | None = None, problem: object = "") -> str:
        return _one(shipment_id, wrong, problem)

    return _done(shipments.RECEIVE, page, {"shipment": str(shipment_id)})


def _one(shipment_id: UUID, wrong: dict[str, str] | None = None, problem: object = "") -> str:
    session = db.session()
    shipment, sends, takes = shipments.get_seen(session, visitor.actor(), shipment_id)
    return render_template(
        "cooperatives/shipment.html",
        shipment=shipment,
        source=session.get_one(Place, shipment.from_place_id),
        target=session.get_one(Place, shipment.to_place_id),
        lines=shipments.lines_of(session, shipment),
        sends=sends,
        takes=takes,
        fresh=uuid4,
        typed=request.form if wrong or problem else {},
        wrong=wrong or {},
        problem=problem,
    )


def _done(
    kind: str, page: Callable[..., str], more: Mapping[str, str] = MappingProxyType({})
) -> str | Response:
    try:
        answer = acts.carry_out(
            actor=visitor.actor(),
            act_id=asked.uuid(request.form.get("act_id")) or uuid4(),
            kind=kind,
            content={**act_content(request.form), **more},
        )
    except asked.WrongBoxes as refused:
        return page(refused.wrong)
    except NotFound:
        raise
    except DomainError as refused:
        return page(problem=refused.sentence)
    say(answer["sentence"])
    return redirect(answer["link"], code=303)
