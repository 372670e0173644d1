"""The form every form of the house is made of, and the forms of the account pages."""

from collections.abc import Mapping
from typing import Any, Self

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import EqualTo, Regexp

from core.dead_letters import REASONS
from core.errors import DomainError
from core.fields import NameField, PhoneField, TextField
from core.passkeys import NAME_MAX
from core.proof_fields import CodeField, PinField

NOT_CONTENT = frozenset({"csrf_token", "act_id"})


class HouseForm(FlaskForm):
    """A form that is filled from form bodies only: a JSON body fills nothing and breaks nothing."""

    class Meta(FlaskForm.Meta):
        """WTForms asks here what to fill the form from."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """As Flask-WTF does, except that JSON is not read: a list in it would end in a 500."""
            if request.is_json and not isinstance(formdata, MultiDict):
                return None
            return super().wrap_formdata(form, formdata)

    @classmethod
    def of_act(cls, content: Mapping[str, Any]) -> Self:
        """The form as an act from a phone filled it in. Raises DomainError with what is wrong."""
        form = cls(formdata=_as_sent(content), meta={"csrf": False})
        if not form.validate():
            wrong = (f"{f.label.text}: {' '.join(map(str, f.errors))}" for f in form if f.errors)
            raise DomainError(" ".join([*map(str, form.form_errors), *wrong]))
        return form


def act_content(sent: MultiDict[str, str]) -> dict[str, Any]:
    """What a form says, as static/js/unsent.js would put it into an act: the same on both ways."""
    values = ((name, sent.getlist(name)) for name in sent if name not in NOT_CONTENT)
    return {name: each[0] if len(each) == 1 else each for name, each in values}


def _as_sent(content: Mapping[str, Any]) -> MultiDict[str, str]:
    """An act's content as a form body would bring it; what a form cannot say is left out."""
    return MultiDict(
        (name, str(value))
        for name, values in content.items()
        for value in (values if isinstance(values, list) else [values])
        if isinstance(value, str | int)
    )


class SignInForm(HouseForm):
    """Phone number and PIN; `who` is filled when a family shares both."""

    phone = PhoneField(_("Nomor HP"))
    pin = PinField(_("PIN"), choosing=False)
    who = TextField("", required=False, longest=20)
    remember = BooleanField(_("HP ini dipakai bergantian: tampilkan panggilan saya"))
    submit = SubmitField(_("Masuk"))


class RegisterForm(HouseForm):
    """A new account needs a name, a number and a PIN, nothing more."""

    name = NameField(_("Nama lengkap"))
    call_me = NameField(_("Nama panggilan"))
    phone = PhoneField(_("Nomor HP"))
    pin = PinField(_("PIN baru, 6 angka"))
    again = PinField(
        _("Ulangi PIN"), validators=[EqualTo("pin", _("PIN kedua belum sama."))], choosing=False
    )
    submit = SubmitField(_("Daftar"))


class ConfirmForm(HouseForm):
    """Her PIN once more, before a private page."""

    pin = PinField(_("PIN Anda"), choosing=False)
    submit = SubmitField(_("Lanjut"))


class AskCodeForm(HouseForm):
    """Where the code goes."""

    phone = PhoneField(_("Nomor HP"))
    submit = SubmitField(_("Kirim kode"))


class CodeForm(HouseForm):
    """The code that came."""

    code = CodeField(_("Kode 6 angka"))
    submit = SubmitField(_("Lanjut"))


class WhoForm(HouseForm):
    """Which one of a family, and her PIN."""

    who = TextField("", required=False, longest=20)
    pin = PinField(_("PIN Anda"), choosing=False)
    submit = SubmitField(_("Masuk"))


class PasskeyForm(HouseForm):
    """What the phone answered; filled in by static/js/passkeys.js."""

    credential = TextField("", longest=8_000)


class PasskeyNameForm(HouseForm):
    """What she calls a phone of hers."""

    name = TextField(_("Nama kunci"), longest=NAME_MAX)


class NewPinForm(HouseForm):
    """A PIN in place of one that was forgotten."""

    pin = PinField(_("PIN baru, 6 angka"))
    again = PinField(
        _("Ulangi PIN"), validators=[EqualTo("pin", _("PIN kedua belum sama."))], choosing=False
    )
    submit = SubmitField(_("Simpan PIN baru"))


class ChangePinForm(HouseForm):
    """The old PIN proves that it is she."""

    old = PinField(_("PIN sekarang"), choosing=False)
    pin = PinField(_("PIN baru, 6 angka"))
    submit = SubmitField(_("Ganti PIN"))


class ForgotForm(HouseForm):
    """Ask the coordinator for help by phone number."""

    phone = PhoneField(_("Nomor HP"))
    submit = SubmitField(_("Minta bantuan koordinator"))


class ResetForm(HouseForm):
    """The code from the coordinator and a new PIN."""

    phone = PhoneField(_("Nomor HP"))
    code = TextField(
        _("Kode dari koordinator"),
        longest=8,
        validators=[Regexp(r"^[0-9]{8}$", message=_("Kode terdiri dari 8 angka."))],
    )
    pin = PinField(_("PIN baru, 6 angka"))
    submit = SubmitField(_("Simpan PIN baru"))


class CloseJobForm(HouseForm):
    """Why a failed job is dropped: from a list, so that no names get into the audit trail."""

    reason = RadioField(
        _("Mengapa ditutup?"),
        choices=[SelectChoice(value, words) for value, words in REASONS.items()],
        invalid_choice_message=_("Pilih salah satu alasan."),  # type: ignore[call-arg]
    )
    submit = SubmitField(_("Tutup pekerjaan ini"))


class EraseForm(HouseForm):
    """Her PIN proves that it is she who asks."""

    pin = PinField(_("PIN Anda"), choosing=False)
    submit = SubmitField(_("Hapus data saya"))
