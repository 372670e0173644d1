"""Members and their savings from a table."""

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from cooperatives import members
from cooperatives.membership import roll, vouchers
from cooperatives.membership.opening_rows import (
    Line,
    Wrong,
    day_of,
    phone_of,
    plain,
    read_all,
    rupiah_of,
    text_of,
)
from cooperatives.membership.roll import Newcomer
from cooperatives.membership.savings import SORT_WORDS
from cooperatives.membership.vouchers import OPENING, Wish
from cooperatives.models import Membership, Voucher
from cooperatives.models.vouchers import SORTS, VoucherKind, VoucherState
from core import clock
from core.actors import Actor
from core.people import NAME_MAX, Person
from core.sheets import Row
from core.words import rupiah, tanggal


def _open_members(db: Session, group_id: int) -> list[Any]:
    query = (
        select(Membership.number, Membership.person_id, Person.name, Person.phone)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.cooperative_id == group_id, Membership.left_on.is_(None))
    )
    return list(db.execute(query))


def look_members(db: Session, group_id: int, rows: Sequence[Row]) -> list[Line]:
    """Who would be taken in; who is a member already, by name and number, stays one."""
    ours = {(plain(one.name), one.phone) for one in _open_members(db, group_id)}
    names = {name for name, _phone in ours}
    seen: dict[tuple[str, str | None], int] = {}

    def read(row: Row) -> Line:
        name, phone = text_of(row, "name"), phone_of(row)
        joined_on = day_of(row, "joined_on")
        if not name or len(name) > NAME_MAX:
            raise Wrong(_("Nama belum diisi, atau lebih dari 60 huruf."))
        if joined_on is not None and joined_on > clock.today():
            raise Wrong(_("Tanggal tidak boleh sesudah hari ini."))
        key = (plain(name), phone)
        if key in seen:
            raise Wrong(_("Sama dengan baris %(line)s.", line=seen[key]))
        seen[key] = row.line
        told = tanggal(joined_on) if joined_on else ""
        if key in ours or (phone is None and plain(name) in names):
            return Line(row.line, name, told, "same", _("Sudah menjadi anggota."))
        facts = {
            "name": name,
            "call_me": text_of(row, "call_me")[:NAME_MAX] or name,
            "phone": phone,
            "person_id": _known(db, name, phone),
            "joined_on": joined_on,
            "skills": tuple(roll.skills_of(text_of(row, "skills"))),
        }
        return Line(row.line, name, told, "new", facts=facts)

    return read_all(rows, read)


def _known(db: Session, name: str, phone: str | None) -> int | None:
    """The person of that number and name; another name at a known number is one of her family."""
    if phone is None:
        return None
    query = select(Person.id, Person.name).where(Person.phone == phone, Person.erased_at.is_(None))
    return next((one.id for one in db.execute(query) if plain(one.name) == plain(name)), None)


def write_members(
    db: Session, actor: Actor, group_id: int, _sha256: str, lines: Sequence[Line]
) -> None:
    """Take them in, in the order of the table, so that numbers follow it."""
    for line in lines:
        facts = dict(line.facts)
        person_id = facts.pop("person_id") or roll.write_person(db, actor, Newcomer(**facts))
        made = members.join.within(
            db, actor=actor, cooperative_id=group_id, person_id=person_id,
            joined_on=facts["joined_on"],
        )  # fmt: skip
        made.skills = list(facts["skills"])


def look_savings(db: Session, group_id: int, rows: Sequence[Row]) -> list[Line]:
    """What each has saved before; who has savings here already is left out."""
    ours = _open_members(db, group_id)
    has = set(
        db.scalars(
            select(Voucher.person_id).where(
                Voucher.organisation_id == group_id,
                Voucher.kind == VoucherKind.SAVED,
                Voucher.state == VoucherState.BOOKED,
                Voucher.money == OPENING,
            )
        )
    )
    seen: dict[int, int] = {}

    def read(row: Row) -> Line:
        who = _member(ours, text_of(row, "name"), text_of(row, "number"))
        amounts = {sort: rupiah_of(row, sort) for sort in SORTS}
        told = ", ".join(
            f"{SORT_WORDS[sort]} {rupiah(amount)}" for sort, amount in amounts.items() if amount
        )
        if who.person_id in seen:
            raise Wrong(_("Sama dengan baris %(line)s.", line=seen[who.person_id]))
        seen[who.person_id] = row.line
        if who.person_id in has:
            return Line(row.line, who.name, told, "same", _("Saldo awalnya sudah tercatat."))
        if not any(amounts.values()):
            raise Wrong(_("Tidak ada jumlah di baris ini."))
        facts = {"person_id": who.person_id, **amounts}
        return Line(row.line, who.name, told, "new", facts=facts)

    return read_all(rows, read)


def _member(ours: list[Any], name: str, number: str) -> Any:
    """The member of that number, or of that name if only one has it; raises Wrong."""
    found = [one for one in ours if plain(one.name) == plain(name)]
    if number:
        found = [one for one in ours if str(one.number) == number.lstrip("0")]
        if found and plain(found[0].name) != plain(name):
            raise Wrong(_("Nomor ini milik anggota dengan nama lain."))
    if len(found) > 1:
        raise Wrong(_("Beberapa anggota bernama ini. Tulis nomor anggotanya."))
    if not found:
        raise Wrong(_("Anggota ini belum ada di daftar. Catat anggotanya dulu."))
    return found[0]


def write_savings(
    db: Session, actor: Actor, group_id: int, sha256: str, lines: Sequence[Line]
) -> None:
    """Book what each has saved before against the opening of the books."""
    for line in lines:
        for sort in SORTS:
            if amount := line.facts[sort]:
                wish = Wish(
                    id=uuid5(NAMESPACE_OID, f"{group_id}/{sha256}/{line.line}/{sort}"),
                    organisation_id=group_id, kind=VoucherKind.SAVED, amount=amount, money=OPENING,
                    happened_on=clock.today(), person_id=line.facts["person_id"], sort=sort,
                    words=gettext("Saldo awal"),
                )  # fmt: skip
                vouchers.put(db, actor=actor, wish=wish)
