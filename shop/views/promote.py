"""Passing goods on: a ready text with a link of her own, and what her links have brought."""

from urllib.parse import urljoin

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core import limits, visitor
from core.access import public, signed_in
from core.config import settings
from core.db import reading
from core.errors import TooMany
from core.settings import CoreSettings
from core.words import wa_link
from sellers import affiliates, inviters
from shop import promoting, share
from shop.catalogue import PRODUCT_URL
from shop.product import find_product
from shop.settings import ShopSettings
from shop.views import cookie

bp = Blueprint("promote", __name__)
VISIT_SECONDS = 24 * 60 * 60
NO_PEOPLE = ("bot", "crawl", "spider", "preview", "whatsapp", "facebookexternalhit")
"""Words in the names of programs that look at a link before anybody has pressed it."""


@bp.get("/ibu/promosi")
@signed_in
def index() -> str:
    """Her links with their visits, and who passes on her own goods."""
    with reading() as reader:
        actor = visitor.actor()
        links, helpers = affiliates.list_mine(reader, actor), affiliates.list_helpers(reader, actor)
    code = inviters.my_code(actor=actor)
    return render_template("shop/promote.html", links=links, helpers=helpers, code=code)


@bp.get("/ibu/promosi/<int:listing_id>")
@signed_in
def one(listing_id: int) -> str:
    """The text for one product, ready to be sent."""
    link = affiliates.link_to(actor=visitor.actor(), listing_id=listing_id)
    with reading() as reader:
        found = find_product(reader, link.slug)
        reward = promoting.reward_of(reader, listing_id)
    house = settings(CoreSettings).public_url
    url = urljoin(house, url_for("promote.follow", code=link.code))
    text = share.of_product(found.product(), url, is_paid=reward.affiliate_bp > 0)
    return render_template(
        "shop/promote_one.html",
        link=link,
        text=text,
        whatsapp=wa_link(text),
        url=url,
        reward=reward,
        days=settings(ShopSettings).link_days,
    )


@bp.get("/ajak/<string(maxlength=12):code>")
@public
def follow(code: str) -> Response:
    """Count the visit and lead on to the product; her own browser remembers the link."""
    with reading() as reader:
        slug = affiliates.slug_behind(reader, code)
    agent = (request.user_agent.string or "").lower()
    if not any(word in agent for word in NO_PEOPLE):
        _count(code)
        cookie.keep_link(code)
    return redirect(PRODUCT_URL + slug, code=303)


def _count(code: str) -> None:
    """Once a day for each network address and link."""
    try:
        limits.spend(key=f"ajak:{code}:{request.remote_addr}", most=1, seconds=VISIT_SECONDS)
    except TooMany:
        return
    affiliates.count_visit(actor=visitor.actor(), code=code)
