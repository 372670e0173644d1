"""Forms of the training pages."""

import re
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.validators import StopValidation
from wtforms.widgets import DateTimeLocalInput

from core.choices import YEARS, DayField, OneOfField
from core.clock import ZONES
from core.fields import (
    ActIdField,
    DistrictField,
    PhoneField,
    QuantityField,
    RupiahField,
    TextField,
    TypedField,
)
from core.money import RUPIAH_MAX
from sellers.forms import PickField, TicksField
from sellers.training.programmes import Plan
from sellers.training.sessions import Meeting
from sellers.training.wording import KINDS, LEVELS, WEATHERS

UNLOCKS_MAX = 10
UNLOCK_LETTERS_MAX = 80


class MomentField(TypedField):
    """A day and time on a wall clock; which zone it hangs in is asked beside it."""

    widget = DateTimeLocalInput()
    missing = _l("Tanggal dan jam belum diisi.")
    longest = 16
    _shape = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}")

    def _read(self, text: str) -> datetime:
        try:
            if not self._shape.fullmatch(text):
                raise ValueError
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(_("Tulis tanggal dan jam seperti 2026-11-22 09:00.")) from None
        if moment.year not in YEARS:
            raise ValueError(_("Periksa lagi tahunnya."))
        return moment

    def _write(self, value: datetime) -> str:
        return value.strftime("%Y-%m-%dT%H:%M")


