"""An area's plain counts of late, beside the same days a year before, each with whether that is usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from peelian.api.languages import later, plain
from peelian.api.run_folder import Run
from peelian.api.usual import Usual, overdispersion, usual_words
from peelian.api.wording import span
from peelian.api.year_before import shifted
from peelian.domain.grid import Floats
from peelian.domain.time import step

MONTHS_ONLY = later(
    "No figures for 7 or 28 days: this source gives whole months, not days, so they cannot be counted."
)
NONE_HELD = later("This run holds no recorded history, so nothing recent can be counted.")


@dataclass(frozen=True)
class Stretch:
    """One stretch of time [start, end): recorded then and a year before; None where not all was published."""

    title: str
    days: str
    before_days: str
    now: int | None
    before: int | None
    words: Usual


@dataclass(frozen=True)
class Recent:
    """All stretches, and what must be said beside them ("" where nothing must)."""

    stretches: tuple[Stretch, ...]
    note: str

    @property
    def main(self) -> Stretch | None:
        """Give the stretch to say first: 28 days, or the last month."""
        known = [one for one in self.stretches if one.title in {"Last 28 days", "Last month"}]
        return known[0] if known else None


@dataclass(frozen=True, eq=False)
class Series:
    """An area's counts (P,), NaN where not published, of periods that begin at `starts` and end at `ends`."""

    starts: tuple[date, ...]
    ends: tuple[date, ...]
    counts: Floats

    def between(self, start: date, end: date) -> float | None:
        """Count whole periods of [start, end); None where they do not fill it or one was not published."""
        at = [k for k, one in enumerate(self.starts) if start <= one < end]
        if not at or self.starts[at[0]] != start or self.ends[at[-1]] != end:
            return None
        total = float(self.counts[at[0] : at[-1] + 1].sum())
        return total if np.isfinite(total) else None


def series_of(run: Run) -> Series | None:
    """Give the counts of a run's whole area by period; None where it holds no history."""
    paths = run.folder / "history.parquet", run.folder / "coverage.parquet"
    if not all(path.is_file() for path in paths):
        return None
    cover = pl.read_parquet(paths[1]).sort("period_start")
    mine = pl.scan_parquet(paths[0]).filter(pl.col("cell").is_in(run.base.cells.tolist()))
    sums = mine.group_by("period_start").agg(pl.col("count").cast(pl.Float64).sum()).collect()
    joined = cover.join(sums, on="period_start", how="left").sort("period_start")
    told = joined.select(
        pl.when(pl.col("observed")).then(pl.col("count").fill_null(0.0)).alias("count")
    )["count"]  # fmt: skip
    starts = tuple(joined["period_start"].to_list())
    if not starts:
        return None
    ends = tuple(step(one, run.history_every, 1) for one in starts)  # type: ignore[arg-type]
    return Series(starts, ends, told.fill_null(float("nan")).to_numpy())


def recent(run: Run) -> Recent:
    """Count the last 7 and 28 days and the year to date (by month: the last month and the year to date)."""
    held = series_of(run)
    if held is None:
        return Recent((), plain(NONE_HELD))
    every, end = run.history_every, held.ends[-1]
    rows = [
        _stretch(held, every, title, start, end) for title, start in _stretches(held, every, end)
    ]  # fmt: skip
    return Recent(tuple(rows), plain(MONTHS_ONLY) if every == "month" else "")


def _stretches(held: Series, every: str, end: date) -> list[tuple[str, date]]:
    first_day = date((end - timedelta(days=1)).year, 1, 1)
    year = next((one for one in held.starts if one >= first_day), held.starts[-1])
    if every == "month":
        return [(later("Last month"), held.starts[-1]), (later("Year to date"), year)]
    return [
        (later("Last 7 days"), end - timedelta(days=7)),
        (later("Last 28 days"), end - timedelta(days=28)),
        (later("Year to date") if every == "day" else later("Year to date, by whole weeks"), year),
    ]  # fmt: skip


def _stretch(held: Series, every: str, title: str, start: date, end: date) -> Stretch:
    first, last = shifted(start, every), shifted(end, every)
    now, before = held.between(start, end), held.between(first, last)
    width = sum(start <= one < end for one in held.starts)
    spread = overdispersion(held.counts, width)
    return Stretch(
        title, span(start, end), span(first, last), _whole(now), _whole(before),
        usual_words(now, before, spread),
    )  # fmt: skip


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
