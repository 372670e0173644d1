"""Puts the training history together; the sellers' floor calls it."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _

from core import config, day, doctor, guides, nav
from core.nav import Entry
from core.rights import OPERATE
from sellers.rights import SELL
from sellers.training import next_class, promises
from sellers.training.guides import GUIDES
from sellers.training.rights import TEACH, VERIFY
from sellers.training.settings import TrainingSettings
from sellers.training.views import (
    badge,
    car_desk,
    certificate,
    facilitator,
    learner,
    mentoring,
    past,
    plan,
    scholarship,
    skill_desk,
)

PAGES = (
    facilitator, plan, learner, certificate, badge, scholarship, past, mentoring, car_desk,
    skill_desk,
)  # fmt: skip


def init_app(app: Flask, environ: Mapping[str, str]) -> None:
    """Add the pages, settings and promises of the training history."""
    config.register(app, TrainingSettings, environ)
    for pages in PAGES:
        app.register_blueprint(pages.bp)
    day.register(app, SELL, next_class.cards)
    guides.register(app, *GUIDES)
    doctor.register(app, *promises.ALL)
    nav.register(
        app,
        Entry("account", _("Belajar"), "learner.mine", "book", 40),
        Entry("account", _("Pendampingan"), "mentoring.index", "people", 42),
        Entry("account", _("Keterampilan"), "skill_desk.index", "book", 78, (OPERATE,)),
        Entry("account", _("Fasilitator"), "facilitator.mine", "people", 45, (TEACH, VERIFY)),
    )
