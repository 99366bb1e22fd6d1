"""The calendar of a panel: bank holidays and the days a force imported, as they were known at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import polars as pl

from peelian.domain.panel import Panel
from peelian.domain.time import london_midnight
from peelian.pipeline.context import Context

AHEAD: Final = timedelta(days=400)
"""Days of a panel's calendar reach so far past its origin: any horizon lies within."""
BANK_HOLIDAY: Final = "bank holiday"
CALENDAR_SCHEMA: Final[dict[str, Any]] = {
    "start": pl.Date, "end": pl.Date, "kind": pl.String,
    "available_at": pl.Datetime("us", "UTC"), "withdrawn_at": pl.Datetime("us", "UTC"),
}  # fmt: skip
"""A calendar as kept: days [start, end] both included, known from `available_at` until `withdrawn_at`."""
_BRITISH: Final = "EPSG:27700"


@dataclass(frozen=True, eq=False)
class Calendar:
    """Days known in advance. `rows` has `CALENDAR_SCHEMA`; `bank_holidays`: of England and Wales, too."""

    rows: pl.DataFrame
    bank_holidays: bool

    def at(self, panel: Panel) -> dict[str, tuple[date, ...]]:
        """Give the days of each kind from the panel's first day to `AHEAD` past its origin, known at `as_of`.

        A bank holiday made for one occasion is known from the day itself only: when each was announced is
        not held here, and nothing may be known too early.
        """
        first, last = panel.starts[0], panel.origin + AHEAD
        known = self.rows.filter(
            (pl.col("available_at") <= panel.as_of)
            & (pl.col("withdrawn_at").is_null() | (pl.col("withdrawn_at") > panel.as_of))
            & (pl.col("start") <= last) & (pl.col("end") >= first)
        )  # fmt: skip
        days: dict[str, set[date]] = {}
        for start, end, kind in known.select("start", "end", "kind").iter_rows():
            days.setdefault(kind, set()).update(_between(max(start, first), min(end, last)))
        if self.bank_holidays:
            held = bank_holidays(first.year, last.year)
            days.setdefault(BANK_HOLIDAY, set()).update(
                day for day, usual in held
                if first <= day <= last and (usual or london_midnight(day) <= panel.as_of)
            )  # fmt: skip
        return {kind: tuple(sorted(of)) for kind, of in sorted(days.items()) if of}


@cache
def bank_holidays(first: int, last: int) -> tuple[tuple[date, bool], ...]:
    """List the bank holidays of England and Wales of some years, in order, and whether each comes every year.

    From the `holidays` package. Days it names as special (a jubilee, a coronation) do not come every year.
    """
    from holidays.countries.united_kingdom import UnitedKingdom

    years = range(first, last + 1)
    held: Any = UnitedKingdom(subdiv="ENG", years=years)  # type: ignore[no-untyped-call]
    once = {day for year in years for day in _special(held, year)}
    return tuple(sorted((day, day not in once) for day in held))


def _special(of: Any, year: int) -> Iterator[date]:
    """Give a year's special days, as the package holds them: (month, day, name) or several of these."""
    held = getattr(of, "special_public_holidays", {}).get(year, ())
    rows = (held,) if held and isinstance(held[0], int) else held
    for month, day, *_ in rows:
        yield date(year, int(month), int(day))


def _between(start: date, end: date) -> Iterator[date]:
    for k in range((end - start).days + 1):
        yield start + timedelta(days=k)


def calendar_held(ctx: Context, crs: str) -> Calendar | None:
    """Give the calendar imported here and, for Britain's grid, the bank holidays of England and Wales."""
    path = ctx.ws.home / "settings" / "calendar.parquet"
    rows = pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema=CALENDAR_SCHEMA)
    if crs != _BRITISH and rows.is_empty():
        return None
    return Calendar(rows, crs == _BRITISH)
