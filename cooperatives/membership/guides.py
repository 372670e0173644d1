"""How the pages of what members share are used, in three steps each."""

from flask_babel import lazy_gettext as _

from core.guides import Guide

GUIDES = (
    Guide(
        "simpanan",
        _("Simpanan dan pinjaman"),
        (
            _("Lihat simpanan Ibu, dan bagian SHU sampai hari ini."),
            _("Cocokkan dengan buku anggota yang Ibu pegang."),
            _("Tidak mau dipotong lagi? Tekan Hentikan potongan."),
        ),
        "uang",
        ("my_savings",),
    ),
    Guide(
        "izin-kelompok",
        _("Izin untuk kelompok"),
        (
            _("Lihat siapa boleh mengubah barang dan stok Ibu."),
            _("Tidak cocok lagi? Tekan Cabut di sampingnya."),
            _("Izin baru dicatat di Titip tangan, dibacakan lebih dulu."),
        ),
        "titip-tangan",
        ("my_edges",),
    ),
)
