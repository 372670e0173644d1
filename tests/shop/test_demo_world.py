"""The demo world as it stands after it was loaded once."""

import re
import uuid

import pytest
from sqlalchemy import func, select, text

from app import create_app
from cooperatives.half_hour.lines import TOPICS, Asked
from cooperatives.models import (
    JointPackage,
    Level,
    Lot,
    Movement,
    Payout,
    PayoutBatch,
    Place,
    SettlementRound,
    Translation,
)
from cooperatives.models.members import Membership
from cooperatives.packages.shown import list_newest
from cooperatives.rights import COORDINATE
from core import access, album, clock, doctor, files, tasks
from core.actors import GUEST, Actor
from core.db import db
from core.orgs import Organisation
from core.people import Person
from core.storage import StorageSettings
from orders import unanswered
from orders.models import Claim, Contact, Line, Order, Parcel, Refund
from sellers import photos
from sellers.models import Category, Listing, Permit, Seller, Variant
from sellers.rights import SELL
from sellers.training import history, offers
from sellers.training.models import Certificate, Programme, TrainingSession
from shop.demo import cast, pictures, settling, world
from shop.demo.cast import act_id
from tests.conftest import environ, make_database, server_url
from tests.cooperatives.books_factories import wait_until_decided

pytestmark = pytest.mark.service

KIOSK = {
    "p01": 15, "p02": 12, "p04": 20, "p05": 8, "p06": 30, "p07": 24, "p08": 15, "p09": 20,
    "p10": 30, "p11": 10, "p12": 24, "p13": 10, "p14": 8, "p15": 4, "p16": 1, "p17": 5,
    "p18": 16, "p19": 6, "p20": 12, "p21": 8, "p22": 14, "p23": 12, "p24": 10, "p25": 22,
    "p26": 9, "p27": 18, "p28": 6, "p29": 3, "p30": 25,
}  # fmt: skip
HOME = {
    "p01": 34, "p02": 20, "p03": 26, "p04": 40, "p05": 15, "p06": 60, "p07": 42, "p08": 35,
    "p09": 28, "p10": 50, "p11": 18, "p12": 24, "p13": 12, "p14": 14, "p15": 9, "p16": 2,
    "p17": 11, "p18": 22, "p20": 16, "p21": 10, "p22": 20, "p23": 25, "p24": 30, "p25": 26,
    "p26": 18, "p27": 26, "p28": 12, "p29": 6, "p30": 45,
}  # fmt: skip
FICTION_ABROAD = "+61491570006"  # Set aside by the Australian authority for stories.


@pytest.fixture(scope="module")
def demo(template_database, tmp_path_factory):
    """The demo world, loaded once for this whole file on a database that really commits."""
    name = f"demo_{uuid.uuid4().hex[:12]}"
    make_database(name, template_database)
    folder = str(tmp_path_factory.mktemp("storage"))
    app = create_app(environ(server_url(name), LUMBUNG_STORAGE_FOLDER=folder))
    with app.app_context():
        assert world.load() is True
        for _other_writer in range(20):  # A round waits for whoever still writes on the server.
            wait_until_decided()
            if settling.settle_all() or db.session.scalar(select(SettlementRound.id)):
                break
        yield app
        db.session.remove()
        db.engine.dispose()


def key_of_sku():
    return {row["sku"]: row["key"] for row in cast.read("listings")["listings"]}


def standing(kind):
    """Units on hand by product at all places of a kind."""
    query = (
        select(Variant.sku, func.sum(Level.on_hand))
        .join(Level, Level.variant_id == Variant.id)
        .join(Place, Place.id == Level.place_id)
        .where(Place.kind == kind, ~Variant.is_sample)
        .group_by(Variant.sku)
    )
    keys = key_of_sku()
    return {keys[sku]: int(units) for sku, units in db.session.execute(query) if units}


def an_order(number):
    return db.session.get(Order, act_id("order", f"LMB-2611-{number}"))


