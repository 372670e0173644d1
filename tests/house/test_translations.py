"""Every sentence of the screens has its English, with the same blanks."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
FOLDERS = ("core", "sellers", "cooperatives", "orders", "shop", "templates")


def spoken():
    found = set()
    for folder in FOLDERS:
        methods = [
            ("**.html", "jinja2.ext.babel_extract"),
            ("**.txt", "jinja2.ext.babel_extract"),
            ("**.py", "python"),
        ]
        for _, _, message, _, _ in extract_from_dir(
            str(ROOT / folder),
            method_map=methods,
            keywords=KEYWORDS,
            options_map={"**.html": {"silent": "false"}},
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


def english():
    with (ROOT / "core/translations/en/LC_MESSAGES/messages.po").open() as file:
        return {
            (m.id[0] if isinstance(m.id, tuple) else m.id): m.string for m in read_po(file) if m.id
        }


def test_every_sentence_has_its_english():
    known = english()
    missing = sorted(text for text in spoken() if not known.get(text))
    assert missing == []


def test_no_english_is_left_over():
    assert sorted(set(english()) - spoken()) == []


def test_blanks_are_the_same_in_both():
    for source, target in english().items():
        for text in target if isinstance(target, tuple) else (target,):
            assert set(re.findall(r"%\(\w+\)s", source)) == set(re.findall(r"%\(\w+\)s", text)), (
                source
            )
