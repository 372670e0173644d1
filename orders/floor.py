"""Puts the orders' floor together."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from cooperatives.rights import COORDINATE, KEEP, TREASURE
from core import config, day, doctor, documents, guides, nav, news, outbox, privacy, visitor, web
from core.backup import drill
from core.backup.drill import Witness
from core.backup.opening import before_opening
from core.nav import Entry
from core.rights import OPERATE
from core.settings import CoreSettings
from orders import (
    asking,
    bazaar_takings,
    catching_up,
    claim_clock,
    claim_promises,
    due,
    earning,
    endings,
    exchange,
    fulfilment,
    her_day,
    her_share,
    messages,
    models,
    month_checks,
    numbers,
    opening,
    paper_links,
    promises,
    refund_accounts,
    refund_sending,
    refund_words,
    shortage,
    sold_books,
    unanswered,
)
from orders.gateways import origins
from orders.gateways.settings import GatewaySettings, refuse_unreal
from orders.guides import GUIDES
from orders.privacy import KEEPER
from orders.reports import compared as reports_compared
from orders.reports import matching, missing
from orders.reports import promises as report_promises
from orders.reports.settings import ReportSettings
from orders.settings import OrderSettings
from orders.shipping import ShippingSettings
from orders.till import compared
from orders.till import sale as till_sale
from orders.till import undo as till_undo
from orders.views import (
    big_orders,
    buyer,
    cash,
    claim_desk,
    claims,
    coordinator,
    keeper,
    operator,
    pay,
    payment_desk,
    receipt,
    refund_account,
    reports,
    seller,
    statements,
    talk,
    till,
    till_qris,
    treasurer,
    webhooks,
)
from orders.views import exchange as exchange_desk
from sellers.rights import ORDERS, SELL

# Imported so that migrations, the worker, phones' acts and the books below see them.
TABLES_AND_JOBS = (
    compared,
    models,
    month_checks,
    asking,
    bazaar_takings,
    earning,
    endings,
    exchange,
    her_share,
    matching,
    missing,
    numbers,
    opening,
    refund_accounts,
    refund_words,
    reports_compared,
    till_sale,
    till_undo,
)

PAGES = (
    pay,
    big_orders,
    buyer,
    talk,
    claims,
    refund_account,
    receipt,
    seller,
    keeper,
    till,
    till_qris,
    coordinator,
    treasurer,
    statements,
    cash,
    payment_desk,
    exchange_desk,
    reports,
    operator,
    webhooks,
)


SETTINGS = (OrderSettings, ShippingSettings, GatewaySettings, ReportSettings)


WAYS = (
    Entry("big_order.sell", _("Pesanan web"), "big_order_web.show"),
    Entry("account", _("Pesanan saya"), "orders.mine", "basket", 10),
    Entry("account", _("Kios hari ini"), "kiosk_desk.today", "kiosk", 6, (KEEP,), _("Hari ini")),
    Entry("account", _("Kasir"), "till.show", "cash", 11, (KEEP,), _("Kasir")),
    Entry("account", _("Penjualan di kasir"), "till.sales", "book", 12, (KEEP, COORDINATE)),
    Entry("account", _("QRIS kios dan bazar"), "till_qris.index", "phone", 62, (TREASURE,)),
    Entry("account", _("Ambil di kios"), "kiosk_desk.pickup", "check", 12, (KEEP,), _("Ambil")),
    Entry("account", _("Paket kios"), "kiosk_desk.index", "truck", 13, (KEEP,), _("Paket")),
    Entry("account", _("Pesanan masuk"), "my_parcels.index", "truck", 15, (ORDERS,), _("Pesanan")),
    Entry("account", _("Masalah dari pembeli"), "my_claims.index", "warning", 16, (SELL,)),
    Entry("account", _("Masalah paket kios"), "kiosk_claims.index", "warning", 14, (KEEP,)),
    Entry(
        "account",
        _("Masalah pembeli dan penjual"),
        "claim_watch.index",
        "warning",
        41,
        (COORDINATE, OPERATE),
    ),
    Entry("account", _("Paket dipantau"), "parcel_watch.index", "truck", 40, (COORDINATE,)),
    Entry("account", _("Kurir dan ongkir"), "delivery_desk.services", "truck", 78, (OPERATE,)),
    Entry(
        "house_treasury", _("Transfer masuk"), "treasury.transfers_list", "phone", 10, (TREASURE,)
    ),
    Entry("house_treasury", _("Mutasi rekening"), "statement.index", "book", 15, (TREASURE,)),
    Entry("dock", _("Mutasi"), "statement.index", "clock", 58, (TREASURE,), _("Mutasi")),
    Entry("house_treasury", _("Cocokkan laporan"), "reports.index", "check", 17, (TREASURE,)),
    Entry("house_treasury", _("Uang tunai"), "cash_desk.index", "cash", 25, (TREASURE,)),
    Entry("house_treasury", _("Uang kembali"), "treasury.refunds_list", "back", 20, (TREASURE,)),
    Entry("house_treasury", _("Pembayaran online"), "payment_desk.index", "globe", 30, (TREASURE,)),
    Entry("house_treasury", _("Kurs"), "exchange_desk.index", "globe", 35, (TREASURE,)),
)


def _read_settings(app: Flask, environ: Mapping[str, str]) -> None:
    for declared in SETTINGS:
        config.register(app, declared, environ)
    is_public = config.settings(CoreSettings, app).secure_cookies
    refuse_unreal(config.settings(GatewaySettings, app), is_public=is_public)


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Lay the floor on top of cooperatives."""
    _read_settings(app, environ)
    app.jinja_env.globals["play_money"] = app.extensions["settings"][GatewaySettings].simulators
    web.let_forms_lead_to(app, *origins.of_gateways(app.extensions["settings"][GatewaySettings]))
    visitor.keep_when_entering(app, pay.PAYING)
    privacy.register(app, KEEPER)
    outbox.register(app, messages.GUEST, messages.addresses)
    for pages in PAGES:
        app.register_blueprint(pages.bp)
    for desk in claim_desk.DESKS:
        app.register_blueprint(desk.blueprint())
    nav.register(app, *WAYS)
    documents.register(app, paper_links.PAPERS)
    guides.register(app, *GUIDES)
    day.register(app, SELL, her_day.cards)
    day.register(app, COORDINATE, unanswered.cards, instead_of=(fulfilment.LATE,))
    news.subscribe(app, "order_due", due.ask_makers)
    news.subscribe(app, "order_ended", due.forget_ended)
    news.subscribe(app, "order_unpaid", due.forget_ended)
    news.subscribe(app, "refund_owed", refund_sending.send_refund)
    news.subscribe(app, "stock_shortfall", shortage.mend_shortage)
    news.subscribe(app, "stock_shortfall", claim_clock.mend_replacement)
    before_opening(app, "gateways", catching_up.ask_about_all)
    drill.register(app, Witness("order_placed", "placed_at"))
    doctor.register(app, *promises.ALL, *claim_promises.ALL, *report_promises.ALL)
    doctor.register(app, sold_books.SOLD_IS_BOOKED)
