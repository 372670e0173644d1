"""The look keeps its budgets, its contrasts and its icons."""

import re
from pathlib import Path

import brotli
import pytest

from core import looks

ROOT = Path(looks.__file__).parents[1]
CRITICAL = (ROOT / "static/css/critical.css").read_text()
COMPONENTS = (ROOT / "static/css/components.css").read_text()
PUBLIC_SCRIPTS = [ROOT / "static/js/comfort.js"]  # A guest's page has no other.
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def compressed(text):
    return len(brotli.compress(text.encode(), quality=4))


def colour(name):
    return re.search(rf"--{name}: #([0-9A-F]{{6}});", CRITICAL)[1]


def luminance(hex_colour):
    parts = [int(hex_colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_squeezing_takes_away_comments_and_air_only():
    css = "/* why */ .a > .b , .c { margin: 0 auto; }\n.d :hover { top: calc(1px + 2px); }"
    assert looks.squeeze(css) == ".a>.b,.c{margin:0 auto}.d :hover{top:calc(1px + 2px)}"


def test_squeezed_twice_is_squeezed_once():
    once = looks.squeeze(CRITICAL)
    assert looks.squeeze(once) == once


def test_no_quoted_string_in_critical_css_holds_a_sign_the_squeezing_would_touch():
    quoted = re.findall(r'"[^"]*"', CRITICAL)
    assert quoted
    assert not [text for text in quoted if re.search(r"[{};,>]|: |  ", text)]


def test_critical_css_weighs_at_most_5_kb_and_waits_for_nothing():
    assert compressed(looks.squeeze(CRITICAL)) <= 5_000
    assert "url(" not in looks.squeeze(CRITICAL)


def test_the_other_css_weighs_at_most_8_kb_and_scripts_of_public_pages_10_kb():
    assert compressed(COMPONENTS) <= 8_000
    assert sum(compressed(path.read_text()) for path in PUBLIC_SCRIPTS) <= 10_000


def test_scripts_of_those_who_work_here_weigh_at_most_34_kb():
    own = set((ROOT / "static/js").glob("*.js")) - set(PUBLIC_SCRIPTS)
    assert sum(compressed(path.read_text()) for path in own) <= 34_000


def test_scripts_of_the_till_weigh_at_most_17_kb():
    own = (ROOT / "static/js/till").glob("*.js")
    assert sum(compressed(path.read_text()) for path in own) <= 17_000


@pytest.mark.parametrize("name", ["arang", "daun", "wedel", "soga", "telaga", "sikunir", "merah"])
def test_every_text_colour_is_readable_on_the_ground(name):
    assert contrast(colour(name), colour("kabut")) >= 4.5


def test_carica_is_only_a_ground_for_arang():
    assert contrast(colour("arang"), colour("carica")) >= 7
    wearing = re.findall(r"([^{}\n]+) {[^}]*[ {]color: var\(--carica\)", CRITICAL + COMPONENTS)
    assert wearing == [".brand .i"]  # The mark is a drawing, not text.


@pytest.mark.parametrize("ending", ["good", "info", "warning", "wrong"])
def test_every_kind_is_readable_on_its_own_tint(ending):
    line = next(line for line in CRITICAL.splitlines() if f'[class*="--{ending}"]' in line)
    ink, tint = re.search(r"--ink: var\(--(\w+)\); --tint: #(\w+);", line).groups()
    assert contrast(colour(ink), tint) >= 4.5


def test_every_drawing_a_template_names_exists():
    pages = "".join(path.read_text() for path in TEMPLATES)
    named = set(re.findall(r'(?:icon\(|"icon": )"(\w+)"', pages))
    assert "basket" in named
    for name in named:
        assert looks.icon(name).startswith("<svg")


def test_an_unknown_drawing_is_our_bug():
    with pytest.raises(KeyError):
        looks.icon("dragon")


def test_no_template_needs_what_the_content_security_policy_forbids():
    for path in TEMPLATES:
        page = path.read_text()
        assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", page), path
        assert not re.search(r"<script(?![^>]*\s(src=|type=\"application/ld\+json\"))", page), path
        assert page.count("<style") == (1 if path.name == "base.html" else 0), path


def test_the_sample_form_shows_an_error_beside_every_field_that_can_have_one():
    wrong = looks.samples()["wrong"]
    assert set(wrong.errors) == {"name", "phone", "count", "price", "way", "pin", "agree"}
