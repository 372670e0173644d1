"""The house's words for what can be learnt: kept by the operator, used by programmes and buyers."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core import orgs
from core.db import db
from core.errors import NotFound
from core.rights import OPERATE
from sellers.training import programmes, skills
from sellers.training.models import ProgrammeSkill, Skill
from tests.factories import an_actor, give, sign_in, token_in
from tests.sellers.training.factories import a_facilitator, a_programme, a_provider

pytestmark = pytest.mark.service

PHOTO, VIDEO = "foto-produk", "video-pendek"


@pytest.fixture
def operator(app):
    made = an_actor("Kelola", phone="+628123456780")
    give(made, OPERATE, orgs.operator_id(db.session()))
    return made


def taught(programme_id):
    query = select(ProgrammeSkill.skill_slug).where(ProgrammeSkill.programme_id == programme_id)
    return sorted(db.session.scalars(query))


def offered():
    return {slug for slug, _name in skills.list_skills(db.session())}


def test_a_new_word_is_offered_at_once_and_gets_an_address(operator):
    slug = skills.add(actor=operator, name="Menjahit rapi", name_en="Neat sewing")
    assert slug == "menjahit-rapi"
    assert slug in offered()
    programme = a_programme(a_provider(), skills=(slug,))
    assert taught(programme) == [slug]


@pytest.mark.parametrize("name", ["Foto produk", "FOTO PRODUK"])
def test_one_thing_has_one_word(operator, name):
    with pytest.raises(skills.SameName):
        skills.add(actor=operator, name=name, name_en="")
    with pytest.raises(skills.SameName):
        skills.edit(actor=operator, slug=VIDEO, name=name, name_en="", hidden=False)


def test_a_long_name_has_an_address_that_fits(operator):
    assert len(skills.add(actor=operator, name="Kata " * 12, name_en="")) <= skills.SLUG_MAX


def test_a_hidden_word_is_offered_no_more_and_stays_where_it_is_taught(operator):
    provider = a_provider()
    programme, teacher = a_programme(provider, skills=(PHOTO, VIDEO)), a_facilitator(provider)
    skills.edit(actor=operator, slug=PHOTO, name="Foto", name_en="", hidden=True)
    assert PHOTO not in offered()
    plan = programmes.get_plan(db.session(), teacher, programme)
    programmes.change_programme(
        actor=teacher, programme_id=programme, plan=replace(plan, skills=(VIDEO,))
    )
    assert taught(programme) == [PHOTO, VIDEO]
    assert taught(a_programme(provider, "Lain", skills=(PHOTO,))) == []
    skills.edit(actor=operator, slug=PHOTO, name="Foto", name_en="Photos", hidden=False)
    assert PHOTO in offered()


def test_what_taught_the_one_teaches_the_other_and_both_count_once(operator):
    provider = a_provider()
    one = a_programme(provider, skills=(PHOTO,))
    both = a_programme(provider, "Keduanya", skills=(PHOTO, VIDEO))
    skills.merge(actor=operator, slug=PHOTO, into=VIDEO)
    assert taught(one) == taught(both) == [VIDEO]
    assert PHOTO not in offered()
    for act in (
        lambda: skills.merge(actor=operator, slug=PHOTO, into="halal"),
        lambda: skills.edit(actor=operator, slug=PHOTO, name="x", name_en="", hidden=False),
        lambda: skills.merge(actor=operator, slug="tidak-ada", into=VIDEO),
    ):
        with pytest.raises(NotFound):
            act()
    skills.merge(actor=operator, slug=VIDEO, into="halal")
    assert db.session.get(Skill, PHOTO).merged_into == "halal"  # No address leads astray.
    assert taught(one) == ["halal"]


def test_a_word_is_merged_only_into_another_that_is_offered(operator):
    skills.edit(actor=operator, slug=VIDEO, name="Video", name_en="", hidden=True)
    for into in (PHOTO, VIDEO):
        with pytest.raises(skills.CannotMerge):
            skills.merge(actor=operator, slug=PHOTO, into=into)


def test_nobody_but_an_operator_keeps_them(app):
    stranger = an_actor("Orang")
    for act in (
        lambda: skills.list_kept(db.session(), stranger),
        lambda: skills.add(actor=stranger, name="Baru", name_en=""),
        lambda: skills.edit(actor=stranger, slug=PHOTO, name="x", name_en="", hidden=True),
        lambda: skills.merge(actor=stranger, slug=PHOTO, into=VIDEO),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_operator_keeps_them_on_pages(client, operator):
    sign_in(client, phone="0812-3456-780")
    page = client.get("/kelola/keterampilan")
    token = {"csrf_token": token_in(page)}
    assert "Foto produk" in page.text
    assert client.post("/kelola/keterampilan", data=token).status_code == 200
    twin = client.post("/kelola/keterampilan", data={**token, "name": "foto produk"})
    assert "sudah ada" in twin.text
    made = client.post("/kelola/keterampilan", data={**token, "name": "Menjahit"})
    assert made.status_code == 303
    one = "/kelola/keterampilan/menjahit"
    assert "Menjahit" in client.get(one).text
    for path, values, status in (
        (one, {"name": "Foto produk"}, 200),
        (one, {"name": "Jahit", "hidden": "y"}, 303),
        (f"{one}/gabung", {"into": "menjahit"}, 200),
        (f"{one}/gabung", {"into": PHOTO}, 303),
        (one, {"name": "Jahit"}, 404),
        (f"{one}-lain", {"name": "Jahit"}, 404),
    ):
        assert client.post(path, data={**token, **values}).status_code == status, (path, values)
    assert "Digabung ke Foto produk" in client.get("/kelola/keterampilan").text
