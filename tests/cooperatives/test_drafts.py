"""A draft follows her to another phone: the later answer wins, and publishing ends it."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from cooperatives import drafts
from cooperatives.models import ProductDraft
from core import clock
from core.errors import NotFound
from tests.factories import an_actor, sign_in
from tests.sellers.factories import a_shop

OLD, NEW = 1_000, 2_000
PAGE = "/ibu/produk/baru/draf"


def test_the_later_answer_wins_whoever_speaks_first():
    one, other = {"name": ("Keripik", OLD)}, {"name": ("Opak", NEW), "price": ("9000", OLD)}
    there = drafts.merged(drafts.merged({}, one, NEW), other, NEW)
    back = drafts.merged(drafts.merged({}, other, NEW), one, NEW)
    assert there == back == {"name": [NEW, "Opak"], "price": [OLD, "9000"]}
    assert drafts.merged(there, other, NEW) == there


def test_two_answers_of_one_moment_end_the_same_on_both_phones():
    one, other = {"name": ("A", OLD)}, {"name": ("B", OLD)}
    assert drafts.merged(drafts.merged({}, one, NEW), other, NEW) == drafts.merged(
        drafts.merged({}, other, NEW), one, NEW
    )


def test_a_clock_far_ahead_does_not_win_for_ever_and_unknown_fields_are_left_out():
    assert drafts.merged({}, {"name": ("A", 10**15), "x": ("B", OLD)}, NEW) == {"name": [NEW, "A"]}


@pytest.fixture
def hers(app, session):
    shop, actor = a_shop()
    return shop, actor


@pytest.mark.service
def test_a_second_phone_takes_on_the_first_ones_draft_and_act(hers):
    shop, actor = hers
    first = uuid4()
    drafts.save(actor=actor, seller_id=shop.id, act_id=first, fields={"name": ("Opak", OLD)})
    told = drafts.save(actor=actor, seller_id=shop.id, act_id=uuid4(), fields={"step": ("x", NEW)})
    assert told == {"act": str(first), "fields": {"name": [OLD, "Opak"], "step": [NEW, "x"]}}


@pytest.mark.service
def test_nobody_else_writes_or_reads_it(hers, session):
    shop, actor = hers
    drafts.save(actor=actor, seller_id=shop.id, act_id=uuid4(), fields={})
    other = an_actor("Wagi", phone="+6281234567891")
    assert drafts.find(session, other, shop.id) is None
    with pytest.raises(NotFound):
        drafts.save(actor=other, seller_id=shop.id, act_id=uuid4(), fields={})


@pytest.mark.service
def test_an_untouched_draft_is_erased_after_its_days(hers, session):
    shop, actor = hers
    drafts.save(actor=actor, seller_id=shop.id, act_id=uuid4(), fields={})
    drafts.forget_drafts.run()
    draft = drafts.find(session, actor, shop.id)
    assert draft is not None
    draft.saved_at = clock.now() - timedelta(days=61)
    session.commit()
    drafts.forget_drafts.run()
    session.expire_all()
    assert session.query(ProductDraft).count() == 0


@pytest.mark.service
def test_a_draft_sent_off_gives_way_to_the_next_one(hers):
    shop, actor = hers
    sent, fresh = uuid4(), uuid4()
    drafts.save(actor=actor, seller_id=shop.id, act_id=sent, fields={"name": ("Opak", OLD)})
    told = drafts.save(actor=actor, seller_id=shop.id, act_id=fresh, ended=sent, fields={})
    assert told == {"act": str(fresh), "fields": {}}


@pytest.mark.service
@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"act": 1, "fields": {}}',
        '{"act": "no", "fields": {}}',
        '{"act": "6b0f3d52-5ad5-4a53-9f1e-6d3f0f6f3c11", "fields": {"name": "x"}}',
        '{"act": "6b0f3d52-5ad5-4a53-9f1e-6d3f0f6f3c11", "ended": 3, "fields": {}}',
        "x" * 9_000,
    ],
)
def test_what_is_no_draft_is_said_to_be_none(hers, client, body):
    sign_in(client)
    token = client.get(PAGE).json["token"]
    answer = client.post(PAGE, data=body, headers={"X-CSRFToken": token})
    assert answer.status_code == 422


@pytest.mark.service
def test_the_page_tells_what_it_was_told_and_needs_its_token(hers, client):
    sign_in(client)
    token = client.get(PAGE).json["token"]
    act = "6b0f3d52-5ad5-4a53-9f1e-6d3f0f6f3c11"
    fields = {"name": ["Opak", OLD], "photo": ["no id", OLD]}
    body = json.dumps({"act": act, "fields": fields})
    assert client.post(PAGE, data=body).status_code in {303, 400}
    told = client.post(PAGE, data=body, headers={"X-CSRFToken": token}).json
    assert told == {"act": act, "fields": {"name": [OLD, "Opak"], "photo": [OLD, "no id"]}}
    assert client.get(PAGE).json["fields"] == told["fields"]
    assert client.get(f"{PAGE}?toko=toko-orang-lain").status_code == 404
