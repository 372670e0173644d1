"""Boxes are written as WTForms writes them, only quicker."""

from flask_babel import lazy_gettext
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from wtforms.widgets import TextInput, html_params

from core.boxes import quick
from tests.core.every_form import APP

written = quick(TextInput()).html_params
names = st.sampled_from(["class_", "data_busy_words", "aria_label", "aria-label", "value", "id"])
values = st.one_of(st.booleans(), st.integers(), st.text(), st.text().map(Markup))


def unquoted(html):
    return html.replace("&#34;", "&quot;")


@given(st.dictionaries(names, values))
def test_attributes_are_those_of_wtforms(attributes):
    assert unquoted(written(**attributes)) == unquoted(html_params(**attributes))


def test_no_value_leaves_its_quotes():
    hostile = '"><script>'
    for value in (hostile, Markup(hostile)):
        assert '"' not in written(value=value).removeprefix('value="').removesuffix('"')


def test_a_lazy_sentence_is_written_in_the_readers_language():
    with APP.test_request_context():
        assert written(title=lazy_gettext("Nomor HP")) == 'title="Nomor HP"'
