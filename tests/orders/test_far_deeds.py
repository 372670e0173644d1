"""Packed and handed over where there was no signal: late, twice, in either order."""

from uuid import uuid4

import pytest
from flask import current_app

from core import acts
from core.errors import DomainError, NotFound
from orders import fulfilment
from orders.views import far_deeds
from tests.orders.test_parcel_pages import hers, market, she, state  # noqa: F401

pytestmark = pytest.mark.service


def sent(actor, kind, parcel, act_id=None, **more):
    named = parcel if isinstance(parcel, str | list | None) else str(parcel.id)
    content = {"parcel": named, "act": "x", **more}
    with current_app.test_request_context():
        return acts.carry_out(actor=actor, act_id=act_id or uuid4(), kind=kind, content=content)


@pytest.fixture
def accepted(hers, market):  # noqa: F811
    _placed, parcel, page = hers
    fulfilment.accept(actor=market.weaves, parcel_id=parcel.id)
    return parcel, page


def test_packed_then_gone(accepted, market):  # noqa: F811
    parcel, _page = accepted
    answer = sent(market.weaves, far_deeds.PACKED, parcel)
    assert answer["sentence"] == "Paket sudah dikemas dan siap diserahkan."
    assert state(parcel) == "packed"
    sent(market.weaves, far_deeds.HANDED_OVER, parcel, how="courier", tracking="jne 123456")
    assert state(parcel) == "handed_over"
    assert parcel.tracking_number == "JNE123456"


def test_gone_then_packed_ends_the_same(accepted, market):  # noqa: F811
    parcel, _page = accepted
    for _ in range(2):
        sent(market.weaves, far_deeds.HANDED_OVER, parcel, how="self")
        sent(market.weaves, far_deeds.PACKED, parcel)
    assert state(parcel) == "handed_over"


def test_a_number_left_out_is_said_in_words(accepted, market):  # noqa: F811
    parcel, _page = accepted
    with pytest.raises(DomainError) as refused:
        sent(market.weaves, far_deeds.HANDED_OVER, parcel, how="courier", tracking="")
    assert "Nomor resi belum diisi" in str(refused.value.sentence)
    assert state(parcel) == "accepted"


def test_others_parcels_and_nonsense_are_not_there(accepted, market):  # noqa: F811
    parcel, _page = accepted
    with pytest.raises(NotFound):
        sent(market.sells, far_deeds.PACKED, parcel)
    for nonsense in ("", "x", "9" * 40, ["1"], None):
        with pytest.raises(NotFound):
            sent(market.weaves, far_deeds.PACKED, nonsense)


def test_the_page_lets_a_phone_keep_them(client, accepted):
    _parcel, page = accepted
    text = client.get(page).text
    assert 'data-act="parcel.packed"' in text
    assert 'data-act="parcel.handed_over"' in text
