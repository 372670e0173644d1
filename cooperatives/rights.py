"""Rights of the cooperatives' floor; the operator's own treasurers hold them on the operator."""

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from core import access, orgs
from core.actors import Actor
from core.rights import OPERATE

COORDINATE = access.declare("coordinate", subject_kind="organisation", label=_("Koordinator"))
TREASURE = access.declare(
    "treasure", subject_kind="organisation", label=_("Bendahara"), two_people=True
)
KEEP = access.declare("keep", subject_kind="place", label=_("Penjaga kios"))


def require_board(db: Session, actor: Actor, organisation_id: int) -> None:
    """Raise NotFound unless the actor coordinates this organisation or runs the whole house."""
    if not actor.is_system and organisation_id not in access.subjects(db, actor, COORDINATE):
        access.require(db, actor, OPERATE, orgs.operator_id(db))
