"""A small world in threes: her own things, those of a colleague in her organisation, and those of
another organisation, so that every address can be asked for each of them."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import select

from cooperatives import beginning, cash_takers, ledger, members, payouts
from cooperatives.accounts import own
from cooperatives.counts import counting
from cooperatives.days import bags, shifts
from cooperatives.models import Payout, Settlement, Translation
from cooperatives.models.books import Kind
from cooperatives.models.stock import Movement
from cooperatives.receiving import agreeing
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from cooperatives.settling import batches, rounds, tax_letters
from core import access, clock, conflicts, files, notify, orgs, signin, uploading
from core.access import Grant
from core.actors import GUEST, SYSTEM, Actor
from core.album import Picture
from core.conflicts import ActConflict
from core.db import db, in_transaction
from core.envelopes import Envelope
from core.notices import Notice
from core.passkeys import Passkey
from core.people import Person
from core.rights import OPERATE
from core.signin import SignIn
from core.tus import Wish
from orders import claims, endings, fulfilment, handover, refund_accounts, transfers
from orders.models import Refund
from orders.refund_accounts import Target
from sellers import listings
from sellers.helping.models import HelpedDeed
from sellers.models import ListingPicture, Permit
from sellers.rights import GOODS, SELL
from sellers.training import certificates, scholarships
from sellers.training.car import CarWish
from sellers.training.endorsements import Endorsement
from sellers.training.mentoring_models import Mentoring, MentorNote
from sellers.training.models import Certificate, Cohort
from sellers.training.rights import TEACH, VERIFY
from sellers.training.scholarships import Batch
from tests.cooperatives.activity.factories import an_activity_report
from tests.cooperatives.bazaars.factories import a_bazaar
from tests.cooperatives.big_orders.factories import an_asked_order
from tests.cooperatives.books_factories import (
    a_treasurer,
    account_of,
    bank,
    book,
    closed,
    earned_sale,
    maker_page,
    parties,
    sent_payout,
    wait_until_decided,
)
from tests.cooperatives.days.factories import counted, expected, sold
from tests.cooperatives.factories import (
    a_cooperative,
    a_home,
    a_listing,
    a_lot,
    a_place,
    a_seller,
    a_variant,
    saved,
)
from tests.cooperatives.help_factories import a_mandate
from tests.cooperatives.receiving.factories import a_note, an_offered
from tests.cooperatives.shelf.factories import a_shipment, thrown_away
from tests.factories import an_organisation
from tests.house import her_money, shared
from tests.house.her_money import an_account
from tests.orders.bank_factories import a_line
from tests.orders.claim_factories import a_claim
from tests.orders.factories import (
    KERTEK,
    RECEIVER,
    a_market,
    attempt_of,
    order,
    parcels_of,
    run_jobs,
)
from tests.orders.reports.writing import lines, m_row, midtrans, upload
from tests.orders.till.factories import a_qris, a_sale_at
from tests.sellers.training.factories import a_cohort, a_session, enrolled, present


def somebody():
    name = f"Orang {uuid.uuid4().hex[:6]}"
    return Actor(saved(Person(name=name, call_me=name)).id)


def holding(right, *subject_ids):
    actor = somebody()
    for subject_id in subject_ids:
        access.give(actor=SYSTEM, person_id=actor.person_id, right=right, subject_id=subject_id)
    return actor


def build():
    """Everybody of the matrix by role, and the things by kind: each a list of three."""
    market = a_market()
    there = a_cooperative()
    stranger = a_seller(there, district_code=KERTEK)
    school, other_school = (an_organisation(slug, kind="provider") for slug in ("p", "q"))
    things = {
        "shops": [a_shop_of(seller) for seller in (market.maker, market.weaver, stranger)],
        "kiosks": [
            a_parcel_in(market.kiosk, market.maker),
            a_parcel_in(a_pickup(market.cooperative), market.maker),
            a_parcel_in(a_pickup(there), stranger),
        ],
        "qris": [
            {"qris_id": a_qris(where).id}
            for where in (market.cooperative, market.cooperative, there)
        ],
        "counter_sales": [
            a_counter_sale(market.kiosk, market.maker),
            a_counter_sale(a_pickup(market.cooperative), market.maker),
            a_counter_sale(a_pickup(there), stranger),
        ],
        "members": [
            a_member(market.cooperative), a_member(market.cooperative), a_member(there)
        ],
        "newcomers": [
            a_newcomer(market.cooperative), a_newcomer(market.cooperative), a_newcomer(there)
        ],
        "accounts": [
            an_account(market.cooperative), an_account(market.cooperative), an_account(there)
        ],
        "moves_of_money": [
            a_journal(market.cooperative), a_journal(market.cooperative), a_journal(there)
        ],
        "offers": [an_offer(school), an_offer(school), an_offer(other_school)],
        "kinds": [{"kind": "nib"}] * 3,
        "tables": [{"word": "anggota"}] * 3,
        "forms": [{"form": "csv"}, {"form": "xlsx"}, {"form": "csv"}],
        "movements": [
            a_movement(market.kiosk, market.maker),
            a_movement(a_home(seller=market.weaver), market.weaver),
            a_movement(a_pickup(there), stranger),
        ],
        "guides": [{"name": "barang"}] * 3,
        "claims": [
            a_problem(market, seller) for seller in (market.maker, market.weaver, stranger)
        ],
        "kiosk_claims": [
            a_problem(market, market.maker, market.kiosk),
            a_problem(market, market.maker, a_pickup(market.cooperative)),
            a_problem(market, stranger, a_pickup(there)),
        ],
    }  # fmt: skip
    things["drawers"] = [
        a_drawer(market.kiosk, market.keeps),
        a_drawer(a_pickup(market.cooperative)),
        a_drawer(a_pickup(there)),
    ]
    things["lines"] = [a_permit_line(one) for one in (market.maker, market.weaver, stranger)]
    things["topics"] = [{"topic": "silent"}] * 3
    things |= her_money.things(market.sells, market.weaves, somebody())
    things["her_bazaars"] = [
        {"bazaar_id": a_bazaar(one).id} for one in (market.cooperative, market.cooperative, there)
    ]
    things["bazaars"] = [
        named | {"seller_id": seller.id}
        for named, seller in zip(
            things["her_bazaars"], (market.maker, market.weaver, stranger), strict=True
        )
    ]
    things["her_shares"] = [
        {"order_id": an_asked_order(seller).id}
        for seller in (market.maker, market.weaver, stranger)
    ]
    things["activities"] = [
        {"report_id": an_activity_report(group.id, photo=True).id}
        for group in (market.cooperative, there, there)
    ]
    things["big_orders"] = [things["her_shares"][n] for n in (0, 2, 2)]
    things["notes"] = [
        a_signed_note(market.kiosk, seller) for seller in (market.maker, market.weaver, stranger)
    ]
    things["kept_notes"] = [
        a_signed_note(kiosk, market.maker)
        for kiosk in (market.kiosk, a_pickup(market.cooperative), a_pickup(there))
    ]
    things["counts"] = [
        a_count(kiosk) for kiosk in (market.kiosk, a_pickup(market.cooperative), a_pickup(there))
    ]
    things["mandates"] = [a_helped(one) for one in (market.maker, market.weaver, stranger)]
    things["translations"] = [
        a_translation(shop, by)
        for shop, by in zip(
            reversed(things["shops"]), (market.sells, somebody(), somebody()), strict=True
        )
    ]
    things["edges"] = [an_edge_of(one) for one in (market.maker, market.weaver, stranger)]
    things["takers"] = [a_taker_of(one) for one in (market.sells, market.weaves, somebody())]
    learner = somebody()
    things["payouts"] = [
        a_payout(cooperative) for cooperative in (market.cooperative, market.cooperative, there)
    ]
    things["tax_letters"] = [
        a_tax_letter(cooperative) for cooperative in (market.cooperative, market.cooperative, there)
    ]
    things["payout_lists"] = [
        a_payout_list(cooperative)
        for cooperative in (market.cooperative, market.cooperative, there)
    ]
    things["lost_payouts"] = [one.pop("lost") for one in things["payout_lists"]]
    things["purchases"] = [
        a_purchase(market, seller) for seller in (market.maker, market.weaver, stranger)
    ]
    things["shared"] = [
        shared.a_share_of(cooperative, person)
        for cooperative, person in (
            (market.cooperative, market.sells), (market.cooperative, market.weaves),
            (there, somebody()),
        )
    ]  # fmt: skip
    roles = {
        "buyer": learner,
        "seller": market.sells,
        "keeper": market.keeps,
        "coordinator": holding(COORDINATE, market.cooperative.id),
        "treasurer": holding(TREASURE, market.cooperative.id, orgs.operator(db.session()).id),
        "cooperative_treasurer": holding(TREASURE, market.cooperative.id),
        "facilitator": holding(TEACH, school.id),
        "verifier": holding(VERIFY, school.id),
        "operator": holding(OPERATE, orgs.operator(db.session()).id),
    }
    things |= classes(learner, school, other_school)
    things["pairs"] = [
        a_pair(named, mentor)
        for named, mentor in zip(
            things["enrolments"], (roles["facilitator"], None, None), strict=True
        )
    ]
    things |= kept_by_core(learner)
    return SimpleNamespace(roles=roles, things=things)


def a_shop_of(seller):
    """One of everything that an address of a shop can name."""
    listing = a_listing(seller, published_at=clock.now())
    variant = a_variant(listing)
    picture = saved(Picture(state="ready", key_base="public/photo/x", width=640, height=480))
    saved(ListingPicture(picture_id=picture.id, listing_id=listing.id, position=0))
    permit = saved(Permit(seller_id=seller.id, kind="nib", number=str(seller.id)))
    a_lot(variant, a_home(seller=seller))
    placed = order((variant, 1), method="cash_delivery")
    return {
        "listing_id": listing.id,
        "variant_id": variant.id,
        "picture_id": picture.id,
        "photo_id": uuid.uuid4(),
        "translation_id": saved(Translation(listing_id=listing.id, language="en")).id,
        "permit_id": permit.id,
        "parcel_id": parcels_of(placed)[0].id,
        "way": "naik",
    }


def a_permit_line(seller):
    """A member's permit that ends soon, as a line of her coordinator's half hour."""
    members.join(actor=SYSTEM, cooperative_id=seller.organisation_id, person_id=seller.person_id)
    until = clock.today() + timedelta(days=40)
    permit = saved(Permit(seller_id=seller.id, kind="halal", number="X1", valid_until=until))
    return {"topic": "permit", "thing": str(permit.id), "person_id": seller.person_id}


def a_translation(shop, by):
    """What somebody has translated."""
    row = Translation(
        listing_id=shop["listing_id"], language="ar", state="written", name="x",
        translator_id=by.person_id, written_at=clock.now(),
    )  # fmt: skip
    return {"translation_id": saved(row).id, "way": "tampil"}


def a_helped(seller):
    """A mandate of a maker, and what was done by it."""
    helper = somebody()
    listing = a_listing(seller)
    mandate, acting = a_mandate(seller, helper.person_id, GOODS)
    listings.edit(actor=acting, listing_id=listing.id, changes={"tags": ["pedas"]})
    (deed,) = db.session.query(HelpedDeed).filter_by(mandate_id=mandate.id)
    return {"mandate_id": mandate.id, "audit_id": deed.audit_id}


def a_drawer(kiosk, keeper=None):
    """A kiosk's day, its drawer offered to the next keeper, and a bag of it on its way."""
    keeper = keeper or holding(KEEP, kiosk.id)
    day_id = sold(kiosk=kiosk, amount=50_000).day_id
    bag_id = bags.pack(actor=keeper, act_id=uuid.uuid4(), place_id=kiosk.id, amount=20_000)
    files.keep(actor=keeper, doc=("bag", bag_id), content=b"\xff\xd8\xff\xe0")
    count_id = shifts.offer(
        actor=keeper,
        act_id=uuid.uuid4(),
        place_id=kiosk.id,
        counted=counted(kiosk, expected(kiosk)),
    )
    return {"day_id": day_id, "bag_id": bag_id, "count_id": count_id}


