"""The door of what may go on: forecasts of a stopped area cannot be read from the catalogue, by anyone.

Every query of the tables below leaves out the areas that are stopped, read anew in the query's own
transaction: so it holds for routes, streams, jobs, commands and exports from the next query on.
An area is stopped when the register says `discontinued`, or `proposed` while it lacks an owner, a lawful
basis or an ethics reference, or when it is in use without a fairness audit in date. What happened stays:
events, coverage, the register of interventions, evaluations, decisions, the audit. Nothing is deleted:
approved again, or audited, all of it is back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Engine, Join, Select, Table, event, false, select
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, ColumnElement

from peelian.domain.errors import Refused
from peelian.store.row_cut import shut_too
from peelian.store.stopped_unaudited import unaudited
from peelian.store.tables import METADATA
from peelian.store.trust_tables import deployment

EVERY: Final = "*"
FORECASTS: Final = frozenset({"run", "plan", "warning", "warning_watch", "release"})
"""Tables that hold forecasts, or what was made of them, by area."""
OF_WARNINGS: Final = frozenset({"outbox"})
"""Tables whose rows speak of a warning: gone with its area."""
HISTORY: Final = "only history is shown: what was recorded, done, decided and evaluated"
_WATCHED: Final = FORECASTS | OF_WARNINGS
_LIFTED: ContextVar[bool] = ContextVar("stopped areas too", default=False)


@dataclass(frozen=True)
class Stops:
    """Why areas are stopped: each its sentence in `areas`; `every` stops all but those in `spared`."""

    areas: Mapping[str, str] = field(default_factory=dict)
    every: str = ""
    spared: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Say whether anything is stopped at all."""
        return bool(self.areas or self.every)

    def of(self, area: str) -> str:
        """Say why an area is stopped; empty when it is not."""
        return self.areas.get(area, "") or ("" if area in self.spared else self.every)

    def leave_out(self, area: Any) -> ColumnElement[bool]:
        """Give the test that a row's area is none of the stopped ones."""
        if self.every:
            kept = sorted(self.spared - set(self.areas))
            return area.in_(kept) if kept else false()
        return area.not_in(sorted(self.areas))  # type: ignore[no-any-return]


Rule = Callable[[Connection], Stops]


def register_says(conn: Connection) -> Stops:
    """Read the register of deployments."""
    c = deployment.c
    asked = select(c.area, c.status, c.senior_owner, c.lawful_basis, c.ethics).order_by(c.id)
    held = {row.area: row for row in conn.execute(asked)}
    found = {area: _why(row) for area, row in held.items()}
    every = found.pop(EVERY, "")
    whole = every and held[EVERY].status == "discontinued"  # the switch for all: no area's own row spares it
    spared = frozenset() if whole else frozenset(area for area, why in found.items() if not why)
    return Stops({area: why for area, why in found.items() if why}, every, spared)


def audit_says(conn: Connection) -> Stops:
    """Read which areas in use have no fairness audit in date."""
    return Stops(*unaudited(conn))


RULES: Final[tuple[Rule, ...]] = (register_says, audit_says)
"""Each may stop an area; what one stops, none lets go on."""


def _why(row: Any) -> str:
    if row.status == "discontinued":
        return "this deployment was discontinued"
    texts = {"senior owner": row.senior_owner, "lawful basis": row.lawful_basis, "ethics": row.ethics}
    missing = [name for name, text in texts.items() if not text.strip()]
    if row.status == "proposed" and missing:
        return f"this deployment is proposed and the register lacks {', '.join(missing)}"
    return ""


def stops(conn: Connection) -> Stops:
    """Give what is stopped now, by every rule."""
    with stopped_too(), shut_too():  # a rule may look at the runs there are
        found = [rule(conn) for rule in RULES]
    areas = {area: why for one in found for area, why in one.areas.items()}
    every = next((one.every for one in found if one.every), "")
    spared = frozenset.intersection(*(one.spared for one in found if one.every)) if every else frozenset()
    return Stops(areas, every, spared)


def refusal(area: str, why: str) -> Refused:
    """Make the answer of a stopped area."""
    where = f"/about/{area}" if area and area != EVERY else "the area's page under /about/"
    return Refused(f"{why}: no forecast of it is served, {HISTORY}", do=f"see {where} for who answers for it")


def check_running(conn: Connection, area: str) -> None:
    """Do nothing where an area may go on.

    Raises:
        Refused: it is stopped; says why.
    """
    why = stops(conn).of(area)
    if why:
        raise refusal(area, why)


def say_if_stopped(conn: Connection, table: Table, id_: str) -> None:
    """Do nothing, unless a row that was not found is there and its area is stopped.

    Raises:
        Refused: it is; says why.
    """
    with stopped_too():
        area = conn.execute(select(table.c.area).where(table.c.id == id_)).scalar()
    if area is not None:
        check_running(conn, str(area))


@contextmanager
def stopped_too() -> Iterator[None]:
    """Read stopped areas too: for what keeps, counts or says what was, never for what shows a forecast."""
    token = _LIFTED.set(True)
    try:
        yield
    finally:
        _LIFTED.reset(token)


def listen(engine: Engine) -> None:
    """Leave stopped areas out of the queries of an engine."""
    event.listen(engine, "before_execute", _cut, retval=True)


def _cut(conn: Connection, statement: Any, many: Any, params: Any, _options: Any) -> tuple[Any, Any, Any]:
    if _LIFTED.get() or not isinstance(statement, ClauseElement) or not _speaks_of_forecasts(statement):
        return statement, many, params
    now = stops(conn)
    if not now:
        return statement, many, params

    def selected(element: Select[Any]) -> None:
        tests = tuple(_test(name, one, now) for name, one in _sources(element))
        if tests:
            element._where_criteria = (*element._where_criteria, *tests)

    return visitors.cloned_traverse(statement, {}, {"select": selected}), many, params


def _speaks_of_forecasts(statement: ClauseElement) -> bool:
    parts = list(visitors.iterate(statement))
    # To ask a select what it reads from costs as much as to compile it; most statements name no such table.
    if not any(_is_watched(part) for part in parts):
        return False
    return any(isinstance(part, Select) and _sources(part) for part in parts)


def _sources(element: Select[Any]) -> list[tuple[str, Any]]:
    return [one for source in element.get_final_froms() for one in _watched(source)]


def _watched(source: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(source, Join):
        yield from _watched(source.left)
        yield from _watched(source.right)
        return
    table = getattr(source, "element", source)
    if _is_watched(table):
        yield table.name, source


def _is_watched(table: Any) -> bool:
    # A backup reads through tables of its own making: it keeps all there is.
    return isinstance(table, Table) and table.metadata is METADATA and table.name in _WATCHED


def _test(name: str, source: Any, now: Stops) -> ColumnElement[bool]:
    if name in FORECASTS:
        return now.leave_out(source.c.area)
    warning = METADATA.tables["warning"].alias("of_a_warning")  # its own name, or it would be correlated away
    kept: ColumnElement[bool] = source.c.warning.in_(
        select(warning.c.id).where(now.leave_out(warning.c.area))
    )
    return kept
