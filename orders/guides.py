"""How the pages of her parcels and claims are used, in three steps each."""

from flask_babel import lazy_gettext as _

from core.guides import Guide

GUIDES = (
    Guide(
        "pesanan",
        _("Pesanan untuk Ibu"),
        (
            _("Jawab dulu: bisa semua, sebagian, atau tidak bisa."),
            _("Kemas sesuai daftar, lalu tempel label alamat."),
            _("Tekan Sudah diserahkan setelah paket di tangan kurir."),
        ),
        "pesanan",
        ("my_parcels",),
    ),
    Guide(
        "aduan",
        _("Barang bermasalah"),
        (
            _("Baca cerita pembeli dan lihat fotonya."),
            _("Pilih jawaban Ibu, lalu tulis pesan untuk pembeli."),
            _("Jawab sebelum waktunya habis. Koordinator boleh ditanya."),
        ),
        "masalah",
        ("my_claims",),
    ),
)
