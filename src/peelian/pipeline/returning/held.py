"""What a return is counted from: events told once, their coverage, and the two periods beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from peelian.api.wording import span
from peelian.domain.area import Area
from peelian.domain.errors import Misuse, Refused
from peelian.domain.time import london_midnight, step
from peelian.features.voices import one_voice
from peelian.pipeline.areas import forces_of, resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.panels import END_OF_TIME
from peelian.store.coverage import coverage
from peelian.store.ledger import read_events

_COLUMNS = (
    "source", "controller", "force", "group", "offence", "n", "start", "easting", "northing", "knife",
    "setting", "domestic", "sexual", "scope", "agreement",
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """Whole months, [start, end)."""

    start: date
    end: date

    @property
    def said(self) -> str:
        """Say it by its first and last day, or as the month or days it is."""
        return span(self.start, self.end)

    @property
    def days(self) -> int:
        """Days in it."""
        return (self.end - self.start).days

    @property
    def months(self) -> list[Period]:
        """Its months."""
        out, first = [], self.start
        while first < self.end:
            out.append(Period(first, step(first, "month", 1)))
            first = out[-1].end
        return out

    @property
    def before(self) -> Period:
        """As many months that end where it begins."""
        return Period(step(self.start, "month", -len(self.months)), self.start)

    def holds(self, column: str = "start") -> pl.Expr:
        """Say which rows began in it, by London days."""
        low, high = london_midnight(self.start), london_midnight(self.end)
        return (pl.col(column) >= low) & (pl.col(column) < high)


@dataclass(frozen=True, eq=False)
class Held:
    """Everything of one area: `events` in scope for counting (none that enforcement produces)."""

    area: Area
    forces: list[str]
    period: Period
    events: pl.DataFrame
    cover: pl.DataFrame

    @property
    def whole(self) -> bool:
        """Whether the area is a whole force, so that records without a place count too."""
        return self.area.code in self.forces


def held(ctx: Context, area: str | None, start: date | None, end: date | None) -> Held:
    """Read what is held of an area; the period is the last 12 whole months held where none is given.

    Raises:
        Misuse: no whole months. NotFound, Refused: no such area, or nothing is held of it.
    """
    found = resolve_area(ctx, area, END_OF_TIME)
    forces = forces_of(ctx, found)
    cover = coverage(ctx.ws, purpose=ctx.purpose).filter(
        pl.col("force").is_in(forces) & (pl.col("kind") != "outcomes")
    )
    if cover.is_empty():
        raise Refused(f"no data are held for {found.name}", do="bring some in with: peelian ingest")
    period = _period(cover, start, end)
    low, high = london_midnight(period.before.start), london_midnight(period.end)
    parts = [
        read_events(ctx.ws, before=high, force=force, columns=_COLUMNS, purpose=ctx.purpose).filter(
            (pl.col("start") >= low) & (pl.col("scope") == "target")
        )
        for force in forces
    ]
    events, cover = one_voice(pl.concat(parts), cover, END_OF_TIME)
    made = Held(found, forces, period, events, cover)
    return made if made.whole else Held(found, forces, period, _inside(events, found), cover)


def _period(cover: pl.DataFrame, start: date | None, end: date | None) -> Period:
    last: date = cover["end"].max()  # type: ignore[assignment]
    end = end or last.replace(day=1)
    start = start or step(end.replace(day=1), "month", -12)
    if start.day != 1 or end.day != 1 or not start < end:
        raise Misuse(
            "the period is not of whole months", expected="--from and --to, both the first day of a month"
        )
    return Period(start, end)


def _inside(events: pl.DataFrame, area: Area) -> pl.DataFrame:
    placed = events.drop_nulls(["easting", "northing"])
    cell = area.grid.cell_of(placed["easting"].to_numpy(), placed["northing"].to_numpy())
    return placed.filter(pl.Series(cell).is_in(area.cells.tolist()))


def days_held(of: Held, source: str, groups: list[str], period: Period) -> int:
    """Give how many days of a period a source reports any of the groups, in the force that reports fewest."""
    rows = of.cover.filter(
        (pl.col("source") == source)
        & pl.col("groups").list.eval(pl.element().is_in(groups)).list.any()
        & (pl.col("start") < period.end)
        & (pl.col("end") > period.start)
    )
    fewest = period.days
    for force in of.forces:
        days: set[int] = set()
        for first, last in rows.filter(pl.col("force") == force).select("start", "end").iter_rows():
            days.update(range(max(first, period.start).toordinal(), min(last, period.end).toordinal()))
        fewest = min(fewest, len(days))
    return fewest
