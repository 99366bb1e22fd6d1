"""What rests on an agreement that the reader may not read now: runs, their plans, and warnings.

A run's card and a warning's name the agreements whose rows went into them. When one of them ends, or lies
outside the account, the row is left out of every query, as the ledger's segments are: a list that still
named it would tell that it is there, and a plan repeats the run's numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from sqlalchemy import Dialect, FromClause, TableValuedAlias, case, exists, func, literal_column, select, true
from sqlalchemy.sql.elements import ColumnElement

from peelian.store.tables import METADATA

CARDS: Final = frozenset({"run", "warning"})
"""Tables whose `card` names agreements."""
MADE_OF: Final = {
    "plan": ("run", "run"),
    "warning_step": ("warning", "warning"),
    "outbox": ("warning", "warning"),
}
"""Tables whose rows say what was read elsewhere: by which column, of which table."""


def rests_on_open(
    name: str, source: Any, dialect: Dialect, able: Collection[str]
) -> Iterator[ColumnElement[bool]]:
    """Give the test that a row rests on agreements in `able` only; none where a table names none."""
    if name in CARDS:
        named = _named(source.c.card, dialect)
        yield ~exists(_shut(named, able).select_from(named))
    elif name in MADE_OF:
        column, of = MADE_OF[name]
        whole = METADATA.tables[of].alias("rested_on")  # its own name, or it would be correlated away
        named = _named(whole.c.card, dialect)
        both: FromClause = whole.join(named, true())
        yield ~exists(_shut(named, able).select_from(both).where(whole.c.id == source.c[column]))


def _shut(named: TableValuedAlias, able: Collection[str]) -> Any:
    one = named.c.value  # SQLite makes one row of a null
    return select(literal_column("1")).where(one.is_not(None), one.not_in(sorted(able)))


def _named(card: Any, dialect: Dialect) -> TableValuedAlias:
    """Give the names in a card's list as rows; none where it has no list."""
    if dialect.name != "postgresql":
        return func.json_each(card, "$.agreements").table_valued("value", name="named")
    held = card["agreements"]
    a_list = case((func.json_typeof(held) == "array", held), else_=literal_column("'[]'::json"))
    return func.json_array_elements_text(a_list).table_valued("value", name="named")