def an_edge_of(seller):
    """Something a maker has allowed somebody."""
    mandate, _acting = a_mandate(seller, somebody().person_id, GOODS)
    (grant,) = db.session.query(Grant).filter_by(
        person_id=mandate.helper_id, on_behalf_of=mandate.owner_id
    )
    return {"grant_id": grant.id}


def a_taker_of(actor):
    """Somebody whom she lets take her cash."""
    cash_takers.allow(actor=actor, taker_id=somebody().person_id)
    (taker,) = cash_takers.list_of(db.session(), actor.person_id)
    return {"edge_id": taker.id}


def a_journal(cooperative):
    """Money that went from its drawer to its bank."""
    cash, bank_page = own(Kind.CASH, cooperative.id, "kas"), bank(cooperative.id)
    return {
        "journal_id": book(
            step=ledger.post, kind="moved", doc=("cash", uuid.uuid4()),
            lines=[(bank_page, 5_000), (cash, -5_000)],
        ).id
    }  # fmt: skip


def a_pickup(cooperative):
    kiosk = a_place("kiosk", cooperative)
    kiosk.is_pickup, kiosk.district_code = True, KERTEK
    db.session.commit()
    return kiosk


def a_counter_sale(kiosk, seller):
    return {"order_id": a_sale_at(kiosk, seller).order_id}


