"""Private files are known by their content and read back whole."""

import pytest

from core import files
from core.actors import GUEST

pytestmark = pytest.mark.service
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100


def test_a_kept_file_is_read_back(app):
    kept = files.keep(actor=GUEST, doc=("order", 1), content=JPEG)
    assert files.read(kept) == JPEG
    assert kept.content_type == "image/jpeg"
    assert kept.key.startswith("private/")


@pytest.mark.parametrize("content", [b"", b"<svg>", b"MZ\x90", JPEG + b"x" * files.BYTES_MAX])
def test_what_is_no_file_of_ours_is_refused(app, content):
    with pytest.raises(files.NotAFile):
        files.keep(actor=GUEST, doc=("order", 1), content=content)
