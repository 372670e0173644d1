"""The bank statement as a file: read, stored line by line and never twice.

A treasurer brings it. Nothing here moves money: what a line is for is confirmed by her, in
`orders.statement_matching`.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cooperatives.rights import TREASURE
from core import access, audit, clock, orgs, sheets, tasks, words
from core.actors import Actor
from core.config import settings
from core.db import in_transaction
from core.errors import DomainError, NotFound
from core.sheet_files import NotASheet
from core.sheets import Row, Sheet
from orders.bank_layouts import LAYOUTS
from orders.models import BankFile, BankLine
from orders.settings import OrderSettings

ACCOUNT = "utama"
"""The operator's bank account, by the label of its page in the books."""

LIST_MAX = 300
UNMATCHED = tasks.declare("bank.unmatched", _("Cari tahu uang masuk %(amount)s tanggal %(day)s"))
_DIGITS_MIN = 6  # An account number has more; a branch's code has fewer.


class WrongAccount(DomainError):
    """The file is of another account than the one buyers transfer to."""

    sentence = _("Mutasi ini dari rekening lain, bukan rekening tempat pembeli mentransfer.")


class OtherLayout(DomainError):
    """The same days came in another layout before: their lines would be counted twice."""

    sentence = _(
        "Hari-hari ini sudah pernah diunggah dengan susunan lain. Pakai susunan yang sama."
    )


def read(content: bytes, layout_code: str = "") -> Sheet:
    """The statement in a file, by one layout or by whichever fits. Raises NotASheet."""
    known = [LAYOUTS[layout_code]] if layout_code in LAYOUTS else list(LAYOUTS.values())
    sheet = sheets.read(content, known, until=None)
    if not sheet.rows and not sheet.flaws:
        raise NotASheet(_("Tidak ada baris mutasi di berkas ini."))
    return sheet


@in_transaction(retries=3)
def keep(db: Session, *, actor: Actor, content: bytes, sheet: Sheet) -> BankFile:
    """Store the lines of a statement that are not there yet; the same file again changes nothing.

    Raises WrongAccount, OtherLayout, NotFound.
    """
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    digest = hashlib.sha256(content).hexdigest()
    before = select(BankFile).where(BankFile.account == ACCOUNT, BankFile.digest == digest)
    if (known := db.scalar(before)) is not None:
        return known
    _refuse_other_account(sheet)
    _refuse_other_layout(db, sheet)
    row = {
        "account": ACCOUNT,
        "layout": sheet.layout.code,
        "digest": digest,
        "lines": len(sheet.rows),
        "flaws": [[flaw.line, str(flaw.sentence)] for flaw in sheet.flaws],
        "asides": [[aside.line, str(aside.sentence)] for aside in sheet.asides],
        "sent_by": actor.person_id,
    }
    written = insert(BankFile).values(row).on_conflict_do_nothing().returning(BankFile)
    file = db.scalar(written)
    if file is None:
        return db.scalars(before).one()  # Somebody brought it at the same moment.
    file.new_lines = len(_write_lines(db, file, sheet.rows))
    audit.record(db, actor, "statement.keep", "bank_file", file.id, lines=file.new_lines)
    return file


def _refuse_other_account(sheet: Sheet) -> None:
    """Compare the account numbers in the file with ours, where both are written out."""
    ours = _digits(settings(OrderSettings).bank_account)
    told = [str(row.values.get("account") or "") for row in sheet.rows]
    told += [" ".join(cells) for cells in sheet.above if _is_about_account(cells)]
    theirs = {digits for text in told for digits in _digits(text)}
    if ours and theirs and not ours & theirs:
        raise WrongAccount


def _is_about_account(cells: list[str]) -> bool:
    first = re.sub("[^a-z]", "", "".join(cells[:1]).casefold())
    return first.startswith(("norek", "nomorrek", "accountn", "rekening"))


def _digits(text: str) -> set[str]:
    """The account numbers in a text, without what is put between their digits."""
    runs = re.findall(r"[0-9][0-9 .-]*[0-9]", text)
    found = {re.sub("[^0-9]", "", run) for run in runs}
    return {digits for digits in found if len(digits) >= _DIGITS_MIN}