def parcel_states(number):
    query = select(Parcel.state).where(Parcel.order_id == an_order(number).id)
    return set(db.session.scalars(query))


def parts(number):
    """Gross, cooperative, operator, kiosk or inviter, and maker of each goods line, the smallest
    first.
    """
    other = Line.kiosk_part + Line.affiliate_part
    query = select(Line.total, Line.cooperative_part, Line.operator_part, other, Line.maker_part)
    query = query.where(Line.order_id == an_order(number).id, Line.kind == "goods")
    return sorted(tuple(row) for row in db.session.execute(query))


def rows_everywhere():
    """How many rows every table has."""
    names = db.session.scalars(
        text(
            "select table_name from information_schema.tables"
            " where table_schema = 'public' and table_type = 'BASE TABLE'"
        )
    ).all()
    return {name: db.session.scalar(text(f'select count(*) from "{name}"')) for name in names}


def test_the_doctor_has_nothing_to_say(demo):
    assert doctor.examine() == []


def test_shelf_and_homes_hold_what_the_demo_says(demo):
    assert standing("kiosk") == KIOSK
    assert standing("home") == HOME
    assert standing("transit") == {"p25": 6}


def test_goods_of_the_kiosk_came_in_and_went_by_movements_of_its_keeper(demo):
    keeper = db.session.scalars(select(Person).where(Person.name == "Harti Setyorini")).one()
    moved = dict(
        db.session.execute(
            select(Movement.kind, func.sum(Movement.quantity))
            .where(Movement.actor_id == keeper.id)
            .group_by(Movement.kind)
        ).all()
    )
    received = 238 + sum(KIOSK.values()) - 160  # Three were sent on to the next bazaar.
    assert moved == {"receive": received, "sale": 75, "count": 1, "transfer": 3}
    assert db.session.scalars(select(Movement.id).where(Movement.is_flagged)).all() == []


def test_nothing_is_stale(demo):
    days = db.session.scalars(select(Lot.best_before).where(Lot.best_before.is_not(None))).all()
    assert len(days) > 40
    assert min(days) > clock.today()
    found, _more = offers.list_offers(db.session(), GUEST)
    assert len(found) == db.session.scalar(select(func.count(Programme.id))) + 1 == 8
    assert cast.day("2026-11-21") == clock.today()


def test_every_maker_has_a_shop_worth_reading(demo):
    shops = db.session.scalars(select(Seller)).all()
    assert len(shops) == 12
    for shop in shops:
        assert all((shop.story, shop.story_en, shop.mission, shop.difference, shop.district_code))
        assert access.people_who(db.session(), SELL, shop.id) == [shop.person_id]
    returned = {shop.slug for shop in shops if shop.shows_return}
    assert returned == {"nurhidayah", "triwahyuningsih", "anisuryaningsih"}


def test_all_products_are_shown_but_the_one_without_a_permit(demo):
    states = dict(db.session.execute(select(Listing.name, Listing.state)).all())
    assert [name for name, state in states.items() if state != "live"] == ["Selai Carica 200 g"]
    assert len(states) == 30
    halal = db.session.execute(select(Listing.halal, func.count()).group_by(Listing.halal)).all()
    assert dict(halal) == {"certified": 23, "in_process": 2, "not_food": 5}
    tiwul = db.session.scalars(
        select(Listing).where(Listing.name.startswith("Tiwul Instan T"))
    ).one()
    assert tiwul.translations["zh_hant"] == {"name": "速食木薯粗粉（原味）400克"}
    assert db.session.scalar(select(func.count(Category.id))) == 10


def test_every_permit_is_a_sample(demo):
    permits = db.session.scalars(select(Permit)).all()
    assert len(permits) == 12 + 25 + 25
    assert all(permit.is_sample for permit in permits)
    assert sum(permit.number is None for permit in permits) == 3
    pirt = [permit.number for permit in permits if permit.kind == "pirt" and permit.number]
    assert {number[3:7] for number in pirt} == {"9999"}


