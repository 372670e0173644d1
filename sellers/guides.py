"""How a maker's own pages are used, in three steps each."""

from flask_babel import lazy_gettext as _

from core.guides import Guide

GUIDES = (
    Guide(
        "hari-ini",
        _("Hari ini"),
        (
            _("Baca dari atas. Yang paling atas paling perlu hari ini."),
            _("Tekan tombol di bawahnya untuk mengerjakan."),
            _("Kalau tidak ada kartu, tidak ada yang menunggu Ibu."),
        ),
        "mulai",
        ("my_day",),
    ),
    Guide(
        "barang",
        _("Barang Ibu"),
        (
            _("Tekan tanda tambah atau kurang kalau stok di rumah berubah."),
            _("Tekan nama barang untuk mengubah isinya."),
            _("Barang berstatus draf belum terlihat pembeli. Buka, lalu tayangkan."),
        ),
        "stok",
        ("my_listings",),
    ),
    Guide(
        "ukuran",
        _("Ukuran dan harga"),
        (
            _("Setiap ukuran punya harga dan berat sendiri."),
            _("Tulis harga dengan angka saja, contoh 15000."),
            _("Ukuran yang tidak dijual lagi boleh disimpan di arsip."),
        ),
        "barang",
        ("my_parts",),
    ),
    Guide(
        "foto",
        _("Foto barang"),
        (
            _("Foto di tempat terang, dekat jendela. Barangnya saja."),
            _("Tunggu tulisan terkirim. Tanpa sinyal, foto menunggu di HP."),
            _("Foto pertama yang dilihat pembeli. Urutannya boleh diubah."),
        ),
        "barang",
        (
            "my_parts.pictures",
            "my_parts.describe_picture",
            "my_parts.move_picture",
            "my_parts.remove_picture",
            "my_parts.give_up_picture",
        ),
    ),
    Guide(
        "izin",
        _("Izin usaha"),
        (
            _("Mulai dari NIB. Nomor ini gratis."),
            _("Tulis nomor dan tanggal habisnya."),
            _("Pilih barang yang memakai izin itu."),
        ),
        "izin",
        ("my_permits",),
    ),
    Guide(
        "toko",
        _("Toko Ibu"),
        (
            _("Isi cerita Ibu seperti bercerita kepada tetangga."),
            _("Pilih sendiri apa yang tampil. Nomor HP tidak pernah tampil."),
            _("Tekan simpan, lalu lihat toko seperti pembeli melihatnya."),
        ),
        "toko",
        ("my_shop",),
    ),
    Guide(
        "libur",
        _("Libur dan jam kerja"),
        (
            _("Pilih sampai kapan toko libur. Tidak ada hukuman."),
            _("Barang di kios tetap dijual. Pesanan yang dibayar tetap dikemas."),
            _("Atur juga jam tenang, supaya malam tidak ada pesan."),
        ),
        "libur",
        (
            "my_shop.rest",
            "my_shop.cutoff",
            "my_shop.quiet",
            "my_shop.reopen",
        ),
    ),
    Guide(
        "label",
        _("Label kemasan"),
        (
            _("Isi yang belum ada. Label belum jadi kalau ada yang kurang."),
            _("Pilih kertas yang Ibu punya."),
            _("Cetak, lalu tempel di bagian yang mudah dibaca."),
        ),
        "izin",
        ("my_labels",),
    ),
)
