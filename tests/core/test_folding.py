"""What never changes in a page is written when its template is compiled, for each language."""

import pytest
from flask_babel import force_locale
from jinja2 import DictLoader

from core.folding import Pages
from core.looks import icon

pytestmark = pytest.mark.service

GREETING = "Keranjang"


@pytest.fixture
def pages(app):
    """The app's templates with some of our own, and with functions that are called only there."""
    env = Pages(app, loader=DictLoader({}), autoescape=app.select_jinja_autoescape)
    env.globals.update(app.jinja_env.globals)
    env.folded.update(app.jinja_env.folded)

    def add(**templates):
        env.loader.mapping.update(
            {name.replace("_", "."): text for name, text in templates.items()}
        )
        return env

    return add


def test_a_sentence_is_translated_once_for_each_language(app, pages):
    env = pages(a_html='{{ _("Keranjang") }}')
    with app.test_request_context():
        assert env.get_template("a.html").render() == "Keranjang"
        with force_locale("en"):
            assert env.get_template("a.html").render() == "Basket"
        assert env.get_template("a.html").render() == "Keranjang"
        assert env.get_template("a.html") is env.get_template("a.html")


def test_nothing_is_asked_while_the_page_is_drawn(app, pages):
    env = pages(
        a_html='{{ _("Keranjang") }} {{ say(_("Keranjang")) }}',
        b_html="{% set x = _('Keranjang') %}{{ x }}",
    )
    asked = []
    env.folded["_"] = lambda text: asked.append(text) or text
    with app.test_request_context():
        found = [env.get_template(name) for name in ("a.html", "b.html")]
        assert asked == [GREETING] * 3
        assert found[0].render(say=str.upper, _=None) == "Keranjang KERANJANG"
        assert found[1].render(_=None) == "Keranjang"


def test_what_is_trusted_stays_markup_and_the_rest_is_escaped(app, pages):
    env = pages(a_html='{{ icon("home") }}|{{ plain("x") }}|{{ typed ~ icon("home") }}')
    env.folded["plain"] = lambda text: f"<{text}>"
    with app.test_request_context():
        drawn, text, joined = env.get_template("a.html").render(typed="<b>").split("|")
    assert drawn == str(icon("home"))
    assert text == "&lt;x&gt;"
    assert joined == "&lt;b&gt;" + drawn


def test_blanks_are_filled_on_the_page(app, pages):
    env = pages(a_html='{{ _("%(count)s paket", count=n) }} {{ _(word) }}')
    with app.test_request_context():
        page = env.get_template("a.html").render(n="<3>", word=GREETING)
    assert page == "&lt;3&gt; paket Keranjang"


def test_addresses_without_blanks_are_written_and_others_asked(app, pages):
    env = pages(
        a_html='{{ url_for("basket.show") }} {{ url_for(page) }} {{ url_for("nowhere.at") }}'
    )
    with app.test_request_context():
        page = env.get_template("a.html").render(
            page="orders.find", url_for=lambda name: f"?{name}"
        )
    assert page == "/keranjang ?orders.find ?nowhere.at"


def test_figures_fill_blanks_in_each_language(app, pages):
    env = pages(a_html='{{ _("%(count)s paket", count=3) }}{{ _("%(count)s paket", count=True) }}')
    with app.test_request_context():
        assert env.get_template("a.html").render() == "3 paketTrue paket"
        with force_locale("en"):
            assert env.get_template("a.html").render() == "3 parcelsTrue parcels"


def test_messages_ask_as_ever(app, pages):
    env = pages(a_txt='{{ _("Keranjang") }}')
    env.folded["_"] = lambda text: "folded"
    with app.test_request_context():
        assert env.get_template("a.txt").render() == "Keranjang"
