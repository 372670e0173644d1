"""Rights of the ground floor."""

from flask_babel import lazy_gettext as _

from core import access

OPERATE = access.declare(
    "operate", subject_kind="organisation", label=_("Pengelola"), two_people=True
)
