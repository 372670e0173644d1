"""How the pages of shelves and of her money are used, in three steps each."""

from flask_babel import lazy_gettext as _

from core.guides import Guide

GUIDES = (
    Guide(
        "barang-baru",
        _("Tambah barang"),
        (
            _("Jawab lima pertanyaan: foto, nama, harga, stok, berat."),
            _("Berhenti di tengah boleh. Isian tersimpan di HP."),
            _("Periksa sekali lagi, lalu tekan Tayangkan."),
        ),
        "barang",
        ("new_goods", "product_drafts"),
    ),
    Guide(
        "hitung-harga",
        _("Hitung harga"),
        (
            _("Tulis semua biaya: bahan, kemasan, gas, upah Ibu."),
            _("Tulis berapa buah yang jadi."),
            _("Lihat harga yang disarankan. Harga tetap Ibu yang memutuskan."),
        ),
        "uang",
        ("new_goods.costs",),
    ),
    Guide(
        "terjemah",
        _("Terjemahan"),
        (
            _("Minta terjemahan dari halaman barang Ibu."),
            _("Anggota yang bisa bahasanya menulis. Ibu membaca, lalu memutuskan."),
            _("Bisa bahasa lain? Bantu anggota di halaman Terjemahan."),
        ),
        "barang",
        ("translations",),
    ),
    Guide(
        "titip",
        _("Barang titipan"),
        (
            _("Lihat barang Ibu yang ada di kios dan bazar."),
            _("Angkanya dicatat penjaga kios saat barang datang dan laku."),
            _("Ada yang tidak cocok? Tanya penolong Ibu."),
        ),
        "stok",
        ("my_stock",),
    ),
    Guide(
        "tawarkan-titipan",
        _("Tawarkan titipan"),
        (
            _("Pilih kios dan hari Ibu mengantar."),
            _("Tulis berapa yang dibawa, lalu tekan Tawarkan."),
            _("Sesudah diterima, baca notanya: cocok atau tidak."),
        ),
        "stok",
        ("my_bringing",),
    ),
    Guide(
        "barang-masuk",
        _("Barang masuk"),
        (
            _("Pilih siapa yang titip, lalu tulis berapa yang masuk."),
            _("Yang rusak ditulis sebagai ditolak, dengan alasannya."),
            _("Simpan, lalu berikan nota dan tempel labelnya."),
        ),
        "stok",
        ("goods_in",),
    ),
    Guide(
        "rak",
        _("Rak"),
        (
            _("Lihat rak per pemilik atau per tanggal."),
            _("Yang harus ditarik tertulis di tabnya sendiri."),
            _("Barang keluar selalu dicatat dengan alasannya."),
        ),
        "stok",
        ("shelf",),
    ),
    Guide(
        "kiriman",
        _("Kiriman antar tempat"),
        (
            _("Pilih tujuan, lalu tulis berapa yang dikirim."),
            _("Cetak surat jalan dan bawa bersama barangnya."),
            _("Di tujuan, catat yang datang. Sisanya tetap di jalan."),
        ),
        "stok",
        ("shipments",),
    ),
    Guide(
        "hitung-stok",
        _("Hitung stok"),
        (
            _("Pilih raknya, lalu tulis berapa yang ada. Tanpa sinyal juga bisa."),
            _("Yang tidak dihitung tidak berubah."),
            _("Periksa selisihnya, pilih alasannya, lalu selesaikan."),
        ),
        "stok",
        ("counts",),
    ),
    Guide(
        "uang",
        _("Uang Ibu"),
        (
            _("Baca dari atas: uang masuk, potongan, dan yang diterima."),
            _("Tekan satu baris untuk melihat alasan setiap potongan."),
            _("Hari terima uang berikutnya tertulis di atas."),
        ),
        "uang",
        ("my_money", "my_statements"),
    ),
    Guide(
        "kas",
        _("Buku kas"),
        (
            _("Tulis setiap uang masuk dan keluar."),
            _("Pilih rumah atau usaha, supaya tidak tercampur."),
            _("Salah tulis? Coret saja, catatan lama tetap terbaca."),
        ),
        "uang",
        ("my_cash",),
    ),
    Guide(
        "toples",
        _("Tiga toples"),
        (
            _("Bagi uang ke tiga toples sesuai rencana Ibu."),
            _("Hanya Ibu yang melihatnya, dengan PIN."),
            _("Uangnya tetap Ibu pegang. Di sini hanya catatannya."),
        ),
        "uang",
        ("my_jars",),
    ),
    Guide(
        "terima-uang",
        _("Cara terima uang"),
        (
            _("Pilih rekening atau tunai."),
            _("Mengganti rekening butuh kode dan waktu tunggu, supaya aman."),
            _("Bukan Ibu yang meminta? Tekan Hentikan perubahan, lalu kabari koordinator."),
        ),
        "uang",
        ("my_pay_way",),
    ),
    Guide(
        "bantuan",
        _("Bantuan"),
        (
            _("Pilih panduan yang Ibu perlukan."),
            _("Masih bingung? Tanya penolong lewat WhatsApp."),
            _("Belum punya penolong? Tekan tombol minta dibantu."),
        ),
        "titip-tangan",
        ("my_guides",),
    ),
    Guide(
        "titip-tangan",
        _("Titip Tangan"),
        (
            _("Pilih apa yang boleh dikerjakan dan sampai kapan."),
            _("Bacakan kesepakatannya, lalu rekam suara atau cap jempol."),
            _("Semua yang dikerjakan terlihat. Izin boleh dicabut kapan saja."),
        ),
        "titip-tangan",
        ("help",),
    ),
    Guide(
        "bazar",
        _("Bazar"),
        (
            _("Tekan Saya mau ikut. Tempat dibagi menurut giliran."),
            _("Kirim barang dari rumah, tulis berapa bungkus."),
            _("Setelah bazar, buka nota Ibu. Angkanya bisa dihitung ulang."),
        ),
        "stok",
        ("my_bazaars",),
    ),
)
