"""One form with every kind of box, and ways to send it."""

from contextlib import contextmanager

from flask import Flask
from flask_babel import Babel
from flask_wtf import FlaskForm
from wtforms.validators import EqualTo

from core import config
from core.fields import (
    ActIdField,
    DistrictField,
    NameField,
    PhoneField,
    PostcodeField,
    QuantityField,
    RtRwField,
    RupiahField,
    TextField,
)
from core.proof_fields import CodeField, PinField
from core.settings import CoreSettings

ACT = "0f2b7c1e-9a57-4a51-8f0e-3d1c6a0b9e11"
GOOD = {
    "phone": "0812-3456-7890",
    "pin": "274951",
    "again": "274951",
    "code": "123 456",
    "price": "25rb",
    "quantity": "3",
    "name": "Siti Aminah",
    "note": "Titip di warung",
    "story": "Baris satu\r\nBaris dua",
    "rt_rw": "2/3",
    "district": "kertek",
    "postcode": "56371",
    "act_id": ACT,
}


class EveryForm(FlaskForm):
    class Meta:
        csrf = False

    phone = PhoneField("Nomor HP")
    pin = PinField("PIN baru")
    again = PinField("Ulangi PIN", choosing=False, validators=[EqualTo("pin", "PIN belum sama.")])
    code = CodeField("Kode")
    price = RupiahField("Harga", least=500, most=5_000_000)
    quantity = QuantityField("Jumlah", most=99)
    name = NameField("Nama")
    note = TextField("Catatan", longest=40, required=False)
    story = TextField("Cerita", longest=100, lines=True)
    rt_rw = RtRwField("RT/RW")
    district = DistrictField("Kecamatan")
    postcode = PostcodeField("Kode pos")
    act_id = ActIdField()


def make_app(demo):
    app = Flask(__name__)
    app.secret_key = "only for this test"
    Babel(app, default_locale="id")
    config.register(app, CoreSettings, {"LUMBUNG_DEMO": demo})
    return app


APP = make_app("no")


@contextmanager
def sent(app=APP, **values):
    """The form as it arrives, all boxes good but those named here; None leaves a box out."""
    data = {name: value for name, value in (GOOD | values).items() if value is not None}
    with app.test_request_context(method="POST", data=data):
        yield EveryForm()


def judge(name, value):
    """The value and the sentences of one box."""
    with sent(**{name: value}) as form:
        form.validate()
        return form[name].data, [str(error) for error in form[name].errors]
