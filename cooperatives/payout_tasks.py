"""The next step of a payout as a task for the board: agree, send, look whether it came.

Written in the transaction that moves the payout; the step before is closed with it.
"""

from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives.models.books import Account, Payout, Settlement
from cooperatives.payout_states import PayoutState
from cooperatives.rights import COORDINATE, TREASURE
from core import clock, tasks, words
from core.access import Right
from core.actors import Actor
from core.tasks import TaskKind

AGREE = tasks.declare("payout.agree", _("Setujui pencairan %(amount)s"))
AGREE_TOO = tasks.declare("payout.agree_too", _("Bantu setujui pencairan %(amount)s"))
SEND = tasks.declare("payout.send", _("Kirim pencairan %(amount)s yang sudah disetujui"))
SEE_COME = tasks.declare("payout.see_come", _("Periksa pencairan %(amount)s sudah sampai"))
ASK_BANK = tasks.declare("payout.ask_bank", _("Tanya bank tentang pencairan %(amount)s"))
STEP_TIME = timedelta(days=2)

STEPS: dict[PayoutState, tuple[tuple[TaskKind, Right], ...]] = {
    PayoutState.CREATED: ((AGREE, TREASURE), (AGREE_TOO, COORDINATE)),
    PayoutState.APPROVED: ((SEND, TREASURE),),
    PayoutState.SENT: ((SEE_COME, TREASURE),),
    PayoutState.UNKNOWN: ((ASK_BANK, TREASURE),),
}
"""What each state asks of whom; a cooperative with one treasurer has its coordinator agree."""


def follow(db: Session, *, actor: Actor, payout: Payout) -> None:
    """Close the steps before and ask for the one this payout now waits for."""
    doc = ("payout", payout.id)
    for steps in STEPS.values():
        for kind, _right in steps:
            tasks.close(db, kind, actor=actor, doc=doc, reason=payout.state)
    settlement = db.get_one(Settlement, payout.settlement_id)
    account = db.get_one(Account, settlement.account_id)
    db.flush()  # What was closed must be seen before the same step is asked for anew.
    for kind, right in STEPS.get(PayoutState(payout.state), ()):
        tasks.write(
            db,
            kind,
            doc=doc,
            holders=(right, account.organisation_id),
            due_at=clock.now() + STEP_TIME,
            facts={"amount": words.rupiah(settlement.total)},
            link=f"/kas/bayar/{payout.id}",
        )