def a_parcel_in(kiosk, seller):
    variant = a_variant(a_listing(seller))
    a_lot(variant, kiosk)
    placed = order((variant, 1), method="cash_pickup", pickup=kiosk)
    return {"parcel_id": parcels_of(placed)[0].id}


def a_movement(place, seller):
    """Goods that came in."""
    lot = a_lot(a_variant(a_listing(seller)), place)
    query = select(Movement.id).where(Movement.lot_id == lot.id)
    return {"movement_id": db.session.scalars(query).one()}


def a_signed_note(kiosk, seller):
    """A note with its owner's thumb print, and an offer of hers that waits."""
    variant = a_variant(a_listing(seller))
    note = a_note(kiosk, seller, variant)
    agreeing.sign(actor=SYSTEM, note_id=note.id, photo=b"\xff\xd8\xff\xe0")
    (signed,) = agreeing.signatures(db.session(), note)
    shipped = a_shipment(kiosk, a_place("kiosk"), a_lot(variant, kiosk))
    return {
        "note_id": note.id,
        "file_id": signed.id,
        "offer_id": an_offered(kiosk, seller, variant),
        "shipment_id": shipped.id,
        "movement_id": thrown_away(kiosk, a_lot(variant, kiosk)),
    }


def a_count(kiosk):
    """A shelf with one lot that is being counted."""
    a_lot(a_variant(), kiosk)
    counter = Actor(somebody().person_id, is_system=True)
    count_id = uuid.uuid4()
    counting.open_count(actor=counter, count_id=count_id, place_id=kiosk.id)
    return {"count_id": count_id}


