"""The label and the way to the buyer: for who has the parcel in hand, audited, on no page."""

import io
import re

import pytest
from pypdf import PdfReader

from core.audit import Audit
from core.db import db
from orders import fulfilment, handover, labels, reaching
from orders.labels import Label
from sellers.rights import SELL
from tests.orders.test_parcel_pages import (  # noqa: F401
    by_cash_courier,
    enter,
    hers,
    market,
    order,
    paid,
    parcels_of,
    run_jobs,
    she,
)

pytestmark = pytest.mark.service
LABEL = Label(
    number="LMB-2611-0003",
    position=1,
    service="JNE REG",
    sender="Batik Bu Sri",
    sender_district="Kertek, Wonosobo",
    name="Joko <b>Susilo</b>",
    phone="+6281234567890",
    address=["Jl. Contoh 7, RT/RW 05/02", "Semarang 50123", "Patokan: pagar hijau"],
    note="",
    cash=185_000,
    goods=[(2, "Batik Carica")],
    grams=640,
)


def text_of(pdf):
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    size = tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:])
    return size, page.extract_text()


@pytest.mark.parametrize(("paper", "size"), [("label", (100, 150)), ("a4", (210, 297))])
def test_a_label_says_who_where_and_what_is_to_pay(app, paper, size):
    found, text = text_of(labels.drawn(LABEL, paper))
    assert found == size
    for words in ("LMB-2611-0003/1", "Joko <b>Susilo</b>", "Jl. Contoh 7", "pagar hijau",
                  "Batik Carica", "640 g", "Kertek, Wonosobo", "JNE REG"):  # fmt: skip
        assert words in text
    assert "185.000" in text


def test_the_longest_address_still_fits_on_one_label(app):
    long = Label(**{
        **{name: getattr(LABEL, name) for name in Label.__slots__},
        "name": "W" * 60, "address": ["jalan " * 33, "desa " * 30, "patokan " * 25],
        "note": "tolong " * 42, "goods": [(9, "Keripik " * 15)] * 30,
    })  # fmt: skip
    _size, text = text_of(labels.drawn(long, "label"))
    assert text.count("9 × Keripik") == 30


def test_the_same_label_is_the_same_file(app):
    assert labels.drawn(LABEL, "a4") == labels.drawn(LABEL, "a4")


def audited(action):
    return db.session.query(Audit).filter_by(action=action).count()


def test_a_label_is_printed_once_she_has_accepted(client, hers, market):  # noqa: F811
    placed, parcel, page = hers
    early = client.get(f"{page}/label")
    assert early.status_code == 303
    assert audited("parcel.label") == 0
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    for paper in ("", "?kertas=a4", "?kertas=%00"):
        answer = client.get(f"{page}/label{paper}")
        assert answer.mimetype == "application/pdf"
        assert "no-store" in answer.headers["Cache-Control"]
        assert placed.number in text_of(answer.data)[1]
    assert audited("parcel.label") == 3


def test_the_way_to_the_buyer_is_a_link_of_the_house(client, hers, market):  # noqa: F811
    placed, parcel, page = hers
    assert client.get(f"{page}/hubungi?lewat=wa").status_code == 404
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    links = re.findall(r'href="([^"]*hubungi[^"]*)"', client.get(page).text)
    assert links == [f"{page}/hubungi?lewat=telepon", f"{page}/hubungi?lewat=wa"]
    by_phone, by_whatsapp = (client.get(link) for link in links)
    assert by_phone.location == "tel:+6281234567890"
    assert by_whatsapp.location.startswith("https://wa.me/6281234567890?text=")
    assert placed.number in by_whatsapp.location
    assert "no-store" in by_phone.headers["Cache-Control"]
    assert audited("buyer.reached") == 2
    assert client.get(f"{page}/hubungi?lewat=x").status_code == 404
    handover.hand_over(actor=market.weaves, parcel_id=parcel.id)
    handover.deliver(actor=market.weaves, parcel_id=parcel.id)
    assert client.get(f"{page}/hubungi?lewat=wa").status_code == 404


def test_nobody_rings_through_a_whole_list(client, hers, market, monkeypatch):  # noqa: F811
    _placed, parcel, page = hers
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    monkeypatch.setattr(reaching, "TIMES_MAX", 2)
    answers = [client.get(f"{page}/hubungi?lewat=wa").status_code for _ in range(3)]
    assert answers == [303, 303, 429]


def test_a_stranger_reaches_nobody(client, market, she):  # noqa: F811
    enter(client, she, SELL, market.maker)
    _placed, parcel = paid(market, (market.batik, 1))
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    for leaf in ("label", "hubungi?lewat=wa"):
        assert client.get(f"/ibu/pesanan/{parcel.id}/{leaf}").status_code == 404


def test_cash_stands_on_the_label(client, market, she):  # noqa: F811
    enter(client, she, SELL, market.weaver)
    placed = order((market.batik, 1), method="cash_delivery", services=by_cash_courier(market))
    run_jobs()
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    _size, text = text_of(client.get(f"/ibu/pesanan/{parcel.id}/label").data)
    assert "Dibayar saat diterima" in text
