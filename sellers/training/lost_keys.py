"""A signing key that no secret makes any more: operators are asked to bring the secret back.

Whoever wants the file or the list then reads a sentence; what was signed before stays as it is. The
task is closed by the first signature that works again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from core import tasks
from core.actors import SYSTEM, Actor
from core.db import in_transaction, reading
from core.orgs import Organisation, operator_id
from core.rights import OPERATE
from sellers.training.keys import KeyLost

KEY_LOST = tasks.declare(
    "credential.key_lost",
    _("Kunci tanda tangan %(provider)s hilang. Pasang lagi rahasia yang lama."),
    urgency=10,
)


@contextmanager
def told(provider_id: int, list_id: int) -> Iterator[None]:
    """Sign in here what belongs to a status list: a lost key is told to operators, and raised."""
    try:
        yield
    except KeyLost:
        _ask(actor=SYSTEM, provider_id=provider_id, list_id=list_id)
        raise
    with reading() as db:
        was_lost = tasks.is_open(db, KEY_LOST, doc=_doc(provider_id))
    if was_lost:
        _close(actor=SYSTEM, provider_id=provider_id)


def _doc(provider_id: int) -> tuple[str, int]:
    return "organisation", provider_id


@in_transaction(retries=3)
def _ask(db: Session, *, actor: Actor, provider_id: int, list_id: int) -> None:  # noqa: ARG001
    tasks.write(
        db,
        KEY_LOST,
        doc=_doc(provider_id),
        link=f"/sertifikat/status/{list_id}",
        holders=(OPERATE, operator_id(db)),
        facts={"provider": db.get_one(Organisation, provider_id).name},
    )


@in_transaction(retries=3)
def _close(db: Session, *, actor: Actor, provider_id: int) -> None:
    tasks.close(db, KEY_LOST, actor=actor, doc=_doc(provider_id), reason="signed again")
