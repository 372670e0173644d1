"""Settling a line of a report: what its gateway did to our money goes into the books, once.

Lines in foreign money are worth what we had counted for them when the buyer paid. What is paid out
takes along its part of the worth of all that the gateway holds of that currency, so the page of a
gateway that has paid everything out stands at zero; the rest is an exchange difference.
"""

from sqlalchemy.orm import Session

from cooperatives import clearing, postings
from core import orgs
from core.actors import Actor
from core.config import settings
from core.errors import DomainError
from orders import money_pages
from orders.models import Attempt, ReportLine
from orders.reports import books, fees
from orders.reports.verdict import part_of
from orders.settings import OrderSettings


class NothingHeld(DomainError):
    """A fee in a currency of which the gateway holds nothing, so nobody knows what it is worth."""


def settle(db: Session, *, actor: Actor, line: ReportLine, worth: int, by_hand: bool) -> None:
    """Book what a line means at this worth in rupiah; `by_hand` says that a person decided it.

    A payout's `worth` is what reached the bank, negative. Raises NothingHeld.
    """
    house = orgs.operator_id(db)
    page = money_pages.clearing(house, line.gateway)
    fee = fee_rupiah(db, line, worth)
    if line.kind == "payout":
        worth = _pay_out(db, actor, line, worth, fee)
    elif difference := worth - line.booked:
        book = clearing.differs if by_hand else clearing.exchanged
        book(db, actor=actor, line_id=line.id, clearing=page, difference=difference)
    if fee:
        is_charge = line.kind == "charge" and line.attempt_id is not None
        attempt = db.get_one(Attempt, line.attempt_id) if is_charge else None
        postings.gateway_fee(
            db,
            actor=actor,
            doc=("attempt", attempt.id) if attempt else ("report_line", line.id),
            money=page,
            bearers=fees.bearers(db, attempt, fee),
            memo=str(attempt.order_id) if attempt else "",
        )
    line.worth, line.fee_rupiah = worth, fee
    db.flush()


def fee_rupiah(db: Session, line: ReportLine, worth: int) -> int:
    """What a line's fee is in rupiah; raises NothingHeld."""
    if line.currency == "IDR" or not line.fee:
        return line.fee
    if line.kind not in ("fee", "payout") and line.gross:
        return part_of(line.fee, line.gross, worth)
    held, worth_held = books.pool(db, line.gateway, line.currency)
    if held <= 0:
        raise NothingHeld
    return part_of(line.fee, held, worth_held)


def _pay_out(db: Session, actor: Actor, line: ReportLine, worth: int, fee: int) -> int:
    """Move what arrived to the bank; returns what of the gateway's page that was worth."""
    house = orgs.operator_id(db)
    page, bank = money_pages.clearing(house, line.gateway), money_pages.bank(house)
    gone = worth
    if line.currency != "IDR":
        held, worth_held = books.pool(db, line.gateway, line.currency)
        if -line.net == held:
            gone = fee - worth_held
        elif 0 < -line.net < held:
            gone = part_of(line.gross, held, worth_held)
    if worth:
        giving, taking = (page, bank) if worth < 0 else (bank, page)
        doc = ("report_line", line.id)
        postings.moved(db, actor=actor, doc=doc, giving=giving, taking=taking, amount=abs(worth))
    if difference := gone - worth:
        clearing.exchanged(db, actor=actor, line_id=line.id, clearing=page, difference=difference)
    return gone


def is_large(line: ReportLine, worth: int, fee: int) -> bool:
    """Whether so much would be booked that a second treasurer has to see it."""
    moved = abs(worth) if line.kind == "payout" else abs(worth - line.booked)
    return max(moved, abs(fee)) >= settings(OrderSettings).second_person_rupiah