@pytest.mark.parametrize(
    ("number", "state", "parcels"),
    [
        ("0001", "paid", {"delivered"}),
        ("0002", "paid", {"handed_over"}),
        ("0003", "paid", {"delivered"}),
        ("0007", "paid", {"packed"}),
        ("0008", "on_delivery", {"accepted"}),
        ("0009", "on_delivery", {"to_accept"}),
    ],
)
def test_orders_stand_where_the_demo_left_them(demo, number, state, parcels):
    assert an_order(number).state == state
    assert parcel_states(number) == parcels


def test_the_order_that_waits_at_the_kiosk_has_its_code(demo):
    parcel = db.session.scalars(select(Parcel).where(Parcel.order_id == an_order("0007").id)).one()
    assert re.fullmatch("[0-9]{4}", parcel.pickup_code)


@pytest.mark.parametrize(
    ("number", "total", "lines"),
    [
        ("0001", 92_000, [(36_000, 1_800, 720, 0, 33_480), (42_000, 2_100, 840, 0, 39_060)]),
        (
            "0002",
            327_000,
            [(120_000, 6_000, 2_400, 6_000, 105_600), (185_000, 9_250, 3_700, 9_250, 162_800)],
        ),
        ("0003", 70_000, [(26_000, 1_300, 520, 0, 24_180), (44_000, 2_200, 880, 0, 40_920)]),
        ("0007", 74_000, [(26_000, 1_300, 520, 0, 24_180), (48_000, 2_400, 960, 0, 44_640)]),
        ("0008", 80_000, [(60_000, 3_000, 1_200, 0, 55_800)]),
    ],
)
def test_money_splits_to_the_rupiah(demo, number, total, lines):
    assert an_order(number).total == total
    assert parts(number) == lines
    assert all(gross == sum(shares) for gross, *shares in lines)


def test_classes_that_are_over_left_certificates_and_are_shown(demo):
    numbers = dict(db.session.execute(select(Seller.slug, Seller.id)).all())
    shown = {
        slug: [
            (one.is_completed, bool(one.code))
            for one in history.shown_for_seller(db.session(), key)
        ]
        for slug, key in numbers.items()
    }
    assert all(is_completed for trainings in shown.values() for is_completed, _code in trainings)
    certified = {slug for slug, trainings in shown.items() if (True, True) in trainings}
    assert certified == {"nurhidayah", "khotimatul", "sumirah"}
    assert db.session.scalar(select(func.count(Certificate.id))) == 3
    chips = db.session.scalars(
        select(Listing).where(Listing.name.startswith("Keripik Pisang O"))
    ).one()
    (behind,) = history.shown_for_listing(db.session(), chips.id)
    assert behind.programme == "Jualan dari HP"
    assert db.session.scalar(select(func.count(TrainingSession.id))) == 32 + 4 + 6 + 3 + 6 + 8


def test_members_belong_to_their_groups(demo):
    query = (
        select(Organisation.slug, func.count(Membership.id))
        .join(Membership, Membership.cooperative_id == Organisation.id)
        .group_by(Organisation.slug)
    )
    members = dict(db.session.execute(query).all())
    assert members == {"kop-sendang": 9, "kop-giri": 4, "kub-canting": 2}


def test_nobody_is_real_and_no_number_is_public(demo):
    numbers = [
        *db.session.scalars(select(Person.phone).where(Person.phone.is_not(None))),
        *db.session.scalars(select(Contact.phone)),
    ]
    assert {n for n in numbers if not n.startswith("+62840")} == {FICTION_ABROAD}
    for table in ("seller", "listing", "variant", "organisation", "cooperative", "place",
                  "programme", "cohort", "training_session", "certificate"):  # fmt: skip
        for row in db.session.execute(text(f'select to_jsonb("{table}")::text from "{table}"')):
            assert not re.search(r"(\+62|0)840", row[0]), table


