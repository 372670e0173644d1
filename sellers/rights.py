"""Rights of the sellers' floor: the whole, and the parts of it that a helper may be given.

Only a mandate (`sellers.mandates`) gives a part. What no part opens stays with the maker for ever:
money, bank accounts, PINs, jars, permits, certificates, answers to claims.
"""

from flask_babel import lazy_gettext as _

from core import access

SELL = access.declare("sell", subject_kind="seller", label=_("Menjual"), is_own=True)


def _part(name: str, label: object) -> access.Right:
    return access.declare(
        f"sell.{name}", subject_kind="seller", label=label, is_own=True, part_of=SELL
    )


STOCK = _part("stock", _("Mengubah stok"))
ORDERS = _part("orders", _("Menjawab dan mengemas pesanan"))
GOODS = _part("goods", _("Menulis barang dan foto"))
PRICES = _part("prices", _("Mengubah harga"))
PUBLISH = _part("publish", _("Menayangkan dan mengarsipkan barang"))
SHOP = _part("shop", _("Menulis cerita toko dan libur"))

PARTS = (STOCK, ORDERS, GOODS, PRICES, PUBLISH, SHOP)
SHELF = (STOCK, GOODS, PRICES, PUBLISH)
"""Each of these works on products, so each opens the list of them."""
