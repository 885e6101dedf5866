"""Statements asked in every turn, compiled once: SQLAlchemy's way from a statement to the driver takes five times as
long as SQLite takes to answer it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]
Convert = Callable[[Any], Any]
Statement = Select[Any] | Insert | Update | Delete


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in one database's words. `binds`: each parameter and how the database wants it; `fixed`: the values
    that stand in the statement itself; `reads`: at which places of a row, and how, the database's values become ours.
    """

    dialect: Dialect
    sql: str
    binds: tuple[tuple[str, Convert | None], ...]
    fixed: dict[str, Any]
    positional: bool
    reads: tuple[tuple[int, Convert], ...]

    def named(self, bound: list[Any]) -> dict[str, Any]:
        return dict(zip((name for name, _ in self.binds), bound, strict=True))


class Prepared:
    """A statement whose parameters are named by `bindparam`; one value each, no lists. Takes part in the caller's
    transaction and raises what SQLAlchemy raises."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: _Compiled | None = None

    def rows(self, tx: Connection, **values: Any) -> list[Row]:
        """All rows, in the order of the statement's columns."""
        reads, cursor = self._executed(tx, values)
        found: list[Row] = cursor.fetchall()
        cursor.close()
        return [_read(row, reads) for row in found] if reads else found

    def row(self, tx: Connection, **values: Any) -> Row | None:
        """The first row."""
        reads, cursor = self._executed(tx, values)
        found: Row | None = cursor.fetchone()
        cursor.close()
        return found if found is None else _read(found, reads)

    def run(self, tx: Connection, **values: Any) -> int:
        """How many rows it has changed."""
        cursor = self._executed(tx, values)[1]
        changed = int(cursor.rowcount)
        cursor.close()
        return changed

    def _executed(self, tx: Connection, values: dict[str, Any]) -> tuple[tuple[tuple[int, Convert], ...], Any]:
        compiled = self._compiled
        if compiled is None or compiled.dialect is not tx.dialect:
            compiled = self._compiled = _compile(self._statement, tx.dialect)
        if not tx.in_transaction():
            tx.begin()
        given = compiled.fixed | values
        bound = [given[name] if convert is None else convert(given[name]) for name, convert in compiled.binds]
        cursor = tx.connection.cursor()
        driver = compiled.dialect.loaded_dbapi
        try:
            cursor.execute(compiled.sql, bound if compiled.positional else compiled.named(bound))
        except driver.Error as error:
            cursor.close()
            raised = DBAPIError.instance(
                compiled.sql, None, error, driver.Error, hide_parameters=True, dialect=compiled.dialect
            )
            raise raised from error
        return compiled.reads, cursor


def _read(row: Row, reads: tuple[tuple[int, Convert], ...]) -> Row:
    values = list(row)
    for at, convert in reads:
        values[at] = convert(values[at])
    return tuple(values)


def _compile(statement: Statement, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    names = compiled.positiontup if compiled.positional else list(compiled.binds)
    binds = [compiled.binds[name] for name in names or ()]
    columns = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
    reads = [(at, kind.result_processor(dialect, None)) for at, kind in enumerate(columns)]
    return _Compiled(
        dialect=dialect,
        sql=str(compiled),
        binds=tuple((bind.key, bind.type.dialect_impl(dialect).bind_processor(dialect)) for bind in binds),
        fixed={bind.key: bind.value for bind in binds if not bind.required},
        positional=compiled.positional,
        reads=tuple((at, convert) for at, convert in reads if convert is not None),
    )
