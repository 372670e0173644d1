"""Forms of complaints: the ticket, one more word, and the operator's answer."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from core.emails import EmailField
from core.fields import ActIdField, NameField, PhoneField, TextField, TypedField
from core.forms import HouseForm
from shop.complaint_states import TOPICS
from shop.complaints import WORDS_MAX, Told

_ORDER = re.compile(r"LMB-[0-9]{4}-[0-9]{4,10}")


class OrderNumberField(TypedField):
    """The number of an order as it stands on its page, or nothing."""

    is_required = False
    longest = 20
    empty = ""

    def _read(self, text: str) -> str:
        if not _ORDER.fullmatch(text.upper()):
            raise ValueError(_("Nomor pesanan ditulis seperti LMB-2611-0001."))
        return text.upper()


class ComplaintForm(HouseForm):
    """What happened and what is wished; everything about the person may stay empty."""

    act_id = ActIdField()
    topic = RadioField(
        _l("Aduan tentang"),
        choices=[SelectChoice(topic, words) for topic, words in TOPICS.items()],
        invalid_choice_message=_l("Pilih salah satu."),  # type: ignore[call-arg]
    )
    story = TextField(_l("Ceritakan yang terjadi"), longest=WORDS_MAX, lines=True)
    wish = TextField(_l("Yang Anda inginkan"), longest=500, lines=True, required=False)
    order_number = OrderNumberField(_l("Nomor pesanan"))
    name = NameField(_l("Nama"), required=False)
    phone = PhoneField(_l("Nomor HP"), required=False)
    email = EmailField(_l("E-mail"))
    submit = SubmitField(_l("Kirim aduan"))

    def told(self) -> Told:
        """What was written, as plain values."""
        return Told(
            topic=self.topic.data,
            story=self.story.data,
            wish=self.wish.data,
            name=self.name.data or "",
            phone=self.phone.data or "",
            email=self.email.data,
            order_number=self.order_number.data,
        )


class WordForm(HouseForm):
    """One more word of the complainer."""

    act_id = ActIdField()
    words = TextField(_l("Tulis balasan"), longest=WORDS_MAX, lines=True)
    submit = SubmitField(_l("Kirim balasan"))


class AnswerForm(HouseForm):
    """The operator's answer; ticked, it also closes the ticket."""

    act_id = ActIdField()
    words = TextField(_l("Jawaban untuk pelapor"), longest=WORDS_MAX, lines=True)
    is_last = BooleanField(_l("Masalah selesai, tutup aduan ini"))
    submit = SubmitField(_l("Kirim jawaban"))
