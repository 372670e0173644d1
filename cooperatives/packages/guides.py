"""How packages of several makers are used, in three steps."""

from flask_babel import lazy_gettext as _

from core.guides import Guide

GUIDES = (
    Guide(
        "paket-bersama",
        _("Paket bersama"),
        (
            _("Lihat isi paket dan harga barang Ibu di dalamnya."),
            _("Cocok? Tekan Saya ikut. Paket tampil setelah semua ikut."),
            _("Berubah pikiran? Tekan Saya tidak ikut, kapan saja."),
        ),
        "barang",
        ("my_packages",),
    ),
)
