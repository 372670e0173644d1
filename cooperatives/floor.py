"""Puts the cooperatives' floor together."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from cooperatives import (
    her_goods,
    her_week,
    lease,
    members,
    models,
    money_papers,
    paper_links,
    pay_ways,
    places,
    promises_books,
    promises_pay_ways,
    promises_stock,
    settlement,
)
from cooperatives.activity import floor as activity
from cooperatives.bazaars import floor as bazaars
from cooperatives.big_orders import floor as big_orders
from cooperatives.carrying import nightly
from cooperatives.carrying import promises as promises_carried
from cooperatives.consignment import TermsSettings
from cooperatives.counts import counting
from cooperatives.counts import promises as promises_counts
from cooperatives.days import promises as promises_days
from cooperatives.days import watching
from cooperatives.guides import GUIDES
from cooperatives.half_hour import floor as half_hour
from cooperatives.membership import floor as membership
from cooperatives.packages import floor as packages
from cooperatives.privacy import KEEPER
from cooperatives.receiving import note_photos
from cooperatives.reconciling import comparing, money_compared
from cooperatives.rights import COORDINATE, KEEP, TREASURE
from cooperatives.settings import CooperativeSettings
from cooperatives.settling.tax_settings import TaxSettings
from cooperatives.shelf import pulling
from cooperatives.views import (
    batches,
    beginning,
    coordinator,
    counted_out,
    counts,
    day_close,
    drawer,
    goods_in,
    guide_desk,
    helping,
    her_bringing,
    her_cash_book,
    her_jars,
    her_money,
    her_pay_way,
    her_statements,
    money_check,
    my_counts,
    my_guides,
    new_goods,
    operator,
    payouts,
    product_drafts,
    reconciling,
    seller,
    settling,
    shelf,
    shipments,
    tax,
    translating,
    treasurer,
)
from core import config, day, doctor, documents, guides, nav, news, parts, privacy, subjects
from core.backup import drill
from core.backup.drill import Witness
from core.backup.opening import before_opening
from core.nav import Entry
from core.rights import OPERATE
from sellers.rights import GOODS, SELL, STOCK

# Imported so that migrations and the worker see them.
TABLES_AND_JOBS = (
    comparing,
    counting,
    lease,
    members,
    models,
    money_compared,
    nightly,
    pulling,
    watching,
)


PAGES = (
    beginning,
    seller,
    new_goods,
    product_drafts,
    her_bringing,
    goods_in,
    shelf,
    shipments,
    counts,
    my_counts,
    her_money,
    her_cash_book,
    her_jars,
    her_pay_way,
    her_statements,
    helping,
    translating,
    coordinator,
    day_close,
    drawer,
    counted_out,
    my_guides,
    guide_desk,
    treasurer,
    payouts,
    batches,
    reconciling,
    money_check,
    settling,
    tax,
    operator,
)


ENTRIES = (
    Entry("welcome", _("Mulai"), "beginning.vision", "leaf", 10),
    Entry("account", _("Titip tangan"), "help.index", "people", 60),
    Entry("listing.new", _("Tambah barang"), "new_goods.ask", "camera", 10, (GOODS,)),
    Entry("account", _("Hitung harga"), "new_goods.costs", "cash", 28, (SELL,)),
    Entry("account", _("Barang titipan"), "my_stock.consigned", "kiosk", 22, (SELL,)),
    Entry("account", _("Barang masuk"), "goods_in.index", "plus", 8, (KEEP,)),
    Entry("account", _("Hitung stok"), "counts.index", "box", 9, (KEEP,)),
    Entry("account", _("Rak"), "shelf.index", "box", 9, (KEEP,)),
    Entry("account", _("Kiriman"), "shipments.index", "truck", 10, (KEEP,)),
    Entry("account", _("Tawarkan titipan"), "my_bringing.ask", "calendar", 23, (STOCK,)),
    Entry(
        "account",
        _("Meja koordinator"),
        "coordinator.desk",
        "people",
        50,
        (COORDINATE,),
        _("Hari ini"),
    ),
    Entry(
        "account", _("Cocokkan barang"), "goods_check.index", "box", 51, (COORDINATE,), _("Cocok")
    ),
    Entry(
        "account",
        _("Suara untuk panduan"),
        "guide_desk.index",
        "help",
        53,
        (COORDINATE, OPERATE),
    ),
    Entry("account", _("Terjemahan"), "translations.index", "book", 27, (SELL, COORDINATE)),
    Entry("listing.translations", _("Terjemahan"), "translations.of_listing"),
    Entry("account", _("Tutup hari"), "day_close.close", "cash", 7, (KEEP,)),
    Entry("account", _("Setor uang"), "drawer.bring", "book", 9, (KEEP,)),
    Entry("account", _("Tutup hari kios"), "day_close.close", "cash", 51, (COORDINATE,)),
    Entry("account", _("Kas"), "books.home", "home", 55, (TREASURE,), _("Kas")),
    Entry("dock", _("Bayar"), "payouts.desk", "cash", 56, (TREASURE,), _("Bayar")),
    Entry("dock", _("Buku"), "books.accounts", "book", 57, (TREASURE,), _("Buku")),
    Entry("treasury", _("Pencairan"), "payouts.desk", "cash", 10, (TREASURE,)),
    Entry("treasury", _("Cocokkan uang"), "money_check.index", "check", 20, (TREASURE,)),
    Entry("treasury", _("Setoran kios"), "drawer.bags_on_the_way", "kiosk", 30, (TREASURE,)),
    Entry("treasury", _("Buku kas per pemilik"), "books.accounts", "book", 40, (TREASURE,)),
    Entry("treasury", _("Pajak PPh 22"), "tax.index", "book", 50, (TREASURE,)),
    Entry("account", _("Uang Ibu"), "my_money.show", "book", 17, (SELL,), _("Uang")),
    Entry("my_money", _("Buku kas"), "my_cash.show", "", 10, (SELL,)),
    Entry("my_money", _("Tiga toples"), "my_jars.show", "", 20, (SELL,)),
    Entry("my_money", _("Cara terima uang"), "my_pay_way.show", "", 30, (SELL,)),
    Entry("my_money", _("Minggu ini untuk WhatsApp"), "my_money.week", "", 40, (SELL,)),
    Entry("account", _("Organisasi"), "board_desk.organisations", "home", 75, (OPERATE,)),
)


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Lay the floor on top of sellers."""
    config.register(app, CooperativeSettings, environ)
    config.register(app, TermsSettings, environ)
    config.register(app, TaxSettings, environ)
    privacy.register(app, KEEPER)
    for views in PAGES:
        app.register_blueprint(views.bp)
    nav.register(app, *ENTRIES)
    membership.init_app(app, environ)
    bazaars.init_app(app)
    big_orders.init_app(app)
    half_hour.init_app(app, environ)
    activity.init_app(app)
    documents.register(app, paper_links.PAPERS)
    documents.register(app, money_papers.PAPERS)
    packages.init_app(app)
    guides.register(app, *GUIDES)
    day.register(app, SELL, her_goods.cards)
    day.register(app, SELL, her_week.cards)
    day.register(app, SELL, her_pay_way.cards)
    parts.register(app, "my_listings", seller.steppers)
    parts.register(app, "my_day", seller.today)
    subjects.register(app, "place", places.kept)
    news.subscribe(app, "pin_forgotten", members.pin_forgotten)
    news.subscribe(app, "proof_missed", pay_ways.pay_way_missed)
    news.subscribe(app, "photo_arrived", note_photos.attach_note_photo)
    before_opening(app, "settlement", settlement.after_a_dump)
    drill.register(app, Witness("journal", "posted_at"), Witness("movement", "posted_at"))
    doctor.register(app, *promises_stock.ALL, *promises_books.ALL, *promises_pay_ways.ALL)
    doctor.register(app, *promises_days.ALL, *promises_counts.ALL, *promises_carried.ALL)
