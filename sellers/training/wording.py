"""Kinds, levels and weather of training as words on a page."""

from flask_babel import lazy_gettext as _

KINDS = {
    "online": _("Daring"),
    "in_person": _("Tatap muka"),
    "car": _("Mobil keliling"),
    "gathering": _("Kumpul"),
    "mentoring": _("Pendampingan"),
}
LEVELS = {
    "open": _("Terbuka untuk semua"),
    "next": _("Lanjutan"),
    "intensive": _("Intensif"),
}
WEATHERS = {
    "": _("Belum ada kabar cuaca"),
    "clear": _("Cuaca baik, mobil berangkat"),
    "rain": _("Hujan, tunggu kabar"),
    "put_off": _("Ditunda karena cuaca"),
}
WEATHER_KINDS = {"clear": "good", "rain": "wait", "put_off": "warning"}
