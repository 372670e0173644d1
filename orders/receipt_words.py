"""A receipt in words, row by row: page and file draw the same rows, so they never differ."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from core import words
from orders.claim_states import Bearer
from orders.proceeds import Part, Party
from orders.receipt import Item, Receipt, Return
from orders.states import OrderState


@dataclass(frozen=True, slots=True)
class Entry:
    """One row with an amount: what it is, a note below it, and rupiah."""

    label: Any
    note: Any
    amount: int


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that is printed, in the order in which it stands there."""

    title: Any
    state: tuple[Any, str]
    warning: Any
    facts: list[tuple[Any, str]]
    goods: list[Entry]
    sums: list[Entry]
    total: Entry
    parts: list[Entry]
    parts_total: int
    by_line: list[Entry]
    returns: list[Entry]


PARTY_WORDS = {
    Party.COOPERATIVE: _("Koperasi"),
    Party.KIOSK: _("Kios"),
    Party.OPERATOR: _("Pengelola"),
    Party.AFFILIATE: _("Yang mengajak Anda ke sini"),
    Party.COURIER: _("Kurir"),
    Party.BUYER: _("Kembali ke Anda"),
    Party.BEARER: _("Ditanggung"),
    Party.OPEN: _("Sedang disesuaikan"),
}
BEARER_WORDS = {
    Bearer.MAKER: _("pembuatnya, ongkir yang kembali"),
    Bearer.KIOSK: _("kios"),
    Bearer.COURIER: _("kurir"),
    Bearer.OPERATOR: _("pengelola"),
    Bearer.RISK_FUND: _("dana risiko"),
}


def written(receipt: Receipt) -> Paper:
    """The receipt as rows, in the reader's language."""
    order = receipt.order
    is_cash_later = order.state == OrderState.ON_DELIVERY
    return Paper(
        title=_("Struk belanja") if receipt.is_paid else _("Rincian pesanan"),
        state=(_("Lunas"), "good") if receipt.is_paid else (_("Belum dibayar"), "wait"),
        warning="" if receipt.is_paid else _not_yet(is_cash_later),
        facts=_facts(receipt),
        goods=[_goods(item) for item in receipt.items],
        sums=_sums(receipt),
        total=_total(receipt),
        parts=_parts(receipt),
        parts_total=sum(part.amount for part in receipt.parts) - receipt.borne,
        by_line=[_line(item) for item in receipt.items if receipt.is_paid and item.shares.gross],
        returns=[_return(back) for back in receipt.returns],
    )


def _not_yet(is_cash_later: bool) -> Any:
    if is_cash_later:
        return _("Belum dibayar, dibayar saat barang diterima. Lembar ini bukan struk.")
    return _("Belum dibayar. Lembar ini bukan struk.")


def _facts(receipt: Receipt) -> list[tuple[Any, str]]:
    order = receipt.order
    facts = [
        (_("Nomor pesanan"), order.number),
        (_("Dipesan"), words.tanggal_jam(order.placed_at)),
        (_("Cara bayar"), str(receipt.method)),
    ]
    if receipt.presented:
        own = f"{receipt.presented} ({words.rupiah(receipt.paid)})"
        facts.append((_("Dibayar dengan"), own))
    if receipt.is_paid and order.paid_at:
        facts.append((_("Dibayar"), words.tanggal_jam(order.paid_at)))
    return facts


def _goods(item: Item) -> Entry:
    note = f"{item.shop} · {item.quantity} × {words.rupiah(item.price)}"
    if item.kept < item.quantity:
        note += f" · {_('diberikan %(kept)s', kept=item.kept)}"
    return Entry(item.name, note, item.total)


def _sums(receipt: Receipt) -> list[Entry]:
    order = receipt.order
    rows = [Entry(_("Barang"), "", order.goods_total)]
    rows += [Entry(_("Ongkir"), courier, fee) for courier, fee in receipt.fees]
    if order.discount_total:
        rows.append(Entry(_("Barang yang tidak jadi dikirim"), "", -order.discount_total))
    if receipt.taken_off:
        rows.append(Entry(_("Potongan kode unik"), _("dari pengelola"), -receipt.taken_off))
    return rows


def _total(receipt: Receipt) -> Entry:
    total = receipt.order.total - receipt.taken_off
    return Entry(_("Sudah dibayar") if receipt.is_paid else _("Jumlah bayar"), "", total)


def _parts(receipt: Receipt) -> list[Entry]:
    """Everybody's part; what was taken off for last digits comes out of the operator's alone."""
    rows = [_part(part) for part in receipt.parts]
    if receipt.borne:
        rows.append(Entry(_("Dari pengelola"), _("potongan kode unik"), -receipt.borne))
    return rows


def _line(item: Item) -> Entry:
    """One kind of goods as a sum that anybody may redo: its price, each part off, the maker's."""
    shares = item.shares
    named = (
        (_("koperasi"), shares.cooperative), (_("kios"), shares.kiosk),
        (_("pengelola"), shares.operator), (_("yang mengajak"), shares.affiliate),
    )  # fmt: skip
    taken = [f"− {words.rupiah(amount)} {who}" for who, amount in named if amount]
    return Entry(item.name, " ".join([words.rupiah(shares.gross), *taken]), shares.maker)


def _part(part: Part) -> Entry:
    if part.party is Party.MAKER:
        price = _("dari %(price)s harga barangnya", price=words.rupiah(part.gross))
        return Entry(_("Diterima %(maker)s", maker=part.name), price, part.amount)
    name = BEARER_WORDS[Bearer(part.name)] if part.party is Party.BEARER else part.name
    return Entry(PARTY_WORDS[part.party], name, part.amount)


def _return(back: Return) -> Entry:
    label = _("Uang lebih yang kembali") if back.is_surplus else _("Uang kembali")
    if back.done_at is None:
        return Entry(label, _("sedang dikirim kembali"), back.amount)
    day = words.tanggal(back.done_at)
    return Entry(label, _("sudah kembali %(day)s", day=day), back.amount)
