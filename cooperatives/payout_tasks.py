"""The next step of a payout as a task for the board: agree, send, look whether it came.

Written in the transaction that moves the payout; the step before is closed with it.
"""

from datetime import timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from cooperatives import pay_ways
from cooperatives.models.books import Account, Payee, Payout, Settlement
from cooperatives.models.settling import PayoutBatch
from cooperatives.payout_states import PayoutState
from cooperatives.rights import COORDINATE, TREASURE
from core import clock, notify, tasks, words
from core.access import Right
from core.actors import Actor
from core.tasks import TaskKind

AGREE = tasks.declare("payout.agree", _("Setujui pencairan %(amount)s"))
AGREE_TOO = tasks.declare("payout.agree_too", _("Bantu setujui pencairan %(amount)s"))
SEND = tasks.declare("payout.send", _("Kirim pencairan %(amount)s yang sudah disetujui"))
SEE_COME = tasks.declare("payout.see_come", _("Periksa pencairan %(amount)s sudah sampai"))
ASK_BANK = tasks.declare("payout.ask_bank", _("Tanya bank tentang pencairan %(amount)s"))
AGREE_ALL = tasks.declare("payout_batch.agree", _("Setujui daftar pencairan"))
AGREE_ALL_TOO = tasks.declare("payout_batch.agree_too", _("Bantu setujui daftar pencairan"))
SEND_ALL = tasks.declare("payout_batch.send", _("Kirim daftar pencairan yang sudah disetujui"))
SEE_ALL_COME = tasks.declare("payout_batch.see_come", _("Periksa daftar pencairan sudah sampai"))
STEP_TIME = timedelta(days=2)

STEPS: dict[PayoutState, tuple[tuple[TaskKind, Right], ...]] = {
    PayoutState.CREATED: ((AGREE, TREASURE), (AGREE_TOO, COORDINATE)),
    PayoutState.APPROVED: ((SEND, TREASURE),),
    PayoutState.SENT: ((SEE_COME, TREASURE),),
    PayoutState.UNKNOWN: ((ASK_BANK, TREASURE),),
}
"""What each state asks of whom; a cooperative with one treasurer has its coordinator agree."""

BATCH_STEPS: dict[str, tuple[tuple[TaskKind, Right], ...]] = {
    "created": ((AGREE_ALL, TREASURE), (AGREE_ALL_TOO, COORDINATE)),
    "approved": ((SEND_ALL, TREASURE),),
    "sent": ((SEE_ALL_COME, TREASURE),),
}
BY_ITSELF = (PayoutState.UNKNOWN,)
"""What is asked about a payout of a batch by itself; the other steps are taken for the list."""


def follow(db: Session, *, actor: Actor, payout: Payout) -> None:
    """Close the steps before and ask for the one this payout now waits for."""
    doc = ("payout", payout.id)
    for steps in STEPS.values():
        for kind, _right in steps:
            tasks.close(db, kind, actor=actor, doc=doc, reason=payout.state)
    settlement = db.get_one(Settlement, payout.settlement_id)
    account = db.get_one(Account, settlement.account_id)
    db.flush()  # What was closed must be seen before the same step is asked for anew.
    if payout.state in (PayoutState.FAILED, PayoutState.RETURNED):
        _ask_for_another_way(db, payout, account.payee_id)
    if payout.batch_id is not None and payout.state not in BY_ITSELF:
        return
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


def _ask_for_another_way(db: Session, payout: Payout, payee_id: int) -> None:
    """Her account did not take it: she is asked to look at the number, or to choose another way."""
    person_id = db.get_one(Payee, payee_id).person_id
    if person_id is None or payout.pay_way_id is None:
        return
    doc, link = ("payee", payee_id), pay_ways.PAGE
    tasks.write(db, pay_ways.OTHER_WAY, doc=doc, link=link, person_id=person_id)
    notify.tell(
        db,
        event_key=f"payout_back:{payout.id}",
        people=[person_id],
        title=_("Uang Ibu kembali dari bank"),
        text=_("Uangnya aman di koperasi. Periksa nomor rekening Ibu, atau pilih cara lain."),
        link=link,
    )


def follow_batch(db: Session, *, actor: Actor, batch: PayoutBatch) -> None:
    """Close what was asked about a list before, and ask for its next step."""
    doc = ("payout_batch", batch.id)
    for steps in BATCH_STEPS.values():
        for kind, _right in steps:
            tasks.close(db, kind, actor=actor, doc=doc, reason=batch.stage)
    db.flush()
    for kind, right in BATCH_STEPS.get(batch.stage, ()):
        tasks.write(
            db,
            kind,
            doc=doc,
            holders=(right, batch.organisation_id),
            due_at=clock.now() + STEP_TIME,
            link=f"/kas/bayar/kumpulan/{batch.id}",
        )
