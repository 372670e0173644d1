"""Rows written by statements compiled once and for all, for the places that write most.

SQLAlchemy looks the compiled text of an insert up by its parts, fills in defaults and describes
what comes back, for several times what a row costs PostgreSQL. Here the rows of one call stand in
one statement; they must have the same columns.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ClauseElement, Table, bindparam
from sqlalchemy.dialects.postgresql import Insert as Statement
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db import Base, Ready

Shape = Callable[[Statement], ClauseElement]


class Insert:
    """How rows of one table are written; `shape` adds `on conflict` and `returning`."""

    def __init__(self, model: type[Base], shape: Shape = lambda statement: statement) -> None:
        assert isinstance(model.__table__, Table)
        self.table, self.shape = model.__table__, shape
        self.defaults: dict[str, Any] = {
            column.name: column.default for column in self.table.columns if column.default
        }
        self._ready: dict[tuple[int, tuple[str, ...]], Ready] = {}

    def rows(self, db: Session, rows: Sequence[Mapping[str, Any]]) -> Sequence[Any]:
        """Write them; answers with what the statement returns, in an order it does not promise."""
        whole = [self._with_defaults(row) for row in rows]
        names = tuple(whole[0])
        ready = self._ready.get((len(whole), names))
        if ready is None:
            ready = self._ready[len(whole), names] = self._made_ready(len(whole), names)
        values = {f"{name}_{i}": row[name] for i, row in enumerate(whole) for name in names}
        return ready.rows(db, values)

    def _with_defaults(self, row: Mapping[str, Any]) -> dict[str, Any]:
        missing = {
            name: default.arg if default.is_scalar else default.arg(None)
            for name, default in self.defaults.items()
            if name not in row
        }
        return {**row, **missing}

    def _made_ready(self, count: int, names: Sequence[str]) -> Ready:
        types = {name: self.table.c[name].type for name in names}
        blanks = [
            {name: bindparam(f"{name}_{i}", type_=types[name]) for name in names}
            for i in range(count)
        ]
        return Ready(self.shape(insert(self.table).values(blanks)))
