"""The shop floor's settings: what we promise on the pages of words, and limits on complaints."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from core.config import setting


@dataclass(frozen=True)
class ShopSettings:
    """What the shop reads from the environment."""

    complaint_answer_days: int = setting(
        "LUMBUNG_COMPLAINT_ANSWER_DAYS",
        "Times 24 hours in which we answer a complaint",
        2,
        law=_l("Aduan dijawab dalam sekian kali 24 jam"),
    )
    data_answer_days: int = setting(
        "LUMBUNG_DATA_ANSWER_DAYS",
        "Times 24 hours in which we answer about personal data; UU 27/2022 says three",
        3,
        law=_l("Permintaan soal data pribadi dijawab dalam sekian kali 24 jam (UU 27/2022)"),
    )
    compensation_days: int = setting(
        "LUMBUNG_COMPENSATION_DAYS",
        "Days in which a justified claim is made good; UU 8/1999 art. 19 says seven, check it",
        7,
        law=_l("Ganti rugi diselesaikan dalam sekian hari (UU 8/1999)"),
    )
    books_years: int = setting(
        "LUMBUNG_BOOKS_YEARS",
        "Years for which the books are kept; check it with an accountant",
        10,
        law=_l("Pembukuan disimpan sekian tahun"),
    )
    link_days: int = setting(
        "LUMBUNG_LINK_DAYS",
        "Days for which a link counts by which a buyer came; whoever passed it on gets her share",
        7,
        law=_l("Tautan ajakan berlaku sekian hari bagi pembeli yang membukanya"),
    )
    complaint_tries: int = setting(
        "LUMBUNG_COMPLAINT_TRIES", "New complaints per network address in an hour", 10
    )
    complaint_words: int = setting(
        "LUMBUNG_COMPLAINT_WORDS", "Words added to complaints per network address in an hour", 30
    )
    consumer_office: str = setting(
        "LUMBUNG_CONSUMER_OFFICE",
        "Where consumers may also complain: the trade ministry's directorate; check it first",
        "Direktorat Jenderal Perlindungan Konsumen dan Tertib Niaga, Kementerian Perdagangan"
        " (periksa dulu alamat dan nomornya)",
        law=_l("Tempat konsumen mengadu selain kepada kami (PP 80/2019)"),
    )
    sapa_phone: str = setting(
        "LUMBUNG_SAPA_PHONE", "Phone of the state's help for women and children", "129"
    )
    sapa_whatsapp: str = setting(
        "LUMBUNG_SAPA_WHATSAPP", "WhatsApp of the same service", "08111-129-129"
    )
