"""The lines of a bill as rows of an order: what is written when it becomes one."""

from typing import Any

from orders.bill import Bundle, Goods

NO_GOODS = dict.fromkeys(
    ("variant_id", "lot_id", "seller_id", "terms_id", "package_id", "affiliate_id")
) | dict.fromkeys(
    (
        "weight_grams",
        "maker_part",
        "cooperative_part",
        "kiosk_part",
        "operator_part",
        "affiliate_part",
    ),
    0,
)
"""What a line has where it is no goods; rows of one statement must have the same boxes."""


def goods_row(goods: Goods) -> dict[str, Any]:
    """A line of goods, with everybody's part frozen."""
    pick, shares = goods.pick, goods.shares
    return {
        "kind": "goods",
        "variant_id": pick.variant_id,
        "lot_id": pick.lot_id,
        "seller_id": pick.owner_id,
        "terms_id": pick.terms_id,
        "name": goods.name,
        "quantity": pick.quantity,
        "price": goods.price,
        "total": goods.total,
        "weight_grams": goods.weight_grams,
        "maker_part": shares.maker,
        "cooperative_part": shares.cooperative,
        "kiosk_part": shares.kiosk,
        "operator_part": shares.operator,
        "affiliate_part": shares.affiliate,
        "affiliate_id": goods.affiliate_id,
        "package_id": goods.package_id,
    }


def delivery_row(bundle: Bundle) -> dict[str, Any]:
    """The line of a parcel's delivery."""
    assert bundle.quote is not None
    return {
        "kind": "delivery",
        "name": bundle.quote.label,
        "quantity": 1,
        "price": bundle.fee,
        "total": bundle.fee,
    }
