"""The parts of the look that Python keeps: icons, the squeezing of our CSS, the style page's forms.

Icons are written straight into the page where they stand. A page uses few of them, the compressor
makes repeats nearly free, and nothing waits for a second request.
"""

import re

from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FileField,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from core import clock

# Drawn by us on a 24 × 24 grid as one line each; `currentColor` paints them.
ICONS = {
    "award": "M12 3a6 6 0 1 0 0 12 6 6 0 0 0 0-12M8 14l-1 7 5-3 5 3-1-7",
    "back": "M15 5l-7 7 7 7",
    "basket": "M3 10h18l-2 10H5zM7 10l4-6M17 10l-4-6M9 13v4M12 13v4M15 13v4",
    "book": "M5 3h14v18H5zM9 3v18M12 8h4M12 12h4",
    "box": "M3 8l9-5 9 5v8l-9 5-9-5zM3 8l9 5 9-5M12 13v8",
    "calendar": "M4 6h16v15H4zM4 11h16M8 3v5M16 3v5",
    "camera": "M3 7h4l2-3h6l2 3h4v13H3zM12 9a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
    "cash": "M2 6h20v12H2zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M5 12v.01M19 12v.01",
    "check": "M4 13l5 5L20 6",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 3",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "edit": "M4 20l1-5L16 4l4 4L9 19z",
    "globe": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3q-7 9 0 18M12 3q7 9 0 18",
    "help": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9 10a3 3 0 1 1 4 2.6q-1 .5-1 1.4M12 17v.01",
    "home": "M4 11l8-7 8 7v9h-6v-6h-4v6H4z",
    "image": "M3 5h18v14H3zM3 16l5-5 4 4 4-5 5 6M8 9v.01",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v6M12 7v.01",
    "kiosk": "M4 10v11h16V10M2 10l2-6h16l2 6zM9 21v-6h6v6",
    # The Carica leaf of the house: one stem, six ribs, three to a side.
    "leaf": (
        "M5 19C3 9 9 3 21 3c0 12-6 18-16 16zM3 21L17 7"
        "M8 16V11M11 13V7.5M14 10V5.5M8 16h5M11 13h5.5M14 10h4.5"
    ),
    "lock": "M6 11h12v10H6zM8 11V7a4 4 0 0 1 8 0v4M12 15v2",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "minus": "M5 12h14",
    "moon": "M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10z",
    "next": "M9 5l7 7-7 7",
    "people": (
        "M9 4a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2 20q0-6 7-6t7 6"
        "M16 4a3.5 3.5 0 0 1 0 7M18 14q4 1 4 6"
    ),
    "person": "M12 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4 21q0-7 8-7t8 7",
    "phone": (
        "M6 3h3l2 5-2.5 2a12 12 0 0 0 5.5 5.5l2-2.5 5 2v3a2 2 0 0 1-2 2"
        "A16 16 0 0 1 4 5a2 2 0 0 1 2-2z"
    ),
    "pin": "M12 21q-7-7-7-12a7 7 0 0 1 14 0q0 5-7 12zM12 7a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 8V3h10v5M6 17H3V8h18v9h-3M7 14h10v7H7z",
    "remove": "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
    "search": "M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15 15l5 5",
    "share": "M12 15V4M7 8l5-5 5 5M5 13v7h14v-7",
    "truck": (
        "M2 6h12v11H2zM14 10h4l4 4v3h-8"
        "M6 15.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4M17 15.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4"
    ),
    "voice": "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5 11a7 7 0 0 0 14 0M12 18v3",
    "warning": "M12 4L2 20h20zM12 10v5M12 17.5v.01",
    "wrong": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 9l6 6M15 9l-6 6",
}

# The rice barn: a roof with long eaves, a body that widens upwards, a leaf in its wall, two posts.
MARK = (
    "M12 1C11 6 6 9.5 1 11h22C18 9.5 13 6 12 1z"
    "M4 12.5h16l-1.8 7.5H5.8zM9.5 18.7c-1-3.2 1-5.2 5.5-5.2 0 4.2-2 6.2-5.5 5.2z"
    "M7 21h2v2H7zM15 21h2v2h-2z"
)

_OPEN = '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><path {}d="{}"/></svg>'
_DRAWN = {name: Markup(_OPEN.format("i", "", path)) for name, path in ICONS.items()}  # noqa: S704
_DRAWN["lumbung"] = Markup(_OPEN.format("i i-full", 'fill-rule="evenodd" ', MARK))  # noqa: S704


def icon(name: str) -> Markup:
    """A drawing beside a word, silent for readers; an unknown name is our bug (KeyError)."""
    return _DRAWN[name]


def squeeze(css: str) -> str:
    """The same rules without comments and spare spaces, for the bytes inlined in every page.

    It knows our CSS, not all CSS: a quoted string must hold none of the signs below.
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css)
    return css.replace(": ", ":").replace(";}", "}").strip()


class SampleForm(Form):
    """One field of every sort, for the style page only."""

    name = StringField("Nama", [InputRequired("Nama belum diisi. Tulis satu kata juga boleh.")])
    phone = TelField("Nomor HP", [Length(min=9, message="Nomor HP kurang panjang. Contoh: 0812…")])
    count = IntegerField("Jumlah", [InputRequired("Jumlah belum diisi. Tulis angkanya saja.")])
    price = StringField("Harga", [InputRequired("Harga belum diisi. Contoh: 15000.")])
    # The stubs lag behind WTForms 3.3, which takes plain words.
    place = SelectField("Tempat", choices=["Satu", "Dua"])  # type: ignore[list-item]
    way = RadioField(
        "Cara menerima",
        [InputRequired("Pilih salah satu cara.")],
        choices=["Ambil sendiri", "Diantar kurir"],  # type: ignore[list-item]
    )
    note = TextAreaField("Pesan", [Optional()])
    photo = FileField("Foto")
    pin = PasswordField("PIN", [Length(min=6, message="PIN terdiri dari 6 angka.")])
    agree = BooleanField("Saya setuju", [InputRequired("Beri tanda bila setuju.")])


def samples() -> dict[str, object]:
    """What the style page shows: a form to be filled, one sent empty, all drawings, the time."""
    wrong = SampleForm(MultiDict({"wrong-phone": "08", "wrong-place": "Satu"}), prefix="wrong")
    wrong.validate()
    return {
        "form": SampleForm(),
        "wrong": wrong,
        "icons": sorted(_DRAWN),
        "now": clock.now(),
        "today": clock.today(),
    }
