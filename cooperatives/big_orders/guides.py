"""How big orders are used, in three steps."""

from flask_babel import lazy_gettext as _

from core.guides import Guide

GUIDES = (
    Guide(
        "bagian-pesanan-besar",
        _("Bagian pesanan besar"),
        (
            _("Lihat berapa yang ditanyakan dan kapan harus jadi."),
            _("Tekan Sanggup semua, tulis jumlah lain, atau Tidak kali ini."),
            _("Sudah jadi sebagian? Tulis jumlahnya, lalu bawa ke kios."),
        ),
        "barang",
        ("my_shares",),
    ),
)
