"""What is typed on the pages of bazaars."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from cooperatives.bazaars.planning import SLOTS_MAX, Plan
from cooperatives.goods import BadGoods
from cooperatives.receiving.asked import WrongBoxes
from core.choices import DayField, OneOfField
from core.fields import DistrictField, QuantityField, TextField
from core.forms import HouseForm

UNITS_LETTERS_MAX = 6


class PlanForm(HouseForm):
    """When and where, how many places, and what holds for everybody who joins."""

    group = OneOfField(_("Diadakan oleh"))
    name = TextField(_("Nama bazar"), longest=80)
    spot = TextField(_("Tempat"), longest=120)
    district = DistrictField(_("Kecamatan"))
    starts_on = DayField(_("Hari pertama"))
    ends_on = DayField(_("Hari terakhir"))
    hours = TextField(_("Jam buka"), longest=40, required=False)
    slots = QuantityField(_("Tempat untuk berapa ibu?"), most=SLOTS_MAX)
    shared_by = RadioField(
        _("Biaya bersama dibagi"),
        choices=[
            SelectChoice("slots", _("Rata menurut tempat")),
            SelectChoice("sales", _("Menurut hasil jualan")),
        ],
        default="slots",
    )
    lost_by = RadioField(
        _("Barang yang hilang ditanggung"),
        choices=[
            SelectChoice("owner", _("Pemilik barang")),
            SelectChoice("host", _("Dana cadangan kelompok")),
        ],
        default="owner",
    )

    def plan(self) -> Plan:
        """What was typed, as a plan."""
        assert self.starts_on.data is not None, "validated before"
        assert self.ends_on.data is not None, "validated before"
        return Plan(
            name=self.name.data or "",
            spot=self.spot.data or "",
            district_code=self.district.data or "",
            hours=self.hours.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            slots=self.slots.data or 0,
            shared_by=self.shared_by.data,
            lost_by=self.lost_by.data,
        )


def units(text: Any) -> int:
    """A count as typed; an empty box is none. Raises BadGoods."""
    plain = str(text or "").strip()
    if not plain:
        return 0
    if not (plain.isascii() and plain.isdigit() and len(plain) <= UNITS_LETTERS_MAX):
        raise BadGoods
    return int(plain)


def by_lot(sent: Mapping[str, str], box: str) -> dict[int, int]:
    """What the boxes `<box>-<lot>` of a form say; an empty box says nothing. Raises WrongBoxes."""
    found: dict[int, int] = {}
    wrong: dict[str, str] = {}
    for name, text in sent.items():
        before, _dash, number = name.rpartition("-")
        if before != box or not (number.isascii() and number.isdigit() and len(number) < 16):
            continue
        try:
            if text.strip():
                found[int(number)] = units(text)
        except BadGoods as bad:
            wrong[name] = str(bad.sentence)
    if wrong:
        raise WrongBoxes(wrong)
    return found
