"""Pages of those behind the goods: a shop, a kiosk, a cooperative."""

from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, render_template
from flask_babel import gettext as _

from cooperatives import consignment
from cooperatives.consignment import NoTerms
from core.access import public
from core.config import settings
from core.db import Reader, reading
from core.paging import page_asked
from core.settings import CoreSettings
from core.words import tanggal
from sellers.forms import COUNTRIES, LANGUAGES
from sellers.training.history import shown_for_seller
from shop import makers, pages
from shop.catalogue import PRODUCT_URL, Filter, list_cards, neighbourhood
from shop.makers import Shop, paragraphs, told
from shop.views.narrowing import after_asked

bp = Blueprint("makers", __name__)

GOODS_OF_A_HOUSE = 12
SHOP_URL = "/toko/"  # Before the slug; `makers.seller` answers it. Composed in lists.


@bp.get("/toko/<slug>")
@public
def seller(slug: str) -> str:
    """Her story, her goods, what she has learnt."""
    with reading() as db:
        shop = makers.find_shop(db, slug)
        trainings = shown_for_seller(db, shop.row.id)
        goods = list_cards(db, Filter(seller_id=shop.row.id), after=after_asked())
    row = shop.row
    return render_template(
        "shop/seller.html",
        shop=shop,
        row=row,
        trainings=trainings,
        goods=goods,
        place=neighbourhood(row.district_code),
        story=paragraphs(told(row, "story")),
        languages=", ".join(str(LANGUAGES.get(one, one)) for one in row.languages),
        returned=_returned(row),
        rest=_rest(shop),
        image=urljoin(settings(CoreSettings).public_url, shop.photo.share_url)
        if shop.photo
        else "",
    )


def _returned(row: Any) -> str:
    """That she came home from abroad, if she wants it told."""
    if not row.shows_return or not row.returned_from:
        return ""
    lands = ", ".join(str(COUNTRIES.get(one, one)) for one in row.returned_from)
    if row.away_from_year and row.away_until_year:
        years = f"{row.away_from_year}–{row.away_until_year}"
        return str(_("Pernah bekerja di %(lands)s, %(years)s.", lands=lands, years=years))
    return str(_("Pernah bekerja di %(lands)s.", lands=lands))


def _rest(shop: Shop) -> str:
    """What buyers read while she rests."""
    if not shop.is_resting:
        return ""
    if shop.row.resting_until:
        day = tanggal(shop.row.resting_until)
        return str(_("Istirahat sampai %(day)s. Barangnya di kios tetap bisa dipesan.", day=day))
    return str(_("Sedang istirahat. Barangnya di kios tetap bisa dipesan."))


@bp.get("/kios/<slug>")
@public
def kiosk(slug: str) -> str:
    """When it is open, where it is, and whose goods stand there now."""
    with reading() as db:
        place = makers.find_kiosk(db, slug)
        owners = makers.shelf(db, place.id)
    return render_template(
        "shop/kiosk.html",
        place=place,
        owners=owners,
        where=neighbourhood(place.district_code),
        hours=makers.hours(place.opening_hours),
        product_url=PRODUCT_URL,
    )


@bp.get("/koperasi/<slug>")
@public
def cooperative(slug: str) -> str:
    """Who they are, whose shops belong to it, and who gets what."""
    page = page_asked()
    with reading() as db:
        house = makers.find_house(db, slug)
        shops = makers.list_shops(db, house.id, page)
        ways = _ways(db, house.id)
        goods = list_cards(
            db, Filter(organisation_id=house.id), after=after_asked(), limit=GOODS_OF_A_HOUSE
        )
    count = shops[0].total if shops else 0
    return render_template(
        "shop/cooperative.html",
        house=house,
        where=neighbourhood(house.district_code),
        story=paragraphs(told(house, "story")),
        shops=[(one, neighbourhood(one.district_code)) for one in shops],
        page_number=page,
        page_count=-(-count // makers.SHOPS_A_PAGE),
        shop_url=SHOP_URL,
        ways=ways,
        columns=[(_("Dijual"), ""), *((label, "money") for label in pages.PARTIES.values())],
        rows=[
            [way.label, *(getattr(way.shares, party) for party in pages.PARTIES)] for way in ways
        ],
        price=pages.EXAMPLE_PRICE,
        goods=goods,
    )


def _ways(db: Reader, organisation_id: int) -> list[pages.Way]:
    """How a price is shared by the terms in force; nothing where there are none yet."""
    try:
        terms = consignment.current_terms(db, organisation_id)
    except NoTerms:
        return []
    return pages.share_out(terms.rates, pages.EXAMPLE_PRICE)
