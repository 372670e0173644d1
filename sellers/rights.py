"""Rights of the sellers' floor."""

from flask_babel import lazy_gettext as _

from core import access

SELL = access.declare("sell", subject_kind="seller", label=_("Menjual"), is_own=True)
