"""Forms of the training pages."""

import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.validators import StopValidation
from wtforms.widgets import DateTimeLocalInput

from core.choices import YEARS, DayField, OneOfField
from core.clock import WIB
from core.fields import (
    ActIdField,
    PhoneField,
    QuantityField,
    RupiahField,
    TextField,
    TypedField,
)
from core.money import RUPIAH_MAX
from sellers.training.programmes import Plan
from sellers.training.sessions import Meeting

UNLOCKS_MAX = 10
UNLOCK_LETTERS_MAX = 80


class MomentField(TypedField):
    """A day and time on the wall clock of western Indonesia (WIB)."""

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
        return moment.replace(tzinfo=WIB)

    def _write(self, value: datetime) -> str:
        return value.astimezone(WIB).strftime("%Y-%m-%dT%H:%M")


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
    kind = TextField(_l("Bentuk, misalnya daring atau tatap muka"), longest=60)
    topic = TextField(_l("Topik"), longest=60)
    description = TextField(_l("Isi kelas"), longest=1000, lines=True)
    opening = TextField(_l("Kata pembuka dan nilai bersama"), longest=300, required=False)
    fee = RupiahField(_l("Biaya ikut"), most=RUPIAH_MAX // 1000)
    has_childcare = BooleanField(_l("Anak boleh dibawa dan dijaga"))
    prerequisite = OneOfField(_l("Kelas yang harus selesai dulu"), nothing=_l("Tidak ada"))
    unlocks = TextField(
        _l("Yang terbuka setelah selesai, satu per baris"), longest=900, lines=True, required=False
    )
    gives_certificate = BooleanField(_l("Memberi sertifikat"))
    pass_percent = QuantityField(_l("Selesai bila hadir sekian persen"), most=100)

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
            kind=self.kind.data,
            topic=self.topic.data,
            description=self.description.data,
            opening=self.opening.data,
            fee=self.fee.data,
            has_childcare=self.has_childcare.data,
            prerequisite_id=self.prerequisite.chosen,
            unlocks=self._unlocks(),
            gives_certificate=self.gives_certificate.data,
            pass_percent=self.pass_percent.data,
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
    starts_at = MomentField(_l("Tanggal dan jam mulai (WIB)"))
    minutes = QuantityField(_l("Lama, dalam menit"), most=1440)
    place = TextField(_l("Tempat atau alamat daring"), longest=120)
    data_mb = QuantityField(_l("Kuota internet, dalam MB"), least=0, most=100_000)
    has_recording = BooleanField(_l("Ada rekaman"))
    audio_summary_seconds = QuantityField(_l("Ringkasan suara, dalam detik"), least=0, most=36_000)
    is_required = BooleanField(_l("Wajib untuk menyelesaikan kelas"))

    def meeting(self) -> Meeting:
        """What was typed, as the noun wants it."""
        return Meeting(**{field.name: self[field.name].data for field in fields(Meeting)})


class AttendanceForm(FlaskForm):
    """Who was there. `listed` are all rows the page showed: not ticked means not there."""

    act_id = ActIdField()
    listed = RowsField()
    present = RowsField(_l("Yang hadir"))

    def marks(self) -> dict[int, bool]:
        """Was she there, by enrolment."""
        return {key: key in self.present.ids for key in self.listed.ids}


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


class ShowForm(FlaskForm):
    """Her own choice."""

    is_shown = BooleanField(_l("Tampilkan di toko saya"))


class ListingsForm(FlaskForm):
    """Which of her listings grew out of a training."""

    listings = RowsField(_l("Barang"))
