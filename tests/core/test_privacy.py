"""Her data is hers: she gets a copy, and after erasing no column of any table names her."""

import json
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from cooperatives import members
from cooperatives.models import Membership, Place
from core import album, audit, jobs, notify, orgs, privacy, recovery, signin, tasks
from core.access import Grant
from core.actors import SYSTEM, Actor
from core.album import Picture
from core.db import db, in_transaction
from core.people import Person
from core.rights import OPERATE
from orders.models import Contact
from sellers import permits, photos, shops
from sellers.models import Seller
from sellers.rights import SELL
from sellers.training.models import Enrolment
from tests.cooperatives import books_factories as books
from tests.cooperatives.factories import a_cooperative, a_home
from tests.factories import PIN, a_person, give, sign_in, token_in
from tests.orders.factories import a_market, order
from tests.sellers.factories import NIB, a_draft, a_photo_file
from tests.sellers.training.factories import a_cohort, a_provider, enrolled

pytestmark = pytest.mark.service
NAME, CALL_ME, PHONE, STREET = "Zulaikhawati", "Mbak Zul", "+6281355577799", "Jl. Melati 99"
TRACES = (NAME.lower(), CALL_ME.lower(), "81355577799", STREET.lower())
GREET = tasks.declare("test.greet", "Sapa %(call_me)s")


@pytest.fixture
def zul(app):
    return SimpleNamespace(id=a_person(NAME, phone=PHONE).id, house=None)


@in_transaction()
def address_her(db, *, person_id):
    person = db.get_one(Person, person_id)
    person.call_me, person.email = CALL_ME, "zulaikhawati@example.test"
    tasks.write(
        db, GREET, doc=("person", person_id), link="/", person_id=person_id,
        facts={"call_me": CALL_ME},
    )  # fmt: skip
    notify.tell(db, event_key="x", people=[person_id], title="Halo", text=f"Halo, {CALL_ME}.")


def a_life(zul):
    """She has been everything: member, seller, learner, buyer; and all of it has come to rest."""
    actor = Actor(zul.id)
    address_her(person_id=zul.id)
    signin.open_sign_in(actor=actor, device="Android")
    cooperative = a_cooperative()
    members.join(actor=SYSTEM, cooperative_id=cooperative.id, person_id=zul.id)
    recovery.ask_for_reset(phone=PHONE)
    members.pin_forgotten.run(person_id=zul.id)
    shop = shops.open_shop(
        actor=SYSTEM,
        organisation_id=cooperative.id,
        maker_id=zul.id,
        profile={"store_name": f"Dapur {NAME}", "call_me": CALL_ME, "story": f"Saya {NAME}."},
    )
    listing = a_draft(shop, "Kue lapis", description=f"Buatan {CALL_ME}")
    photos.attach(actor=actor, listing_id=listing.id, content=a_photo_file(), alt=f"Foto {NAME}")
    permits.add(actor=actor, seller_id=shop.id, kind="nib", typed=NIB)
    home = a_home(seller=shop)
    home.name, home.landmark = f"Rumah {NAME}", STREET
    enrolment_id = enrolled(a_cohort(a_provider()), actor)
    zul.order = an_ended_order(actor)
    db.session.commit()
    return SimpleNamespace(
        actor=actor, shop=shop, home=home, enrolment_id=enrolment_id, listing=listing
    )


def an_ended_order(actor):
    from orders import endings

    market = a_market()
    placed = order((market.tiwul, 1), actor=actor)
    contact = db.session.get(Contact, placed.id)
    contact.name, contact.phone, contact.street = NAME, PHONE, STREET
    db.session.commit()
    endings.cancel(actor=actor, order_id=placed.id)
    return placed