def _refuse_other_layout(db: Session, sheet: Sheet) -> None:
    days = [row.values["day"] for row in sheet.rows]
    if not days:
        return
    other = (
        select(BankLine.id)
        .join(BankFile, BankFile.id == BankLine.file_id)
        .where(
            BankLine.account == ACCOUNT,
            BankLine.day.between(min(days), max(days)),
            BankFile.layout != sheet.layout.code,
        )
    )
    if db.scalar(other.limit(1)) is not None:
        raise OtherLayout


def _write_lines(db: Session, file: BankFile, rows: Iterable[Row]) -> list[int]:
    """Write what is not there yet; equal lines of a day are numbered in the order of the file."""
    counts: Counter[tuple[date, int, str]] = Counter()
    lines = []
    for row in rows:
        day, amount, text = row.values["day"], row.values["amount"], row.values["text"] or ""
        key = (day, amount, _hash(text))
        counts[key] += 1
        lines.append(
            {
                "file_id": file.id,
                "file_line": row.line,
                "account": file.account,
                "day": day,
                "amount": amount,
                "text": text,
                "text_hash": key[2],
                "running": counts[key],
            }
        )
    if not lines:
        return []
    written = insert(BankLine).on_conflict_do_nothing().returning(BankLine.id)
    return list(db.scalars(written, lines))


def _hash(text: str) -> str:
    plain = re.sub(r"\W+", " ", text.casefold()).strip()
    return hashlib.sha256(plain.encode()).hexdigest()[:40]


def ask_about(db: Session, lines: Iterable[BankLine]) -> None:
    """Money came and nobody knows for what: the treasurers find it out, or close it in words."""
    for line in lines:
        tasks.write(
            db,
            UNMATCHED,
            doc=("bank_line", line.id),
            link=f"/kas/mutasi/{line.id}",
            holders=(TREASURE, orgs.operator_id(db)),
            facts={"amount": words.rupiah(line.amount), "day": words.tanggal(line.day)},
        )


def match(db: Session, actor: Actor, line: BankLine, **what: object) -> None:
    """A locked line has found what it is for: an attempt, a refund, a payout or a bag."""
    for name, value in what.items():
        setattr(line, name, value)
    _end(db, actor, line, "matched")


def leave(db: Session, actor: Actor, line: BankLine, reason: str) -> None:
    """A locked line is for nothing of ours."""
    line.reason = reason
    _end(db, actor, line, "closed")


def _end(db: Session, actor: Actor, line: BankLine, state: str) -> None:
    line.state, line.ended_by, line.ended_at = state, actor.person_id, clock.now()
    tasks.close(db, UNMATCHED, actor=actor, doc=("bank_line", line.id), reason=state)
    audit.record(db, actor, f"statement.{state}", "bank_line", line.id)


def locked_line(db: Session, actor: Actor, line_id: int) -> BankLine:
    """One line, locked, for a treasurer of the operator; raises NotFound."""
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    line = db.get(BankLine, line_id, with_for_update=True, populate_existing=True)
    if line is None:
        raise NotFound
    return line


def get_line(db: Session, actor: Actor, line_id: int) -> BankLine:
    """One line to look at; raises NotFound."""
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    line = db.get(BankLine, line_id, populate_existing=True)
    if line is None:
        raise NotFound
    return line


def list_lines(db: Session, actor: Actor, *, is_open: bool = True) -> list[BankLine]:
    """Lines that wait, oldest first, or those that are done, newest first."""
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    query: Select[BankLine] = select(BankLine).limit(LIST_MAX)
    if is_open:
        query = query.where(BankLine.state == "open").order_by(BankLine.day, BankLine.id)
    else:
        query = query.where(BankLine.state != "open").order_by(BankLine.ended_at.desc())
    return list(db.scalars(query.execution_options(populate_existing=True)))


def newest_file(db: Session, actor: Actor) -> BankFile | None:
    """The file that was brought last, with what could not be read in it."""
    access.require(db, actor, TREASURE, orgs.operator_id(db))
    return db.scalar(select(BankFile).order_by(BankFile.id.desc()).limit(1))


def counts(db: Session) -> dict[str, int]:
    """How many lines wait, are matched, and are closed."""
    rows = db.execute(select(BankLine.state, func.count()).group_by(BankLine.state))
    return {row[0]: int(row[1]) for row in rows}
