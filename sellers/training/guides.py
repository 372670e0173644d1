"""How a learner's own pages are used, in three steps each."""

from flask_babel import lazy_gettext as _

from core.guides import Guide

GUIDES = (
    Guide(
        "belajar",
        _("Kelas saya"),
        (
            _("Lihat hari, tempat, dan patokan kelas berikutnya."),
            _("Tidak bisa datang? Beri tahu lewat halaman kelas itu."),
            _("Sesudah lulus, sertifikat muncul di sini."),
        ),
        "belajar",
        ("learner", "badge.take"),
    ),
    Guide(
        "pendamping",
        _("Pendamping Ibu"),
        (
            _("Tulis tujuan Ibu dengan kata sendiri."),
            _("Baca catatan pendamping. Ibu yang memilih mana yang tampil."),
            _("Pendampingan boleh dihentikan kapan saja."),
        ),
        "belajar",
        (
            "mentoring.mine",
            "mentoring.choose",
            "mentoring.stop",
        ),
    ),
)
