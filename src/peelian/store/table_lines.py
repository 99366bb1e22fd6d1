"""The catalogue's tables as lines of JSON: the same bytes whichever database holds them.

Tables are reflected, not taken from `tables`, so that a backup of an older version can be read: a value is
what the database holds (an instant is a whole number), in the order of the primary key.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Date,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    cast,
    collate,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, ProgrammingError
from sqlalchemy.types import UserDefinedType

LEFT_OUT: Final = frozenset({"alembic_version", "session"})
"""The version is in the manifest; people sign in again after a restore."""
_PAGE: Final = 5_000
_NOT_OURS: Final = (
    TypeError, KeyError, AttributeError, OverflowError, RecursionError, IntegrityError, DataError,
    ProgrammingError, InterfaceError,
)  # fmt: skip
"""What a line that was spoilt gives; a database that is away (OperationalError) is none of it."""
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class _JsonText(UserDefinedType[str]):
    """JSON as the text that is held: so that `null` stays apart from nothing, and keys keep their order."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Give the type's name."""
        return "JSON"

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[Any]:
        """Read it as text."""
        return cast(colexpr, Text)


@dataclass(frozen=True)
class Digest:
    """How many lines a table has, and the SHA-256 of all of them."""

    rows: int
    sha256: str


@contextmanager
def frozen_view(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees the records as of one instant, and locks no one out."""
    with engine.connect().execution_options(writes=False) as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def held_tables(conn: Connection) -> list[Table]:
    """List the tables a backup holds, by name."""
    names = [name for name in inspect(conn).get_table_names() if name not in LEFT_OUT]
    found = MetaData()
    found.reflect(conn, only=names)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = _JsonText()
    return [found.tables[name] for name in sorted(names)]


def lines(conn: Connection, table: Table) -> Iterator[bytes]:
    """Give a table's rows as lines, in the order of their key."""
    keys: list[Any] = []
    for column in table.primary_key:
        as_bytes = isinstance(column.type, String) and conn.dialect.name == "postgresql"
        keys.append(collate(column, "C") if as_bytes else column)
    asked = select(table).order_by(*keys).execution_options(yield_per=_PAGE)
    for row in conn.execute(asked):
        said = json.dumps(
            [_plain(value) for value in row], ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
        yield said.encode() + b"\n"


def digest(conn: Connection, table: Table) -> Digest:
    """Read a table through and give its digest."""
    counted = Counted(lines(conn, table))
    for _ in counted:
        pass
    return counted.digest


class Counted:
    """Passes lines on, and knows their digest when they have ended."""

    def __init__(self, source: Iterable[bytes]) -> None:
        self._source, self._sha, self._rows = source, hashlib.sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._source:
            self._sha.update(line)
            self._rows += 1
            yield line

    @property
    def digest(self) -> Digest:
        """Give the digest of what was passed on."""
        return Digest(self._rows, self._sha.hexdigest())


def fill(conn: Connection, table: Table, columns: list[str], source: Iterable[bytes]) -> None:
    """Put lines into a new table; `columns` names their values. What migrations wrote into it gives way.

    Raises:
        ValueError: a line is not one of ours.
    """
    if conn.execute(select(func.count()).select_from(table)).scalar():  # no delete is tried on the audit's
        conn.execute(delete(table))
    kinds = [table.c[name] for name in columns]
    page: list[dict[str, Any]] = []
    try:
        for line in source:
            values = json.loads(line)
            page.append({column.name: _typed(column, one) for column, one in zip(kinds, values, strict=True)})
            if len(page) >= _PAGE:
                conn.execute(insert(table), page)
                page = []
        if page:
            conn.execute(insert(table), page)
    except _NOT_OURS:
        raise ValueError("a line is not one of ours") from None
    _number_on(conn, table)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _typed(column: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def _number_on(conn: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those put in; SQLite does so by itself."""
    if conn.dialect.name != "postgresql":
        return
    for column in table.primary_key:
        if not isinstance(column.type, Integer):
            continue
        of = conn.execute(text("select pg_get_serial_sequence(:table, :column)"),
                          {"table": f'"{table.name}"', "column": column.name}).scalar()  # fmt: skip
        if of:
            newest = conn.execute(select(func.max(column))).scalar() or 0
            conn.execute(text("select setval(:of, :next, false)"), {"of": of, "next": newest + 1})


__all__ = ["Counted", "Digest", "digest", "fill", "frozen_view", "held_tables", "lines"]
