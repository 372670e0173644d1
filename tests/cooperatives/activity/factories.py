"""A report of this month, with or without a photo."""

import io

from PIL import Image

from cooperatives.activity import reports
from core import clock, files
from core.actors import SYSTEM
from core.db import db


def a_photo():
    kept = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(kept, "jpeg")
    return kept.getvalue()


def an_activity_report(group_id, *, about="period", about_id=None, photo=False, **more):
    today = clock.today()
    report = reports.make(
        actor=SYSTEM,
        organisation_id=group_id,
        about=about,
        about_id=about_id,
        since=more.get("since", today.replace(day=1)),
        until=more.get("until", today),
    )
    if photo:
        files.keep(actor=SYSTEM, doc=(reports.DOC, report.id), content=a_photo())
    db.session.expire_all()
    return report
