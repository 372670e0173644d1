"""What search engines and link previews read of a product: schema.org's Product as JSON-LD."""

import json
from typing import Any
from urllib.parse import urljoin

from markupsafe import Markup

from shop.product import Product, Size

IN_STOCK = "https://schema.org/InStock"
OUT_OF_STOCK = "https://schema.org/OutOfStock"
DESCRIPTION_LETTERS_MAX = 500

# Inside <script> only these could end it or begin a comment; JSON reads both spellings alike.
_SAFE = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def availability(free: int) -> str:
    """Whether it can be ordered now."""
    return IN_STOCK if free else OUT_OF_STOCK


def product_data(
    product: Product, *, name: str, description: str, url: str, shop_url: str
) -> dict[str, Any]:
    """The product with an offer for each size, in whole rupiah; addresses are absolute."""
    seller = {"@type": "Organization", "name": product.row.shop_name, "url": shop_url}
    offers = [_offer(size, url, seller) for size in product.sizes]
    found = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": name,
        "description": (description or name)[:DESCRIPTION_LETTERS_MAX],
        "sku": product.first.sku,
        "url": url,
        "category": product.row.shelf_name,
        "image": [urljoin(url, photo.share_url) for photo in product.photos],
        "offers": offers[0] if len(offers) == 1 else _together(product, offers),
    }
    return {key: value for key, value in found.items() if value}


def _offer(size: Size, url: str, seller: dict[str, str]) -> dict[str, Any]:
    offer = {
        "@type": "Offer",
        "sku": size.sku,
        "name": size.name,
        "price": str(size.price),
        "priceCurrency": "IDR",
        "availability": availability(size.free),
        "itemCondition": "https://schema.org/NewCondition",
        "url": url,
        "seller": seller,
    }
    return {key: value for key, value in offer.items() if value}


def _together(product: Product, offers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "@type": "AggregateOffer",
        "priceCurrency": "IDR",
        "lowPrice": str(product.price_from),
        "highPrice": str(max(size.price for size in product.sizes)),
        "offerCount": len(offers),
        "availability": availability(product.free),
        "offers": offers,
    }


def script_text(found: dict[str, Any]) -> Markup:
    """The data as it may stand between <script type="application/ld+json"> and its end."""
    return Markup(json.dumps(found, ensure_ascii=False).translate(_SAFE))  # noqa: S704