def a_member(cooperative):
    actor = somebody()
    members.join(actor=SYSTEM, cooperative_id=cooperative.id, person_id=actor.person_id)
    return {"person_id": actor.person_id}


def a_newcomer(cooperative):
    actor = somebody()
    beginning.ask_to_join(actor=actor, cooperative_id=cooperative.id, store_name="Toko")
    return {"person_id": actor.person_id}


def a_payout(cooperative):
    """A maker's money, added up and on its way to her."""
    sharing = parties(cooperative_id=cooperative.id)
    treasurer = a_treasurer(cooperative.id)
    earned_sale((sharing, 36_000))
    wait_until_decided()
    begun = rounds.begin(actor=treasurer, organisation_id=cooperative.id)
    rounds.settle.run(begun.id)
    account_id = account_of(maker_page(sharing))
    owed = db.session.scalars(select(Settlement).where(Settlement.account_id == account_id)).one()
    source_id = account_of(bank())
    made = payouts.prepare(actor=treasurer, settlement_id=owed.id, source_id=source_id)
    return {
        "organisation_id": cooperative.id,
        "settlement_id": owed.id,
        "payout_id": made.id,
        "round_id": begun.id,
        "sheet": 1,
        "word": "batal",
    }


def a_tax_letter(cooperative):
    """A member whose signed letter her board has on paper."""
    sharing = parties(cooperative_id=cooperative.id)
    earned_sale((sharing, 1_000))
    person_id = sharing.maker.person_id
    treasurer = a_treasurer(cooperative.id)
    made = tax_letters.note(actor=treasurer, person_id=person_id, kind="below", number="")
    return {"person_id": person_id, "letter_id": made.id}


