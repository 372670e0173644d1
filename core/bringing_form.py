"""The page on which a table is brought in: a file to look at, then the same file to be written."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField

from core.bringing import Preview, Refused
from core.forms import HouseForm
from core.sheet_files import NotASheet
from core.uploads import BytesField


class SheetForm(HouseForm):
    """A file to look at, or the same file again with what was shown of it."""

    file = BytesField()
    content = HiddenField()
    seal = HiddenField()

    def sent(self) -> bytes | None:
        """The file, on either way; None where there is none."""
        if self.file.data:
            return bytes(self.file.data)
        try:
            return base64.b64decode(self.content.data or "", validate=True) or None
        except binascii.Error:
            return None


@dataclass(slots=True)
class Step:
    """What the page shows next: how many rows were written, or the rows and why not."""

    added: int | None = None
    preview: Preview[Any] | None = None
    refusal: Any = None


def step(
    form: SheetForm, look: Callable[[bytes], Preview[Any]], write: Callable[[bytes, str], int]
) -> Step:
    """Look at a file that was sent, or write it if it was looked at before."""
    if not form.validate_on_submit():
        return Step()
    content, refusal = form.sent(), None
    try:
        if content is None:
            raise NotASheet(_("Berkas belum dipilih."))
        if form.seal.data and not form.file.data:
            try:
                return Step(added=write(content, form.seal.data))
            except Refused as refused:
                refusal = refused.sentence
        preview = look(content)
    except NotASheet as unread:
        form.file.errors = [unread.sentence]
        return Step(refusal=refusal)
    form.content.data = base64.b64encode(content).decode()
    form.seal.data = preview.seal
    return Step(preview=preview, refusal=refusal)
