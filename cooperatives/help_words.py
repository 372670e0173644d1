"""What a helper did, in the words of her day: for the owner's page and for the weekly statement."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.acts import HANDLERS
from core.delivery import PARKED
from core.words import rupiah, tanggal_jam
from sellers.helping.deeds import Deed

STATEMENT_MAX = 700  # What a WhatsApp text may hold (facts, D21).
DEEDS = {
    "listing.archived": _l("mengarsipkan barang"),
    "listing.draft": _l("membuat draf barang"),
    "listing.edit": _l("mengubah tulisan barang"),
    "listing.publish": _l("menayangkan barang"),
    "order.smaller": _l("mengurangi isi pesanan"),
    "parcel.answer": _l("menjawab pertanyaan pembeli"),
    "parcel.accepted": _l("menerima pesanan"),
    "parcel.declined": _l("menolak pesanan"),
    "parcel.delivered": _l("mencatat paket sampai"),
    "parcel.handed_over": _l("menyerahkan paket"),
    "parcel.packed": _l("mengemas pesanan"),
    "photo.attach": _l("menambah foto"),
    "photo.describe": _l("menulis keterangan foto"),
    "photo.expect": _l("mengirim foto"),
    "photo.move": _l("mengatur urutan foto"),
    "photo.remove": _l("menghapus foto"),
    "photo.show_shop": _l("mengganti foto toko"),
    "shop.edit": _l("mengubah cerita toko"),
    "shop.reopen": _l("membuka toko lagi"),
    "shop.rest": _l("mencatat toko libur"),
    "stock.press": _l("mengubah stok"),
    "stock.press_undone": _l("membatalkan perubahan stok"),
    "stock.receive": _l("mencatat barang masuk"),
    "variant.add": _l("menambah ukuran"),
    "variant.archive": _l("menyimpan ukuran"),
    "variant.edit": _l("mengubah harga atau ukuran"),
    "variant.restore": _l("menjual ukuran lagi"),
}
STATES = {"draft": _l("draf"), "live": _l("tayang"), "archived": _l("arsip")}
HIDDEN = frozenset({"act", "by", "production_cost", "category_id", "translations"})


def sentence(deed: Deed) -> str:
    """Who helped whom with what: both names, always."""
    told: dict[str, Any] = {"helper": deed.helper, "owner": deed.owner}
    if deed.action == PARKED:
        what = getattr(HANDLERS.get(deed.facts["kind"]), "label", "") or _("Kiriman")
        return str(_("%(what)s dari %(helper)s terlambat. Tidak dipakai: izinnya sudah berakhir.",
                     what=what, **told))  # fmt: skip
    what = DEEDS.get(deed.action)
    if what is None:
        return str(_("%(helper)s membantu %(owner)s mengerjakan hal lain.", **told))
    what = f"{what}: {deed.thing}" if deed.thing else what
    return str(_("%(helper)s membantu %(owner)s %(what)s.", what=what, **told))


def change(deed: Deed) -> str:
    """Before and after, as far as a few words hold them."""
    if "left" in deed.after:
        return _arrow(deed.before.get("left"), deed.after["left"])
    if "price" in deed.after:
        return _arrow(rupiah(deed.before["price"]), rupiah(deed.after["price"]))
    if "state" in deed.after:
        return _arrow(STATES[deed.before["state"]], STATES[deed.after["state"]])
    shown = [name for name in deed.after if name not in HIDDEN]
    texts = [_arrow(_short(deed.before.get(one)), _short(deed.after[one])) for one in shown[:2]]
    return "; ".join(texts)


def _arrow(before: Any, after: Any) -> str:
    return str(_("%(before)s jadi %(after)s", before=before, after=after))


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or _("kosong"))
    return f"«{text[:40]}…»" if len(text) > 40 else f"«{text}»"


def line(deed: Deed) -> str:
    """One deed as one line of the statement."""
    changed = change(deed)
    undone = _(" (dibatalkan)") if deed.is_undone else ""
    return (
        f"{tanggal_jam(deed.at)}: {sentence(deed)}{' ' + changed + '.' if changed else ''}{undone}"
    )


def whatsapp(title: str, deeds: Sequence[Deed]) -> str:
    """The week as a text of at most STATEMENT_MAX characters; what does not fit is counted."""
    closing = _("Kalau ada yang keliru, bilang saja. Izin bisa dicabut kapan saja.")
    lines = [title]
    for number, deed in enumerate(deeds):
        rest = _("dan %(n)s hal lain.", n=len(deeds) - number)
        room = STATEMENT_MAX - len("\n".join([*lines, rest, closing])) - 2
        if len(line(deed)) > room:
            lines.append(rest)
            break
        lines.append(line(deed))
    if not deeds:
        lines.append(_("Minggu ini tidak ada yang dikerjakan."))
    return "\n".join([*lines, closing])[:STATEMENT_MAX]
