"""The coordinator puts packages together, sees who has not agreed yet, and ends them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cooperatives.membership.views.roll import group_asked, groups_of
from cooperatives.packages import offers, shown
from cooperatives.packages.forms import PackageForm
from cooperatives.packages.offers import NoWholePieces, TooDear, TooFew, TooMany
from cooperatives.rights import COORDINATE
from core import nav, visitor
from core.access import holds
from core.addresses import BIGINT_MAX
from core.db import db
from core.errors import NotFound
from core.web import say
from sellers.slugs import ReservedName

bp = Blueprint("package_desk", __name__, url_prefix="/koord/paket-bersama")


def id_typed(name: str) -> int:
    """A number from a hidden box; raises NotFound for what can be none."""
    typed = request.form.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 19 and int(typed) <= BIGINT_MAX):
        raise NotFound
    return int(typed)


@bp.get("")
@holds(COORDINATE)
def index() -> str:
    """All packages of the group, and the form for another one."""
    return _page(PackageForm())


def _page(form: PackageForm, refused: object = "") -> str:
    group = group_asked()
    found = shown.list_of_group(db.session(), visitor.actor(), group.id)
    return render_template(
        "cooperatives/packages/desk.html",
        group=group,
        groups=groups_of(),
        packages=found,
        goods=offers.choices(db.session(), group.id),
        form=form,
        refused=refused,
        public={
            one.package.id: nav.address("package.public", slug=one.package.slug)
            for one in found
            if one.is_open
        },
    )


@bp.post("")
@holds(COORDINATE)
def propose() -> str | Response | tuple[str, int]:
    """Ask the makers whether they agree."""
    form, group = PackageForm(), group_asked()
    if not form.validate():
        return _page(form), 422
    try:
        offers.propose(
            actor=visitor.actor(),
            organisation_id=group.id,
            name=form.name.data,
            story=form.story.data or "",
            price=form.price.data,
            units=form.units(),
        )
    except (TooDear, NoWholePieces) as refused:
        form.price.errors = [refused.sentence]
        return _page(form), 422
    except ReservedName as refused:
        form.name.errors = [refused.sentence]
        return _page(form), 422
    except (TooFew, TooMany) as refused:
        return _page(form, refused.sentence), 422
    say(_("Paket ditulis. Para penjual ditanya dulu."))
    return redirect(url_for("package_desk.index", kelompok=group.id), code=303)


@bp.post("/akhiri")
@holds(COORDINATE)
def end() -> Response:
    """The package is offered no more."""
    package = offers.end(actor=visitor.actor(), package_id=id_typed("package"))
    say(_("Paket tidak dijual lagi."))
    return redirect(url_for("package_desk.index", kelompok=package.organisation_id), code=303)
