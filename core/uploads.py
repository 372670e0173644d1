"""A form box for a file, as bytes."""

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import FileField


class BytesField(FileField):
    """What is in a file that was sent; None where nothing, or no file, was sent."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the file; a hostile form may send text in its place."""
        files = [sent for sent in valuelist if isinstance(sent, FileStorage) and sent.filename]
        self.data = files[0].read() if files else None
