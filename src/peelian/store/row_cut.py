"""Which rows the present request may read: put on every query of the catalogue, whoever wrote the query.

A `Reader` is set for the length of a request (a context variable, so requests that run side by side never
mix). Every select is then cut to the reader's forces and areas, the ledger's segments to its agreements
and controllers, and what was made of them to its agreements; an insert that names another force is refused.
Where none is set (command line, worker, live desk) nothing is cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, FromClause, Insert, Join, Select, Table, event, or_
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, ColumnElement
from sqlalchemy.sql.selectable import Alias

from peelian.domain.actor import ANY
from peelian.domain.agreement import BUILT_IN
from peelian.store.access_tables import EVERYONES
from peelian.store.agreement_cut import rests_on_open
from peelian.store.database_roles import AREAS, SETTING
from peelian.store.write_cut import check_insert


@dataclass(frozen=True)
class Reader:
    """What may be read. `forces` and `areas` may hold `ANY`; an empty force stands for unowned rows."""

    forces: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    agreements: frozenset[str] = frozenset()
    controllers: frozenset[str] = frozenset()

    def of_forces(self) -> str:
        """Give the setting PostgreSQL's policies read."""
        return _setting(self.forces)

    def of_areas(self) -> str:
        """Give the setting for areas."""
        return _setting(self.areas)


_READER: ContextVar[Reader | None] = ContextVar("reader", default=None)
_SHUT_TOO: ContextVar[bool] = ContextVar("shut agreements too", default=False)


@contextmanager
def reading_as(reader: Reader | None) -> Iterator[None]:
    """Cut every query in this context to what a reader may read; None cuts nothing."""
    token = _READER.set(reader)
    try:
        yield
    finally:
        _READER.reset(token)


@contextmanager
def shut_too() -> Iterator[None]:
    """Find what rests on a shut agreement too: to say whose it is, or why it is refused; never to show it."""
    token = _SHUT_TOO.set(True)
    try:
        yield
    finally:
        _SHUT_TOO.reset(token)


def reader_now() -> Reader | None:
    """Give the reader set in this context."""
    return _READER.get()


def own_force() -> str:
    """Give the one force the present reader acts for; empty where it reaches several or all."""
    reader = _READER.get()
    named = [] if reader is None or ANY in reader.forces else [one for one in reader.forces if one]
    return named[0] if len(named) == 1 else ""


def reaches(force: str, area: str) -> bool:
    """Say whether the present reader reaches a record of a force and area; where none is set, it does."""
    reader = _READER.get()
    if reader is None:
        return True
    within = ANY in reader.forces or force in reader.forces
    return within and (ANY in reader.areas or area in reader.areas)


def listen(engine: Engine) -> None:
    """Cut the queries of an engine; on PostgreSQL tell its policies too, in the transaction itself."""
    event.listen(engine, "before_execute", _cut, retval=True)
    if engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _tell)


def _tell(conn: Connection) -> None:
    reader = _READER.get()
    forces, areas = (ANY, ANY) if reader is None else (reader.of_forces(), reader.of_areas())
    conn.exec_driver_sql(
        "select set_config(%s, %s, true), set_config(%s, %s, true)", (SETTING, forces, AREAS, areas)
    )


def _setting(names: tuple[str, ...]) -> str:
    if ANY in names:
        return ANY
    # One empty name is not the same as none: a leading comma makes the array {'', ''}.
    return ",".join(names) if any(names) else "," if names else ""


def _cut(conn: Connection, statement: Any, many: Any, params: Any, _options: Any) -> tuple[Any, Any, Any]:
    reader = _READER.get()
    if reader is None or not isinstance(statement, ClauseElement):
        return statement, many, params
    if isinstance(statement, Insert) and _is_cut(statement.table):
        check_insert(statement, many, params, reader.forces, reader.areas)

    def selected(element: Select[Any]) -> None:
        tables = [one for source in element.get_final_froms() for one in _tables(source)]
        _narrow(element, tables, reader, conn.dialect)

    def changed(element: Any) -> None:
        _narrow(element, [element.table], reader, conn.dialect)

    changes = {"select": selected, "update": changed, "delete": changed}
    return visitors.cloned_traverse(statement, {}, changes), many, params


def _narrow(element: Any, tables: list[FromClause], reader: Reader, dialect: Dialect) -> None:
    tests = tuple(test for one in tables for test in _tests(one, reader, dialect))
    if tests:  # in place, for the traversal has cloned it: `where()` would give yet another
        element._where_criteria = (*element._where_criteria, *tests)


def _tables(source: FromClause) -> Iterator[FromClause]:
    """Give the tables and aliases of tables of one `from`; a subquery's own select is visited by itself."""
    if isinstance(source, Join):
        yield from _tables(source.left)
        yield from _tables(source.right)
    elif isinstance(source, Table) or (isinstance(source, Alias) and isinstance(source.element, Table)):
        yield source


def _name(source: Any) -> str:
    table: Any = source.element if isinstance(source, Alias) else source
    return str(table.name)


def _is_cut(source: Any) -> bool:
    return _name(source) not in EVERYONES and "force" in source.c


def _tests(source: FromClause, reader: Reader, dialect: Dialect) -> Iterator[ColumnElement[bool]]:
    if not _is_cut(source):
        return
    name = _name(source)
    if ANY not in reader.forces:
        yield source.c.force.in_(reader.forces)
    if "area" in source.c and ANY not in reader.areas:
        yield source.c.area.in_(reader.areas)
    if name == "segment":
        yield source.c.agreement.in_(sorted(reader.agreements))
        yield or_(source.c.agreement.in_(BUILT_IN), source.c.controller.in_(sorted(reader.controllers)))
    if not _SHUT_TOO.get():
        yield from rests_on_open(name, source, dialect, reader.agreements)
