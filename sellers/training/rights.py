"""Rights of the training history, both on the organisation that teaches."""

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, true

from core import access
from core.access import Right
from core.actors import Actor
from core.db import Reader
from sellers.training.models import Programme

TEACH = access.declare("teach", subject_kind="organisation", label=_("Fasilitator"))
VERIFY = access.declare("verify", subject_kind="organisation", label=_("Penerbit sertifikat"))


def within_reach(db: Reader, actor: Actor, *rights: Right) -> ColumnElement[bool]:
    """The SQL condition that keeps a query to programmes of the actor's own organisations."""
    if actor.is_system:
        return true()
    return Programme.provider_id.in_(access.subjects(db, actor, *rights))
