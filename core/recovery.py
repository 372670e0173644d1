"""A forgotten PIN: the ways back in, and what they are worth.

A PIN that was set without the old one opens private pages at once, and pages with money only some
hours later; and she is told, so that a thief of her phone has no quiet hour.
"""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from core import clock, entry, notify, second_factor, signin
from core.actors import Actor
from core.config import settings
from core.db import Reader, in_transaction
from core.settings import CoreSettings
from core.visitor import Visitor


def trusted_from(db: Reader, found: Visitor) -> datetime | None:
    """From when on a new PIN would count for money; None where she may not set one."""
    now = clock.now()
    if second_factor.has_shown_passkey(found.proofs, now):
        return now
    if second_factor.has_shown_code(found.proofs, now) and entry.code_is_enough(
        db, found.person_id
    ):
        return now + timedelta(hours=settings(CoreSettings).recovery_hours)
    return None


@in_transaction()
def replace_pin(db: Session, *, actor: Actor, pin: str, trusted_from: datetime) -> None:
    """Set the actor's PIN without the old one; the caller has asked `trusted_from`. She is told."""
    assert actor.person_id is not None
    signin.change_pin.within(db, actor=actor, pin=pin, trusted_from=trusted_from)
    tell_of_new_pin(db, actor.person_id)


def tell_of_new_pin(db: Session, person_id: int) -> None:
    """Say on every way she is reached by that her PIN is another one now."""
    notify.tell(
        db,
        event_key=f"pin-replaced:{person_id}:{clock.now().isoformat()}",
        people=[person_id],
        title=_("PIN Anda diganti"),
        text=_("PIN akun ini baru diganti tanpa PIN lama. Bukan Anda? Segera hubungi koordinator."),
        link="/akun",
    )
