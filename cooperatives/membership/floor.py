"""Puts together what members share; the cooperatives' floor calls it."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from cooperatives.membership import promises
from cooperatives.membership.guides import GUIDES
from cooperatives.membership.privacy import KEEPER
from cooperatives.membership.settings import MembershipSettings
from cooperatives.membership.views import (
    advances,
    closing,
    edges,
    expenses,
    her,
    openings,
    roll,
    savings,
    surplus,
    vouchers,
)
from cooperatives.rights import COORDINATE, TREASURE
from core import config, doctor, guides, nav, privacy
from core.nav import Entry
from sellers.rights import SELL


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Add the pages and settings of what members share."""
    config.register(app, MembershipSettings, environ)
    for views in (
        savings,
        advances,
        expenses,
        vouchers,
        her,
        roll,
        surplus,
        closing,
        openings,
        edges,
    ):
        app.register_blueprint(views.bp)
    privacy.register(app, KEEPER)
    guides.register(app, *GUIDES)
    doctor.register(app, *promises.ALL)
    nav.register(
        app,
        Entry(
            "group_treasury", _("Simpanan anggota"), "savings_desk.index", "people", 10, (TREASURE,)
        ),
        Entry(
            "group_treasury", _("Pinjaman bahan"), "advance_desk.index", "basket", 20, (TREASURE,)
        ),
        Entry(
            "group_treasury", _("Biaya dan pendapatan"), "cost_desk.index", "edit", 30, (TREASURE,)
        ),
        Entry("group_treasury", _("Unit usaha"), "cost_desk.unit_list", "home", 40, (TREASURE,)),
        Entry(
            "group_treasury", _("Sisa hasil usaha"), "surplus_desk.index", "leaf", 50, (TREASURE,)
        ),
        Entry("group_treasury", _("Tutup bulan"), "month_desk.index", "lock", 60, (TREASURE,)),
        Entry("account", _("Anggota"), "roll.index", "people", 51, (COORDINATE,)),
        Entry("account", _("Jaringan kelompok"), "roll.tree", "people", 52, (COORDINATE,)),
        Entry(
            "account",
            _("Pindahan dari buku lama"),
            "opening_desk.index",
            "book",
            54,
            (COORDINATE, TREASURE),
        ),
        Entry("account", _("Izin untuk kelompok"), "my_edges.show", "people", 61, (SELL,)),
        Entry("my_money", _("Simpanan dan pinjaman"), "my_savings.show", "", 25, (SELL,)),
    )
