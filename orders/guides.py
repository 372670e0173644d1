"""How her parcels and claims, the till and the pick-up desk are used, in three steps each."""

from flask_babel import lazy_gettext as _

from core.guides import Guide

GUIDES = (
    Guide(
        "kasir",
        _("Kasir"),
        (
            _("Tekan foto barang, atau pindai labelnya. Label lama? Pilih harganya."),
            _("Tekan Bayar, pilih uang yang diterima, lalu Catat penjualan."),
            _("Salah catat? Buka Penjualan hari ini, lalu Batalkan."),
        ),
        "stok",
        ("till",),
    ),
    Guide(
        "ambil-di-kios",
        _("Ambil di kios"),
        (
            _("Minta kode ambil pembeli, lalu tekan Cari paket."),
            _("Ambil barang semua pembuat yang tertulis. Cocokkan labelnya."),
            _("Belum dibayar? Terima uangnya dulu, baru tekan Serahkan."),
        ),
        "stok",
        ("kiosk_desk",),
    ),
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
