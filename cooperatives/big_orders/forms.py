"""What is typed on the pages of big orders."""

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _

from cooperatives.big_orders.planning import WANTED_MAX, Wish
from core.choices import DayField, OneOfField
from core.errors import DomainError
from core.fields import QuantityField, TextField
from core.forms import HouseForm


class NotACount(DomainError):
    """A box that holds no number."""

    sentence = _("Tulis angkanya saja, misalnya 50.")


class BigOrderForm(HouseForm):
    """What is wanted, how many, by when."""

    group = OneOfField(_("Kelompok"))
    what = TextField(_("Pesanan apa?"), longest=80)
    category = OneOfField(_("Jenis barang"))
    wanted = QuantityField(_("Berapa banyak?"), most=WANTED_MAX)
    starts_on = DayField(_("Mulai dibuat"))
    due_on = DayField(_("Harus jadi"))
    place = OneOfField(_("Dikumpulkan di"))
    least = QuantityField(_("Paling sedikit untuk satu ibu"), most=WANTED_MAX)

    def wish(self) -> Wish:
        """What was typed, as a wish."""
        assert self.starts_on.data is not None, "validated before"
        assert self.due_on.data is not None, "validated before"
        return Wish(
            what=self.what.data or "",
            wanted=self.wanted.data or 0,
            category_id=self.category.chosen or 0,
            place_id=self.place.chosen or 0,
            starts_on=self.starts_on.data,
            due_on=self.due_on.data,
            least=self.least.data or 1,
        )


def count(sent: Mapping[str, str], box: str) -> int:
    """A number as typed; an empty box is none. Raises NotACount."""
    plain = sent.get(box, "").strip()
    if not plain:
        return 0
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 6):
        raise NotACount
    return int(plain)


def by_number(sent: Mapping[str, str], box: str) -> dict[int, int]:
    """The boxes `<box>-<number>` of a form. Raises NotACount."""
    found: dict[int, int] = {}
    for name in sent:
        before, _dash, number = name.rpartition("-")
        if before == box and number.isascii() and number.isdigit() and len(number) < 16:
            found[int(number)] = count(sent, name)
    return found


def numbers(said: list[str]) -> list[int]:
    """Ticked ids; what is none is nothing."""
    return [int(one) for one in said if one.isascii() and one.isdigit() and len(one) < 16]


def days(said: list[str]) -> list[date]:
    """Ticked days; what is none is nothing."""
    found = []
    for one in said:
        try:
            found.append(date.fromisoformat(one))
        except ValueError:
            continue
    return found
