"""The form with which a coordinator puts a package together."""

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SubmitField

from cooperatives.packages.offers import UNITS_MAX, TooMany
from core.fields import NameField, RupiahField, TextField
from core.forms import HouseForm

UNITS = "units-"


class PackageForm(HouseForm):
    """A name, a story, a price; how many of what stands in boxes of their own beside the goods."""

    name = NameField(_l("Nama paket"))
    story = TextField(_l("Cerita paket"), longest=300, lines=True, required=False)
    price = RupiahField(_l("Harga paket"), least=1)
    submit = SubmitField(_l("Tanya para penjual"))

    @property
    def typed(self) -> dict[str, str]:
        """What was typed beside the goods, by variant id."""
        return {
            name.removeprefix(UNITS): value.strip()
            for name, value in request.form.items()
            if name.startswith(UNITS) and value.strip()
        }

    def units(self) -> dict[int, int]:
        """How many of each variant. Raises TooMany for what is no small number."""
        found = {}
        for variant, count in self.typed.items():
            if not (variant.isascii() and variant.isdigit() and len(variant) <= 18):
                raise TooMany
            if not (count.isascii() and count.isdigit() and int(count[:9]) <= UNITS_MAX):
                raise TooMany
            if int(count):
                found[int(variant)] = int(count)
        return found
