"""A product passed on by WhatsApp: the text a buyer or a maker sends to those she knows."""

from flask_babel import gettext as _

from core.words import rupiah
from shop.catalogue import neighbourhood
from shop.makers import told
from shop.product import Product

LETTERS_MAX = 700
DESCRIPTION_LETTERS_MAX = 280


PAID = "#iklan"
"""What a text says whose sender is paid for it (Etika Pariwara Indonesia)."""


def message(
    *,
    name: str,
    price: str,
    maker: str,
    place: str,
    description: str,
    url: str,
    is_paid: bool = False,
) -> str:
    """What is sent, at most 700 letters: product and price first, the link last and whole.

    It travels through other people's hands, so it holds only what stands on the public page.
    """
    if place:
        by = _("Buatan %(maker)s, %(place)s.", maker=maker, place=place)
    else:
        by = _("Buatan %(maker)s.", maker=maker)
    told = (f"{name}, {price}", by, _short(description, DESCRIPTION_LETTERS_MAX))
    ends = f"\n\n{PAID}\n{url}" if is_paid else f"\n\n{url}"
    return _short("\n".join(part for part in told if part), LETTERS_MAX - len(ends)) + ends


def of_product(product: Product, url: str, *, is_paid: bool = False) -> str:
    """The same for a product as its page shows it."""
    row, cheapest = product.row, rupiah(product.price_from)
    return message(
        name=told(row, "name"),
        price=_("mulai %(price)s", price=cheapest) if product.has_several_prices else cheapest,
        maker=row.shop_name,
        place=neighbourhood(row.shop_district_code),
        description=told(row, "description"),
        url=url,
        is_paid=is_paid,
    )


def _short(text: str, most: int) -> str:
    """The text, cut at a word where it is too long."""
    text = text.strip()
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,.;:\n") + "…"
