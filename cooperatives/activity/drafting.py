"""A report in words, before anybody has touched it: pure sentences from its figures."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from core import words

PARTS = ("what", "who", "money", "next_step")
WHATSAPP_MAX = 900


def draft(about: str, name: str, days: str, of: Mapping[str, int]) -> dict[str, str]:
    """What each part says at first; the next step is for people to write."""
    drafted = {"period": _period, "bazaar": _bazaar, "cohort": _cohort}[about]
    return {**drafted(name, days, of), "next_step": ""}


def _joined(*sentences: Any) -> str:
    return " ".join(str(one) for one in sentences if one)


def _period(_name: str, days: str, of: Mapping[str, int]) -> dict[str, str]:
    return {
        "what": _joined(
            _("Kegiatan kelompok, %(days)s.", days=days),
            of["bazaars"] and _("%(n)s bazar diikuti.", n=of["bazaars"]),
            of["big_orders"] and _("%(n)s pesanan besar dibagi.", n=of["big_orders"]),
            of["learners"] and _("%(n)s ibu ikut belajar.", n=of["learners"]),
            of["certificates"] and _("%(n)s ibu mendapat sertifikat.", n=of["certificates"]),
        ),
        "who": _joined(
            of["groups"] > 1 and _("Dari %(n)s kelompok.", n=of["groups"]),
            _("%(n)s anggota.", n=of["people"]),
            of["new_people"] and _("%(n)s di antaranya baru.", n=of["new_people"]),
            _("%(n)s ibu berjualan.", n=of["makers"]),
        ),
        "money": _sold(of),
    }


def _sold(of: Mapping[str, int]) -> str:
    return str(
        _("%(n)s barang laku, nilainya %(sum)s.", n=of["pieces"], sum=words.rupiah(of["rupiah"]))
    )


def _bazaar(name: str, days: str, of: Mapping[str, int]) -> dict[str, str]:
    return {
        "what": f"{name}, {days}.",
        "who": str(_("%(n)s ibu dari kelompok kami ikut.", n=of["makers"])),
        "money": _joined(
            of["pieces"] and _sold(of),
            of["costs"] and _("Biaya bersama %(sum)s.", sum=words.rupiah(of["costs"])),
        ),
    }


def _cohort(name: str, days: str, of: Mapping[str, int]) -> dict[str, str]:
    return {
        "what": f"{name}, {days}.",
        "who": _joined(
            _("%(n)s anggota terdaftar.", n=of["people"]),
            _("%(n)s hadir.", n=of["learners"]),
            _("%(n)s mendapat sertifikat.", n=of["certificates"]),
        ),
        "money": "",
    }


def figures(of: Mapping[str, int]) -> list[tuple[str, str]]:
    """Those that say something, in words: for the page, for print and for WhatsApp alike."""
    known = [
        ("groups", _("Kelompok"), of.get("groups", 0) if of.get("groups", 0) > 1 else 0),
        ("people", _("Anggota"), of.get("people", 0)),
        ("new_people", _("Anggota baru"), of.get("new_people", 0)),
        ("makers", _("Ibu yang berjualan"), of.get("makers", 0)),
        ("pieces", _("Barang laku"), of.get("pieces", 0)),
        ("rupiah", _("Nilai penjualan"), of.get("rupiah", 0)),
        ("costs", _("Biaya bersama"), of.get("costs", 0)),
        ("bazaars", _("Bazar"), of.get("bazaars", 0)),
        ("big_orders", _("Pesanan besar"), of.get("big_orders", 0)),
        ("learners", _("Ikut belajar"), of.get("learners", 0)),
        ("certificates", _("Sertifikat"), of.get("certificates", 0)),
    ]
    money = ("rupiah", "costs")
    return [
        (str(said), words.rupiah(count) if key in money else str(count))
        for key, said, count in known
        if count
    ]


def headings() -> dict[str, str]:
    """What each part is called."""
    return {
        "what": _("Apa"),
        "who": _("Siapa"),
        "money": _("Uang"),
        "next_step": _("Langkah berikutnya"),
    }


def whatsapp(title: str, group: str, parts: Mapping[str, str]) -> str:
    """The report as a message, cut at a word where it is too long."""
    lines = [f"*{title}*", group]
    lines += [f"{said}: {parts[key]}" for key, said in headings().items() if parts.get(key)]
    whole = "\n".join(lines)
    if len(whole) <= WHATSAPP_MAX:
        return whole
    return whole[: WHATSAPP_MAX - 1].rpartition(" ")[0] + "…"
