"""How the pages for passing goods on are used, in three steps each."""

from flask_babel import lazy_gettext as _

from core.guides import Guide

GUIDES = (
    Guide(
        "promosi",
        _("Tolong pasarkan"),
        (
            _("Pilih barang teman yang ingin Ibu bagikan."),
            _("Tekan WhatsApp. Kalimatnya sudah siap."),
            _("Lihat di sini berapa orang yang membuka tautan Ibu."),
        ),
        "barang",
        ("promote",),
    ),
)