def written_columns():
    """Every column that can hold words."""
    return db.session.execute(
        text(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and (data_type in ('text', 'character varying', 'json',"
            " 'jsonb', 'ARRAY', 'tsvector') or data_type = 'character') order by 1, 2"
        )
    ).all()


def traces():
    """Where something of her still stands."""
    found = []
    for table, column in written_columns():
        query = f'select lower("{column}"::text) from "{table}" where "{column}" is not null'
        for (value,) in db.session.execute(text(query)):
            found += [(table, column, trace) for trace in TRACES if trace in value]
    return found


def reasons(person_id):
    return [str(sentence) for sentence in privacy.reasons_to_wait(db.session(), person_id)]


def test_after_erasing_no_column_names_her(zul, own_storage):
    life = a_life(zul)
    assert {table for table, _column, _trace in traces()} >= {
        "person", "seller", "place", "order_contact", "task", "notice", "picture", "listing",
    }  # fmt: skip
    assert reasons(zul.id) == []
    privacy.erase(actor=life.actor)
    assert traces() == []


def test_what_others_need_stays(zul, own_storage, session):
    life = a_life(zul)
    membership_id = session.query(Membership.id).filter_by(person_id=zul.id).scalar()
    privacy.erase(actor=life.actor)
    session.expire_all()
    person = session.get(Person, zul.id)
    assert (person.name, person.phone, person.pin_hash) == (privacy.NOBODY, None, None)
    assert person.erased_at is not None
    membership = session.get(Membership, membership_id)
    assert (membership.person_id, membership.left_on is not None) == (zul.id, True)
    assert session.get(Enrolment, life.enrolment_id).state == "left"
    assert session.get(Seller, life.shop.id).closed_at is not None
    assert session.get(Place, life.home.id).closed_at is not None
    assert session.get(Contact, zul.order.id).erased_at is not None
    assert zul.order.total > 0


def test_her_rights_and_devices_end(zul, session):
    give(Actor(zul.id), SELL, 1)
    token = signin.open_sign_in(actor=Actor(zul.id), device="x")
    privacy.erase(actor=Actor(zul.id))
    assert signin.living(session, token, 90) is None
    grant = session.query(Grant).filter_by(person_id=zul.id).one()
    assert (grant.revoked_at is not None, grant.evidence) == (True, "")


def test_erasing_twice_is_once(zul, session):
    privacy.erase(actor=Actor(zul.id))
    privacy.erase(actor=Actor(zul.id))
    assert session.query(audit.Audit).filter_by(action="person.erase").count() == 1


def test_nobody_else_is_touched(zul, own_storage, session):
    other = a_person("Wagiyem", phone="+6281299998888")
    signin.open_sign_in(actor=Actor(other.id), device="x")
    a_life(zul)
    privacy.erase(actor=Actor(zul.id))
    session.expire_all()
    assert session.get(Person, other.id).name == "Wagiyem"
    assert len(signin.list_sign_ins(session, other.id)) == 1


def test_the_files_of_her_pictures_are_deleted(zul, own_storage, session):
    a_life(zul)
    picture_id = session.query(Picture.id).scalar()
    album.redraw.run(picture_id=picture_id)
    session.expire_all()
    key = session.get(Picture, picture_id).key_base + "/640.webp"
    assert album.storage().exists(key)
    privacy.erase(actor=Actor(zul.id))
    row = session.execute(
        text("select args from procrastinate_jobs where task_name = 'core.delete_copies'")
    ).one()
    for _ in range(2):
        jobs.JOBS["core.delete_copies"].run(**row.args)
    assert not album.storage().exists(key)


def test_an_open_order_makes_her_wait(zul):
    market = a_market()
    order((market.tiwul, 1), actor=Actor(zul.id))
    assert reasons(zul.id) == ["Masih ada pesanan Anda yang belum selesai."]
    with pytest.raises(privacy.MustWait):
        privacy.erase(actor=Actor(zul.id))
    assert db.session.get(Person, zul.id).erased_at is None


def test_a_parcel_of_her_shop_and_goods_make_her_wait(app):
    market = a_market()
    order((market.tiwul, 1), method="cash_delivery")
    said = reasons(market.maker.person_id)
    assert "Masih ada paket dari toko Ibu yang belum selesai." in said
    assert "Masih ada barang Ibu di rak. Ambil atau catat keluar dulu." in said


def test_goods_sold_out_keep_nobody(app, session):
    market = a_market()
    session.execute(text("update level set on_hand = 0, reserved = 0, counter_kept = 0"))
    session.commit()
    assert reasons(market.maker.person_id) == []


@pytest.mark.parametrize("kind", ["to_her", "by_her"])
def test_money_on_either_side_makes_her_wait(zul, kind):
    sharing = books.parties(books.Owner(person_id=zul.id))
    assert reasons(zul.id) == []
    if kind == "to_her":
        books.earned_sale((sharing, 18_000))
    else:
        market = a_market()
        page = books.own(books.Kind.RECEIVABLE, books.house_id(), f"seller:{market.maker.id}")
        sale = books.a_sale()
        books.book(step=books.postings.captured, sale=sale, attempt_id=1, money=page, amount=9_000)
        market.maker.person_id = zul.id
        db.session.commit()
    assert "Masih ada uang yang harus dibayar. Tunggu pencairan atau lunasi dulu." in reasons(
        zul.id
    )


def test_the_only_operator_waits_for_another(zul):
    house = orgs.operator(db.session()).id
    give(Actor(zul.id), OPERATE, house)
    assert reasons(zul.id) == ["Anda satu-satunya pengelola. Angkat pengelola lain dulu."]
    give(Actor(a_person("Lain", phone="+6281299998888").id), OPERATE, house)
    assert reasons(zul.id) == []


@pytest.fixture
def visiting(client, zul):
    sign_in(client, phone="0813-5557-7799")
    return client


def test_she_downloads_her_own_data_and_nobody_elses(visiting, zul, own_storage):
    a_person("Wagiyem", phone="+6281299998888")
    a_life(zul)
    answer = visiting.get("/akun/data/salinan.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    gathered = json.loads(answer.text)
    assert set(gathered) >= {"core", "sellers", "cooperatives", "orders"}
    assert gathered["core"]["person"][0]["name"] == NAME
    assert gathered["sellers"]["shops"][0]["store_name"] == f"Dapur {NAME}"
    assert gathered["orders"]["orders"][0]["street"] == STREET
    assert "Wagiyem" not in answer.text
    assert "pin_hash" not in answer.text


def test_a_copy_is_for_the_signed_in(client):
    assert client.get("/akun/data/salinan.json").status_code == 303


def test_the_page_says_what_is_kept(visiting):
    page = visiting.get("/akun/data").text
    assert "Yang kami simpan" in page
    assert "/akun/data/hapus" in page


def test_erasing_asks_for_the_pin_and_leaves(visiting, zul, session):
    url = "/akun/data/hapus"
    data = {"csrf_token": token_in(visiting.get(url))}
    assert "PIN belum cocok" in visiting.post(url, data=data | {"pin": "830417"}).text
    assert session.get(Person, zul.id).erased_at is None
    answer = visiting.post(url, data=data | {"pin": PIN})
    assert (answer.status_code, answer.location) == (303, "/")
    session.expire_all()
    assert session.get(Person, zul.id).erased_at is not None
    assert visiting.get("/akun").status_code == 303
    assert "belum cocok" in sign_in(visiting, phone="0813-5557-7799").text


def test_guessing_the_pin_ends(visiting):
    url = "/akun/data/hapus"
    data = {"csrf_token": token_in(visiting.get(url)), "pin": "830417"}
    answers = [visiting.post(url, data=data).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_with_something_open_there_is_no_button(visiting, zul, session):
    market = a_market()
    order((market.tiwul, 1), actor=Actor(zul.id))
    url = "/akun/data/hapus"
    page = visiting.get(url)
    assert "pesanan Anda yang belum selesai" in page.text
    assert 'name="pin"' not in page.text
    data = {"csrf_token": token_in(visiting.get("/akun")), "pin": PIN}
    visiting.post(url, data=data)
    session.expire_all()
    assert session.get(Person, zul.id).erased_at is None
