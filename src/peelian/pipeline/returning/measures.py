"""Lines that add up counts partners send by area: withheld ones make a figure "at least", never smaller."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl

from peelian.domain.returns import UNKNOWN, Block, Figure, Line
from peelian.pipeline.context import Context
from peelian.pipeline.returning.events import HEADS
from peelian.pipeline.returning.held import Held, Period
from peelian.pipeline.returning.template import Asks
from peelian.store.area_counts import read_area_counts


def measures_block(asks: Asks, of: Held, ctx: Context) -> Block:
    """Add up area counts as a table of the template asks."""
    rows = read_area_counts(ctx.ws, purpose=ctx.purpose).filter(pl.col("force").is_in(of.forces))
    lines = tuple(line for asked in asks.lines for line in _lines(asked, of, rows))
    return Block(asks.id, asks.title, asks.text, HEADS, lines)


def _lines(asked: dict[str, Any], of: Held, rows: pl.DataFrame) -> list[Line]:
    names = [name.casefold() for name in asked.get("measures", [])]
    mine = rows.filter(pl.col("group").str.to_lowercase().is_in(names))
    if not of.whole or mine.is_empty():
        why = str(asked.get("no_source", "no partner's count of it is held here"))
        if not of.whole:
            why = "counts by area are of the whole force; they are not cut to a part of it"
        return [Line(asked["what"], of.period.said, (UNKNOWN, UNKNOWN), "none held", "not held", why)]
    return [
        _line(asked, of.period, mine.filter(pl.col("source") == source))
        for source in sorted(mine["source"].unique().to_list())
    ]


def _line(asked: dict[str, Any], period: Period, rows: pl.DataFrame) -> Line:
    made = [_figure(asked, rows, p) for p in (period, period.before)]
    notes = [note for _, _, note in made if note]
    source = f"{', '.join(sorted(set(rows['controller'].to_list())))} ({rows['source'][0]})"
    return Line(
        asked["what"], period.said, (made[0][0], made[1][0]), source,
        f"{made[0][1]}; before: {made[1][1]}", "; ".join(dict.fromkeys(notes)),
    )  # fmt: skip


def _figure(asked: dict[str, Any], rows: pl.DataFrame, period: Period) -> tuple[Figure, str, str]:
    ages = list(asked.get("ages", ["all"]))
    low = pl.col("start").dt.convert_time_zone("Europe/London").dt.date()
    high = (pl.col("end") - timedelta(hours=1)).dt.convert_time_zone("Europe/London").dt.date()
    inside = rows.filter((low >= period.start) & (high < period.end))
    inside = inside.with_columns(age=pl.col("age_band").cast(pl.String), low=low, high=high)
    if ages == ["all"] and not inside.is_empty() and "all" not in set(inside["age"]):
        ages = sorted(set(inside["age"]))  # a measure of one band alone, such as of pupils
    kept = inside.filter(pl.col("age").is_in(ages))
    days: set[int] = set()
    for first, last in kept.select("low", "high").unique().iter_rows():
        days.update(range(first.toordinal(), last.toordinal() + 1))
    told = f"{len(days)} of {period.days} days"
    if kept.is_empty() or set(kept["age"]) != set(ages):
        return UNKNOWN, told, ""
    withheld = int(kept["count"].null_count())
    state = "at least" if withheld or len(days) < period.days else "known"
    note = f"{withheld:,} counts withheld by the provider" if withheld else ""
    note += f"{'; ' if note else ''}of people {', '.join(ages)}" if ages != ["all"] else ""
    return Figure(float(kept["count"].sum()), state), told, note  # type: ignore[arg-type]
