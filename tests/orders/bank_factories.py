"""Builders for the bank statement: files as banks write them, and single lines."""

import uuid

from sqlalchemy import select

from core import clock
from core.db import db
from orders import statement_matching, statements
from orders.models import BankLine

HEADER = "Tanggal;Keterangan;Kredit;Debit"


def a_file(*lines):
    """A statement of any bank: lines are (amount, text) of today, or (amount, text, day)."""
    rows = []
    for amount, text, *day in lines:
        sides = f"{amount};" if amount > 0 else f";{-amount}"
        rows.append(f"{(day or [clock.today()])[0]:%d/%m/%Y};{text};{sides}")
    return "\n".join(["Mutasi rekening", "", HEADER, *rows, ""]).encode()


def brought(actor, *lines):
    """Bring such a file, as a treasurer does."""
    content = a_file(*lines)
    file = statements.keep(actor=actor, content=content, sheet=statements.read(content))
    statement_matching.ask_about_rest(actor=actor)
    db.session.expire_all()
    return file


def lines_of(file=None):
    query = select(BankLine).order_by(BankLine.id)
    return list(db.session.scalars(query.where(BankLine.file_id == file.id) if file else query))


def a_line(*, amount, actor, text=None):
    """One line on the statement."""
    file = brought(actor, (amount, text or uuid.uuid4().hex))
    return lines_of(file)[0]