class RowsField(SelectMultipleField):
    """Ticked rows of a list that this page itself has shown; anything else is refused."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        kwargs["invalid_choice_message"] = _l("Daftar ini sudah berubah. Muat ulang halaman.")
        super().__init__(label, choices=[], **kwargs)

    def offer(self, ids: Iterable[int]) -> None:
        """Say which rows the page shows."""
        self.choices = [(str(key), "") for key in ids]

    @property
    def ids(self) -> frozenset[int]:
        """The ticked rows by id."""
        return frozenset(int(key) for key in self.data or [])


class ProgrammeForm(FlaskForm):
    """What a provider says about a programme."""

    provider = OneOfField(_l("Lembaga"))
    name = TextField(_l("Nama kelas"), longest=120)
    name_en = TextField(_l("Nama dalam bahasa Inggris"), longest=120, required=False)
    kinds = TicksField(_l("Bentuk"), KINDS)
    level = PickField(_l("Tingkat"), LEVELS, default="open")
    topic = TextField(_l("Topik"), longest=60)
    description = TextField(_l("Isi kelas"), longest=1000, lines=True)
    opening = TextField(_l("Kata pembuka dan nilai bersama"), longest=300, required=False)
    family_words = TextField(_l("Pesan untuk keluarga"), longest=600, lines=True, required=False)
    skills = TicksField(_l("Keterampilan yang diajarkan"))
    fee = RupiahField(_l("Biaya ikut"), most=RUPIAH_MAX // 1000)
    has_childcare = BooleanField(_l("Anak boleh dibawa dan dijaga"))
    prerequisite = OneOfField(_l("Kelas yang harus selesai dulu"), nothing=_l("Tidak ada"))
    unlocks = TextField(
        _l("Yang terbuka setelah selesai, satu per baris"), longest=900, lines=True, required=False
    )
    gives_certificate = BooleanField(_l("Memberi sertifikat"))
    pass_percent = QuantityField(_l("Selesai bila hadir sekian persen"), most=100)

    @classmethod
    def of(cls, plan: Plan) -> "ProgrammeForm":
        """The form filled with what a programme says now."""
        said = asdict(plan) | {"unlocks": "\n".join(plan.unlocks)}
        return cls(data=said | {"prerequisite": plan.prerequisite_id or ""})

    def validate_unlocks(self, field: TextField) -> None:  # noqa: ARG002
        """A few short lines."""
        lines = self._unlocks()
        if len(lines) > UNLOCKS_MAX or any(len(line) > UNLOCK_LETTERS_MAX for line in lines):
            limits = {"lines": UNLOCKS_MAX, "letters": UNLOCK_LETTERS_MAX}
            raise StopValidation(
                _("Paling banyak %(lines)s baris, masing-masing %(letters)s huruf.", **limits)
            )

    def _unlocks(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.unlocks.data.splitlines() if line.strip())

    def plan(self) -> Plan:
        """What was typed, as the noun wants it."""
        return Plan(
            name=self.name.data,
            name_en=self.name_en.data,
            kinds=tuple(self.kinds.data or ()),
            level=self.level.data,
            topic=self.topic.data,
            description=self.description.data,
            opening=self.opening.data,
            family_words=self.family_words.data,
            fee=self.fee.data,
            has_childcare=self.has_childcare.data,
            prerequisite_id=self.prerequisite.chosen,
            unlocks=self._unlocks(),
            gives_certificate=self.gives_certificate.data,
            pass_percent=self.pass_percent.data,
            skills=tuple(self.skills.data or ()),
        )


class CohortForm(FlaskForm):
    """A new run of a programme."""

    programme = OneOfField(_l("Kelas"))
    name = TextField(_l("Nama angkatan, misalnya 2026-11"), longest=40)
    seats = QuantityField(_l("Jumlah tempat"), most=500)
    selection = TextField(_l("Cara membagi tempat"), longest=200, required=False)


class SeatsForm(FlaskForm):
    """How many seats a cohort has."""

    seats = QuantityField(_l("Jumlah tempat"), most=500)


class SessionForm(FlaskForm):
    """One meeting."""

    title = TextField(_l("Judul pertemuan"), longest=120)
    starts_at = MomentField(_l("Tanggal dan jam mulai"))
    zone = PickField(_l("Zona waktu"), {zone: zone for zone in ZONES}, default="WIB")
    minutes = QuantityField(_l("Lama, dalam menit"), most=1440)
    place = TextField(_l("Tempat atau alamat daring"), longest=120)
    landmark = TextField(_l("Patokan, misalnya sebelah masjid"), longest=120, required=False)
    district_code = DistrictField(_l("Kecamatan"), required=False)
    loan_phones = QuantityField(_l("HP pinjaman"), least=0, most=500)
    weather = PickField(_l("Kabar cuaca"), WEATHERS, default="")
    data_mb = QuantityField(_l("Kuota internet, dalam MB"), least=0, most=100_000)
    has_recording = BooleanField(_l("Ada rekaman"))
    audio_summary_seconds = QuantityField(_l("Ringkasan suara, dalam detik"), least=0, most=36_000)
    summary = TextField(_l("Ringkasan tulisan"), longest=2000, lines=True, required=False)
    makes_listing = BooleanField(_l("Tugasnya menjadi barang di toko"))
    is_required = BooleanField(_l("Wajib untuk menyelesaikan kelas"))

    @classmethod
    def of(cls, found: Meeting) -> "SessionForm":
        """The form filled with a session, its hour on the clock of its zone."""
        there = found.starts_at.astimezone(ZONES[found.zone])
        return cls(data=asdict(found) | {"starts_at": there})

    def meeting(self) -> Meeting:
        """What was typed, as the noun wants it."""
        values = {field.name: self[field.name].data for field in fields(Meeting)}
        values["starts_at"] = self.starts_at.data.replace(tzinfo=ZONES[self.zone.data])
        return Meeting(**values | {"district_code": self.district_code.data or ""})


class AttendanceForm(FlaskForm):
    """Who was there. `listed` are all rows the page showed: not ticked means not there.

    `saw` is the newest note it had shown. The deed is `attendance.take_sheet`, on either way.
    """

    act_id = ActIdField()
    session = HiddenField()
    saw = HiddenField()
    listed = RowsField()
    present = RowsField(_l("Yang hadir"))


class EnrolForm(FlaskForm):
    """A woman is found by her number; `who` is asked where a family shares it."""

    phone = PhoneField(_l("Nomor HP peserta"))
    who = HiddenField()


class CloseForm(FlaskForm):
    """A class is closed with a day to ask how they fare."""

    follow_up_on = DayField(_l("Tanggal tindak lanjut"))


class FollowUpForm(FlaskForm):
    """What was heard when they were asked."""

    result = TextField(_l("Kabar singkat"), longest=200)


class IssueForm(FlaskForm):
    """A certificate on enough attendance."""

    exception: TextField | None = None
    valid_until = DayField(_l("Berlaku sampai"), required=False)


class ExceptionForm(IssueForm):
    """A certificate on too little attendance needs a reason."""

    exception = TextField(_l("Alasan pengecualian"), longest=200)


class WithdrawForm(FlaskForm):
    """Take a certificate back, or put a new one in its place."""

    reason = TextField(_l("Alasan ditarik"), longest=200)
    is_replaced = BooleanField(_l("Terbitkan sertifikat baru sebagai pengganti"))
    valid_until = DayField(_l("Masa berlaku yang baru sampai"), required=False)


class EndorseForm(FlaskForm):
    """Another provider's sentence about a certificate."""

    words = TextField(_l("Satu kalimat dukungan"), longest=200)


class ShowForm(FlaskForm):
    """Her own choice."""

    is_shown = BooleanField(_l("Tampilkan di toko saya"))


class ListingsForm(FlaskForm):
    """Which of her listings grew out of a training."""

    listings = RowsField(_l("Barang"))
