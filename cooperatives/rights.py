"""Rights of the cooperatives' floor; the operator's own treasurers hold them on the operator."""

from flask_babel import lazy_gettext as _

from core import access

COORDINATE = access.declare("coordinate", subject_kind="organisation", label=_("Koordinator"))
TREASURE = access.declare(
    "treasure", subject_kind="organisation", label=_("Bendahara"), two_people=True
)
KEEP = access.declare("keep", subject_kind="place", label=_("Penjaga kios"))
