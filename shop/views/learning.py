"""Classes as anybody reads them: what can be learnt, from whom, when, where, and for how much."""

from typing import Any
from urllib.parse import urlencode, urljoin

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from core import regions, visitor
from core.access import public
from core.config import settings
from core.db import Reader, reading
from core.paging import page_asked, words_asked
from core.settings import CoreSettings
from core.words import wa_link
from sellers.training import brochures, offers, prospectus, sessions, skills
from sellers.training.prospectus import Wish
from sellers.training.wording import KINDS, LEVELS
from shop.views.makers import SHOP_URL

bp = Blueprint("learning", __name__)

WORDS = {"kinds": KINDS, "levels": LEVELS}
NAMES = {"bentuk": "kind", "tingkat": "level", "provinsi": "province", "ilmu": "skill"}
"""Name in the address, box of the `Wish`."""


def _choices(known: list[tuple[str, str]]) -> dict[str, list[tuple[str, Any]]]:
    """What each box of the filter offers."""
    provinces = sorted(regions.provinces().items(), key=lambda one: one[1])
    return {
        "bentuk": list(KINDS.items()),
        "tingkat": list(LEVELS.items()),
        "provinsi": provinces,
        "ilmu": [*known],
    }


def _list(db: Reader, path: str, provider: str = "") -> dict[str, Any]:
    """A list of programmes with its filter; what is no choice does not narrow."""
    words, page = words_asked(), page_asked()
    choices = _choices(skills.list_skills(db))
    on = {
        name: value
        for name, offered in choices.items()
        if (value := request.args.get(name, "")) in dict(offered)
    }
    boxes = {NAMES[name]: value for name, value in on.items()}
    found = prospectus.list_programmes(db, Wish(words=words, provider=provider, **boxes), page=page)

    def turn(number: int) -> str:
        asked = {"q": words, **on, "hal": str(number)}
        return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"

    return {
        "found": found,
        "typed": words,
        "choices": choices,
        "on": on,
        "page_number": page,
        "turn": turn,
        "path": path,
        **WORDS,
    }


@bp.get("/belajar")
@public
def index() -> str:
    """Every programme of every provider, searched and narrowed."""
    with reading() as db:
        listed = _list(db, url_for(".index"))
    return render_template("shop/programmes.html", provider="", **listed)


@bp.get("/belajar/lembaga/<slug>")
@public
def provider(slug: str) -> str:
    """Who teaches, and what."""
    with reading() as db:
        name = prospectus.get_provider(db, slug)
        listed = _list(db, url_for(".provider", slug=slug), slug)
    return render_template("shop/programmes.html", provider=name, **listed)


def _brochure(slug: str) -> dict[str, Any]:
    """A programme with its classes to come and their sessions."""
    with reading() as db:
        found = brochures.get_brochure(db, slug)
        classes = [
            (offer, sessions.list_sessions(db, offer.cohort_id))
            for offer in offers.list_of_programme(db, visitor.actor(), found.id)
        ]
        taught = brochures.list_taught(db, found.id)
    return {"one": found, "classes": classes, "skills": taught, **WORDS}


@bp.get("/belajar/<slug>")
@public
def programme(slug: str) -> str:
    """One programme: fee, level, what comes before, its dates, and shops of those who did it."""
    page = _brochure(slug)
    with reading() as db:
        alumnae = brochures.list_alumnae(db, page["one"].id)
    return render_template("shop/programme.html", alumnae=alumnae, shop_url=SHOP_URL, **page)


@bp.get("/belajar/<slug>/keluarga")
@public
def family(slug: str) -> str:
    """What her family may want to know, to be shared: what she learns, hours, safety."""
    page = _brochure(slug)
    one = page["one"]
    address = urljoin(settings(CoreSettings).public_url, url_for(".family", slug=slug))
    text = _(
        "Kelas %(name)s: isi, jam, dan keamanannya. %(address)s", name=one.name, address=address
    )
    return render_template("shop/family.html", share=wa_link(text), **page)