def test_the_coordinator_finds_one_line_of_each_kind(demo):
    umi = db.session.scalars(select(Person).where(Person.name == "Hj. Umi Fathonah")).one()
    actor = Actor(umi.id)
    asked = Asked(access.subjects(db.session(), actor, COORDINATE))
    found = {name: len(topic.find(db.session(), asked)) for name, topic in TOPICS.items()}
    assert [name for name, lines in found.items() if not lines] == ["uncounted"]  # Time must pass.
    assert len(unanswered.cards(db.session(), actor)) == 1
    assert any(task.kind == "fair.uneven" for task in tasks.list_for(db.session(), actor))


def test_loading_again_changes_nothing(demo):
    before = rows_everywhere()
    assert world.load() is False
    assert rows_everywhere() == before


def waiting_pictures():
    query = "select args->>'key' from procrastinate_jobs where task_name = 'shop.draw_demo_picture'"
    return db.session.scalars(text(query)).all()


def test_pictures_follow_one_another_from_the_newest_product_to_the_last_maker(demo):
    assert waiting_pictures() == ["p30"]
    followed = ["p30"]
    while following := pictures.FOLLOWING.get(followed[-1]):
        followed.append(following)
    wanted = [*(f"p{n:02}" for n in range(30, 0, -1)), *(f"s{n:02}" for n in range(1, 13))]
    assert followed == wanted


def test_a_product_gets_its_picture_once(demo):
    assert demo.extensions["settings"][StorageSettings].folder != "var/storage"
    listing_id = db.session.scalar(select(Variant.listing_id).where(Variant.sku == "LMB-S01-01"))
    pictures.draw_demo_picture.run(key="p01")
    (sent,) = photos.list_of(db.session(), listing_id)
    assert (sent.state, sent.alt) == ("waiting", "Gambar contoh: Tiwul Instan Tawar 400 g")
    album.redraw.run(picture_id=sent.id)
    pictures.draw_demo_picture.run(key="p01")
    db.session.commit()
    (drawn,) = photos.list_of(db.session(), listing_id)
    assert (drawn.id, drawn.state) == (sent.id, "ready")
    assert waiting_pictures() == ["p30", "s01"]


def test_a_maker_gets_her_picture_once(demo):
    def sumirah():
        db.session.expire_all()
        return db.session.scalars(select(Seller).where(Seller.slug == "sumirah")).one()

    pictures.draw_demo_picture.run(key="s01")
    first = sumirah().picture_id
    assert first is not None
    pictures.draw_demo_picture.run(key="s01")
    assert sumirah().picture_id == first


def test_one_problem_is_settled_and_one_waits_for_the_keeper(demo):
    query = select(Claim.state, Claim.wish, Claim.bearer).order_by(Claim.opened_at)
    assert db.session.execute(query).all() == [
        ("closed", "money", "maker"),
        ("open", "replace", ""),
    ]
    owed = db.session.scalars(select(Refund.amount).where(Refund.doc_type == "claim")).all()
    assert owed == [14_000]


def test_monday_stands_in_all_its_stages(demo):
    (one,) = db.session.scalars(select(SettlementRound)).all()
    assert one.done_at is not None
    batches = db.session.scalars(select(PayoutBatch).order_by(PayoutBatch.id)).all()
    assert [batch.stage for batch in batches] == ["created", "approved"]
    paid = db.session.scalars(select(Payout).where(Payout.state == "paid")).all()
    assert [payout.batch_id for payout in paid] == [batches[1].id]
    assert files.list_of(db.session(), ("payout", paid[0].id))


def test_one_package_is_sold_and_one_waits(demo):
    names = [one.name for one in list_newest(db.session())]
    assert names == ["Oleh-oleh Sendang"]
    assert db.session.scalar(select(func.count(JointPackage.id))) == 2


def test_translations_of_every_stage_can_be_looked_at(demo):
    states = db.session.scalars(select(Translation.state).order_by(Translation.id)).all()
    assert states == ["accepted", "accepted", "written", "asked"]
