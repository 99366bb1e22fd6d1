"""What the present request may write: rows of its own forces and areas, as PostgreSQL's policies say too.

A select cannot show what it may not, but an insert names its owner itself: a file of another force, taken in
by an account that does not act for it, would add to that force's ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Insert, Table

from peelian.domain.actor import ANY
from peelian.domain.errors import Forbidden


def check_insert(
    statement: Insert,
    many: Sequence[Any],
    params: Mapping[str, Any],
    forces: Collection[str],
    areas: Collection[str],
) -> None:
    """Do nothing where every row is of these forces and areas, or names none.

    Raises:
        Forbidden: one is not.
    """
    table = statement.table
    assert isinstance(table, Table)
    for row in _rows(statement, many, params):
        if _beyond(row.get("force"), forces) or ("area" in table.c and _beyond(row.get("area"), areas)):
            raise Forbidden(
                "these records are of a force or area that this account does not act for",
                expected="records of its own force and areas",
                do="have someone who acts for them take them in",
            )


def _beyond(named: Any, within: Collection[str]) -> bool:
    return bool(named) and ANY not in within and named not in within


def _rows(statement: Insert, many: Sequence[Any], params: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Give the rows by column; SQLAlchemy keeps what `values()` was given in private attributes."""
    once = _plain(statement._values or {})
    for part in statement._multi_values:
        yield from (_plain(one) for one in part if isinstance(one, Mapping))
    for given in [*many, params] if many or params else [{}]:
        yield once | dict(given)


def _plain(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {getattr(name, "name", name): getattr(value, "value", value) for name, value in values.items()}