def a_payout_list(cooperative):
    """A list of cash that a coordinator has agreed to, and a transfer nobody knows about."""
    sharing = parties(cooperative_id=cooperative.id)
    treasurer, second = (a_treasurer(cooperative.id) for _ in range(2))
    earned_sale((sharing, 36_000))
    lost = sent_payout(closed(sharing, treasurer), treasurer, second)
    payouts.lose(actor=treasurer, payout_id=lost.id, reason="tidak ada kabar")
    earned_sale((sharing, 36_000))
    closed(sharing, treasurer)
    drawer = account_of(own(Kind.CASH, cooperative.id))
    made = batches.prepare(actor=treasurer, organisation_id=cooperative.id, source_id=drawer)
    batches.approve(actor=second, batch_id=made.id)
    query = select(Payout.id).where(Payout.batch_id == made.id)
    return {
        "organisation_id": cooperative.id,
        "batch_id": made.id,
        "payout_id": db.session.scalars(query).first(),
        "lost": {"payout_id": lost.id},
    }


def a_purchase(market, seller):
    """A transfer that is awaited, and another that came in and has to go back."""
    variant = a_variant(a_listing(seller))
    a_lot(variant, a_home(seller=seller))
    awaited, returned = (order((variant, 1)) for _ in range(2))
    paid = attempt_of(returned)
    transfers.confirm(actor=market.treasurers[0], attempt_id=paid.id, amount=paid.amount)
    run_jobs()
    endings.cancel(actor=holding(SELL, seller.id), order_id=returned.id)
    owed = db.session.query(Refund).filter_by(attempt_id=paid.id).one()
    target = Target("bri", "012345678901", "Joko")
    refund_accounts.give(actor=GUEST, order_id=returned.id, phone=RECEIVER.phone, target=target)
    line = a_line(amount=attempt_of(awaited).amount, actor=market.treasurers[0])
    return {
        "attempt_id": attempt_of(awaited).id,
        "refund_id": owed.id,
        "line_id": line.id,
        **a_report(market),
    }


def a_report(market):
    """A gateway's report whose only row belongs to nothing of ours."""
    report_id = upload(market, midtrans(m_row("settlement", 5_000, key="LAIN-1")))
    (row,) = lines(report_id=report_id)
    return {"report_id": report_id, "report_line_id": row.id}


def a_problem(market, seller, kiosk=None):
    """A parcel that came from a home or a kiosk, and what its buyer says is wrong, with a photo."""
    variant = a_variant(a_listing(seller))
    a_lot(variant, kiosk or a_home(seller=seller))
    placed = order((variant, 1), **({"pickup": kiosk} if kiosk else {}))
    paid = attempt_of(placed)
    transfers.confirm(actor=market.treasurers[0], attempt_id=paid.id, amount=paid.amount)
    run_jobs()
    (parcel,) = parcels_of(placed)
    fulfilment.accept(actor=SYSTEM, parcel_id=parcel.id)
    handover.hand_over(actor=SYSTEM, parcel_id=parcel.id)
    claim = a_claim(parcel)
    photo = files.keep(actor=GUEST, doc=claims.doc_of(claim.id), content=b"\xff\xd8\xff\xe0")
    return {"claim_id": claim.id, "file_id": photo.id}


def an_offer(school):
    cohort_id = a_cohort(school, name=uuid.uuid4().hex[:6])
    a_session(cohort_id, days=7)
    return {"cohort_id": cohort_id}


def a_car_wish(school):
    """Somebody asks the car of a provider to come."""
    asked = {"person_id": somebody().person_id, "provider_id": school.id}
    wish = CarWish(**asked, district_code="330708", landmark="Lapangan", women=5)
    return {"wish_id": saved(wish).id}


