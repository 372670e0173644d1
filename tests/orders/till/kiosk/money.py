"""Mondays: everybody is settled in a round, each gets a statement, and lists are paid out."""

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select, text

from cooperatives import payouts
from cooperatives.accounts import own
from cooperatives.models import Payout, Settlement
from cooperatives.models.books import Kind
from cooperatives.payout_states import Answer
from cooperatives.settling import batches, rounds, stating
from core.db import db
from tests.cooperatives.books_factories import account_of, bank
from tests.orders.factories import run_jobs
from tests.orders.till.kiosk.world import World, crash

OPEN = """
    select coalesce(-sum(e.amount), 0)::bigint from entry e
    where e.account_id = :account
    and not exists (select from settlement_entry s where s.entry_id = e.id)
"""
EVER = """
    select coalesce(-sum(e.amount), 0)::bigint from entry e join journal j on j.id = e.journal_id
    where e.account_id = :account and j.kind not in ('payout', 'payout_return')
"""


class Money(World):
    @rule(at=crash)
    def monday(self, at):
        """Everything due is settled; a server that dies settles nothing twice."""
        actor, ours = self.shop.treasurers[0], self.shop.cooperative.id
        try:
            begun = self.survive(rounds.begin, at, actor=actor, organisation_id=ours)
        except rounds.NothingDue:
            return
        self.survive(rounds.settle.run, at, is_whole=False, round_id=begun.id)
        self.is_owing = True
        run_jobs()  # The job that was deferred comes too late: nothing is left to do.
        self.statements_are_the_books()

    def statements_are_the_books(self):
        """What each maker reads adds up to the books: sales to their pieces, lines to the total,
        and statements with what is not settled yet to all that ever stood on her page.
        """
        db.session.expire_all()
        for seller in self.sellers:
            account = {"account": account_of(self.book.page_of(seller))}
            query = select(Settlement.id).filter_by(account_id=account["account"])
            read = [
                stating.of_person(db.session(), seller.person_id, settlement_id)
                for settlement_id in db.session.scalars(query)
            ]
            for statement in read:
                assert statement.adds_up
                assert all(s.parts.gross == s.units * s.price for s in statement.sales)
            still_open = db.session.scalar(text(OPEN), account)
            ever = db.session.scalar(text(EVER), account)
            assert sum(statement.total for statement in read) + still_open == ever

    @rule(
        way=st.sampled_from([Kind.BANK, Kind.BANK, Kind.CASH]),
        strikes=st.booleans(),
        fate=st.sampled_from(["paid", "lost", "not_lost", "returned"]),
        at=crash,
    )
    def a_list_is_paid(self, way, strikes, fate, at):
        if not self.is_owing:
            return
        first, second = self.shop.treasurers
        ours = self.shop.cooperative.id
        source = account_of(bank(ours) if way is Kind.BANK else own(Kind.CASH, ours))
        facts = {"actor": first, "organisation_id": ours, "source_id": source}
        try:
            batch_id = self.survive(batches.prepare, at, **facts).id
        except batches.NothingToPay:
            self.is_owing = False
            return
        struck = self._of(batch_id)[:1] if strikes else ()
        self.survive(batches.approve, at, actor=second, batch_id=batch_id, struck=struck)
        if not self._of(batch_id, "approved"):
            return  # All of it was struck.
        deed = {"actor": first, "batch_id": batch_id}
        if way is Kind.CASH:
            for payout_id in self._of(batch_id, "approved"):
                self.survive(batches.hand_over, at, **deed, payout_id=payout_id)
        elif self.survive(batches.begin, at, **deed):
            self.survive(batches.send, at, **deed, reference_no=f"BRI-{batch_id}")
            self._sent(deed, fate, at)
        if fate == "returned":
            for payout_id in self._of(batch_id, "paid")[:1]:
                back = {"actor": first, "payout_id": payout_id, "reason": "rekening tutup"}
                self.survive(payouts.bring_back, at, **back)
        run_jobs()

    def _sent(self, deed, fate, at):
        actor, batch_id = deed["actor"], deed["batch_id"]
        lost = self._of(batch_id, "sent")[:1] if fate in ("lost", "not_lost") else []
        for payout_id in lost:
            self.survive(payouts.lose, at, actor=actor, payout_id=payout_id, reason="sunyi")
        self.survive(batches.confirm, at, **deed)
        self.survive(batches.pay_batch.run, at, is_whole=False, batch_id=batch_id)
        for payout_id in lost:
            answer = Answer(fate == "not_lost", "bank, telepon")
            payouts.resolve(actor=actor, payout_id=payout_id, ask=lambda _no, said=answer: said)

    def _of(self, batch_id, state=None):
        query = select(Payout.id).where(Payout.batch_id == batch_id).order_by(Payout.id)
        return list(db.session.scalars(query.where(Payout.state == state) if state else query))
