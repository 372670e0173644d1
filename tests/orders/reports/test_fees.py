"""A gateway's fee is borne by whom the frozen terms of each line name, to the rupiah."""

import pytest

from cooperatives import ledger
from cooperatives.accounts import own
from cooperatives.consignment import DEFAULT_RATES
from cooperatives.models import Terms, TermsRate
from cooperatives.models.books import Kind
from core import clock
from core.actors import GUEST, SYSTEM
from core.db import db
from orders import asking, earning, endings
from orders.reports import fees
from sellers.models import Seller
from tests.cooperatives.factories import (
    a_cooperative,
    a_home,
    a_listing,
    a_lot,
    a_seller,
    a_variant,
)
from tests.orders.factories import KERTEK, attempt_of, order, run_jobs
from tests.orders.reports.writing import m_paid, midtrans, paid, upload

pytestmark = pytest.mark.service


def sold_under(payer, price):
    """Goods of another maker, in a cooperative of her own, whose terms say who bears the fee."""
    cooperative = a_cooperative()
    rate = DEFAULT_RATES["web", "home"]
    terms = Terms(
        organisation_id=cooperative.id,
        version=2,
        valid_from=clock.today(),
        note="",
        written_by=None,
    )
    db.session.add(terms)
    db.session.flush()
    db.session.add(
        TermsRate(
            terms_id=terms.id,
            channel="web",
            place_kind="home",
            cooperative_bp=rate.cooperative_bp,
            kiosk_bp=0,
            operator_bp=rate.operator_bp,
            fee_payer=payer,
            pull_days=14,
        )
    )
    db.session.commit()
    seller = a_seller(cooperative, district_code=KERTEK)
    variant = a_variant(a_listing(seller), price=price, weight_grams=100)
    a_lot(variant, a_home(seller=seller), 5)
    return cooperative, seller, variant


def stands(kind, organisation_id):
    return ledger.balance(db.session(), own(kind, organisation_id))


def hers(cooperative, seller):
    page = earning.Page(
        Kind.MAKER, cooperative.id, earning.maker_of(db.session.get(Seller, seller.id))
    )
    return ledger.balance(db.session(), page)


def test_each_line_pays_by_what_it_cost(shop, gateway):
    of_makers, maker, dear = sold_under("maker", 60_000)
    of_group, _other, cheap = sold_under("cooperative", 20_000)
    attempt = paid(shop, gateway, (dear, 1), (cheap, 1), (shop.tiwul, 1))
    upload(shop, midtrans(m_paid(attempt, 1_000)))
    parts = (
        hers(of_makers, maker),
        stands(Kind.GATEWAY_FEE, of_group.id),
        stands(Kind.GATEWAY_FEE, shop.house),
    )
    assert parts == (612, 204, 184)
    assert sum(parts) == 1_000


def test_one_payer_bears_it_whole(shop, gateway):
    of_makers, maker, dear = sold_under("maker", 60_000)
    attempt = paid(shop, gateway, (dear, 2))
    upload(shop, midtrans(m_paid(attempt, 999)))
    assert hers(of_makers, maker) == 999
    assert stands(Kind.GATEWAY_FEE, shop.house) == 0


def test_a_payment_that_bought_nothing_costs_the_operator(shop, gateway):
    _group, _maker, dear = sold_under("maker", 60_000)
    placed = order((dear, 1), method="qris")
    attempt = attempt_of(placed)
    endings.cancel(actor=GUEST, order_id=placed.id)
    gateway.pays(attempt, theirs="late-1")
    asking.learn(actor=SYSTEM, attempt_id=attempt.id)
    run_jobs()
    db.session.refresh(attempt)
    assert not attempt.is_capture
    assert fees.bearers(db.session(), attempt, 700) == [(own(Kind.GATEWAY_FEE, shop.house), 700)]