def classes(learner, school, other_school):
    """Two classes of one provider and one of another; the learner sits in the first."""
    classmate, elsewhere = somebody(), somebody()
    first = a_class(school, learner, classmate)
    second = a_class(school, somebody())
    third = a_class(other_school, elsewhere)
    wishes = [a_car_wish(house) for house in (school, school, other_school)]
    return {
        "car_wishes": wishes,
        "batches": [
            a_batch(school, learner), a_batch(school, classmate), a_batch(other_school, elsewhere)
        ],
        "classes": [each[0] for each in (first, second, third)],
        "enrolments": [first[0], first[1], third[0]],
    }  # fmt: skip


def a_pair(named, mentor=None):
    """A woman of a class with her mentor, and a note."""
    mentor = mentor or somebody()
    pair = Mentoring(
        enrolment_id=named["enrolment_id"], mentor_id=mentor.person_id, ends_on=clock.today()
    )
    note = MentorNote(mentoring_id=saved(pair).id, words="Hitung ulang biaya.")
    return {"mentoring_id": pair.id, "note_id": saved(note).id, "way": "tampil"}


def a_batch(school, woman):
    """Seats that are asked for, and one who asks."""
    cohort_id = a_cohort(school, name=uuid.uuid4().hex[:6])
    batch = Batch(clock.today(), criteria=(("Semangat", 10),))
    slug = scholarships.open_batch(actor=SYSTEM, cohort_id=cohort_id, batch=batch)
    number = scholarships.apply(actor=woman, cohort_id=cohort_id, words="Saya ingin belajar.")
    return {"cohort_id": cohort_id, "slug": slug, "application_id": number}


def a_class(school, *women):
    """What the addresses of a class name, once per woman, each with her certificate."""
    cohort_id = a_cohort(school, name=uuid.uuid4().hex[:6])
    session_id = a_session(cohort_id)
    issuer = holding(VERIFY, school.id)
    named = []
    for woman in women:
        enrolment_id = enrolled(cohort_id, woman)
        present(session_id, enrolment_id)
        code = certificates.issue(actor=issuer, enrolment_id=enrolment_id)
        number = db.session.query(Certificate.id).filter_by(code=code).scalar()
        said = {"organisation_id": school.id, "given_by": issuer.person_id, "words": "x"}
        endorsement = saved(Endorsement(certificate_id=number, **said))
        programme_id = db.session.get(Cohort, cohort_id).programme_id
        named.append({
            "cohort_id": cohort_id,
            "session_id": session_id,
            "enrolment_id": enrolment_id,
            "programme_id": programme_id,
            "code": code,
            "endorsement_id": endorsement.id,
        })  # fmt: skip
    return named


@in_transaction()
def tell(db, *, person_id):
    notify.tell(db, event_key="x", people=[person_id], title="Kabar", text="Kabar", link="/akun")


def kept_by_core(learner):
    """Messages and devices have no organisation: everybody else is a stranger."""
    people = [learner, somebody(), somebody()]
    notices, sign_ins, act_conflicts, uploads, keys = [], [], [], [], []
    for actor in people:
        tell(person_id=actor.person_id)
        signin.open_sign_in(actor=actor, device="x")
        mine = {"person_id": actor.person_id}
        notices.append({"notice_id": db.session.query(Notice.id).filter_by(**mine).scalar()})
        sign_ins.append({"sign_in_id": db.session.query(SignIn.id).filter_by(**mine).scalar()})
        lost = Envelope(uuid.uuid4(), "test.deed", 1, actor.person_id, None, {})
        conflicts.keep(actor=actor, envelope=lost, sentence="x")
        kept = db.session.query(ActConflict.id).filter_by(**mine).scalar()
        act_conflicts.append({"conflict_id": kept})
        wish = Wish(uuid.uuid4(), bytes=10)
        key = Passkey(
            **mine, credential_id=uuid.uuid4().bytes, public_key=b"", sign_count=0, name="x",
            trusted_from=clock.now() + timedelta(days=1),
        )  # fmt: skip
        keys.append({"passkey_id": saved(key).id})
        uploads.append({"photo_id": uploading.begin(actor=actor, wish=wish).photo_id})
    return {
        "notices": notices,
        "sign_ins": sign_ins,
        "act_conflicts": act_conflicts,
        "uploads": uploads,
        "passkeys": keys,
    }
