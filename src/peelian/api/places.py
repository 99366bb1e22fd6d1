"""One place's numbers, as list, page and map all show them: the forecast file's own, never recomputed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from peelian.api import quantise
from peelian.api.languages import later, plain, plural
from peelian.api.rhythm import rhythm
from peelian.api.run_folder import Run
from peelian.api.wording import chance_words, next_periods, number
from peelian.domain.errors import Misuse
from peelian.domain.grid import Floats

CAVEAT = later(
    "About a place, never a person. Reasons are associations, not causes. "
    "Recorded crime is what was reported and recorded, not all that happened."
)


FRAGILE = later(
    "Fragile: were a fifth more or less reported in this kind of area than now, it could be among the top "
    "5 % of places or not."
)


@dataclass(frozen=True)
class PlaceRow:
    """A row of the list. `rank` counts from 1; numbers are None where nothing is held."""

    rank: int
    cell: int
    name: str
    lon: float
    lat: float
    mean: float | None
    q05: int | None
    q95: int | None
    p_any: float | None
    chance_low: float | None
    chance_high: float | None
    words: str
    certainty: int
    last_year: float | None
    year_before: float | None = None
    """Recorded in the same days a year before."""
    harm: float | None = None
    fragile: bool | None = None
    """Whether its being among the top 5 % hangs on how much is reported there; None: not worked out."""

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON's types."""
        return dict(vars(self))  # all its values are plain: `asdict` copies each, ten times as slow


def check_step(run: Run, step: int) -> int:
    """Give the step when the run has it.

    Raises:
        Misuse: with the steps there are.
    """
    if not 0 <= step < run.steps:
        raise Misuse("this run has no such step", expected=f"step from 0 to {run.steps - 1}")
    return step


def place_row(run: Run, at: int, step: int, rank: int) -> PlaceRow:
    """Give the row of the cell at a position."""
    lon, lat = run.lonlat
    low, high = (float(bound[step, at]) for bound in run.chance_bounds)
    p_any = float(run.p_any[step, at])
    held = np.isfinite(run.mean[step, at])
    return PlaceRow(
        rank, int(run.cells[at]), run.names[at], round(float(lon[at]), 6), round(float(lat[at]), 6),
        _float(run.mean[step, at]), _int(run.q05[step, at]), _int(run.q95[step, at]), _float(p_any),
        _float(low), _float(high), chance_words(p_any, low, high),
        int(quantise.certainty(run.dispersion[step, at])) if held else 0, _float(run.last_year[at]),
        _float(run.year_before[step, at]), None if run.harm is None else _float(run.harm[step, at]),
        None if run.fragile is None or not held else bool(run.fragile[step, at]),
    )  # fmt: skip


def place_detail(run: Run, cell: int, step: int) -> dict[str, Any]:
    """Give all that is known of one place: forecast, doubt, history, reasons, coverage."""
    at = run.position(cell)
    row = place_row(run, at, check_step(run, step), int(np.flatnonzero(run.order[step] == at)[0]) + 1)
    easting, northing = run.corner(at)
    past = history(run, cell)
    if row.mean is None:  # the area's periods were published, but not for this place
        past = [period | {"count": None} for period in past]
    return row.as_dict() | {
        "easting": easting, "northing": northing,
        "sentence": sentence(run, row, step), "fragile_words": plain(FRAGILE) if row.fragile else "",
        "dispersion": _float(run.dispersion[step, at]), "q50": _int(run.q50[step, at]),
        "step": step, "start": run.starts[step].isoformat(), "end": run.ends[step].isoformat(),
        "history": past, "history_every": run.history_every, "rhythm": rhythm(run, cell),
        "contributions": [] if row.mean is None else contributions(run, cell, step),
        "coverage": coverage_words(past), "caveat": plain(CAVEAT),
    }  # fmt: skip


def sentence(run: Run, row: PlaceRow, step: int) -> str:
    """Say the forecast of a place in one sentence."""
    when = run.label(step)
    if row.mean is None:
        return plain(
            "No records are held for {place}, so nothing is forecast there ({when}).",
            place=row.name, when=when,
        )  # fmt: skip
    ahead = plain("in {ahead} ({when})", ahead=next_periods(str(run.card["every"]), run.window), when=when)
    if run.card["every"] == "shift":
        ahead = plain("on {when},", when=when)
    return plain(
        "{place}: the chance of one or more {ahead} is {chance}. Expected number {mean}, likely range {low} "
        "to {high}.", place=row.name, ahead=ahead, chance=row.words, mean=number(row.mean), low=row.q05,
        high=row.q95,
    )  # fmt: skip


def history(run: Run, cell: int) -> list[dict[str, Any]]:
    """Give the recorded counts by period, oldest first; None where a period was never published.

    A larger place's are those of its cells, by their shares.
    """
    path = run.folder / "history.parquet"
    if not path.is_file():
        return []
    cells, share = run.parts(cell)
    counts = _shared(pl.scan_parquet(path), cells, share, ["count"], "period_start")
    held = dict(zip(counts["period_start"].to_list(), counts["count"].to_list(), strict=True))
    cover = pl.read_parquet(run.folder / "coverage.parquet").sort("period_start")
    return [
        {"start": start.isoformat(), "count": round(float(held.get(start) or 0.0), 3) if observed else None}
        for start, observed in zip(cover["period_start"].to_list(), cover["observed"].to_list(), strict=True)
    ]


def contributions(run: Run, cell: int, step: int) -> list[dict[str, Any]]:
    """Give what adds up to the mean, largest first, in the model's own words (a larger place: its cells')."""
    path = run.folder / "contributions.parquet"
    if not path.is_file():
        return []
    table = pl.scan_parquet(path)
    names = [name for name in table.collect_schema().names() if name not in {"cell", "period_start"}]
    now = table.filter(pl.col("period_start") == run.starts[step])
    rows = _shared(now, *run.parts(cell), names, "period_start")
    if rows.is_empty():
        return []
    values = {name: float(rows[name][0] or 0.0) for name in names}
    ordered = sorted(values.items(), key=lambda pair: -abs(pair[1]))
    return [{"name": plain(n), "value": value, "words": _reason(plain(n), value)} for n, value in ordered]


def _shared(
    table: pl.LazyFrame, cells: Sequence[int], share: Floats, columns: list[str], by: str
) -> pl.DataFrame:
    """Add up the rows of some cells by their shares."""
    parts = pl.LazyFrame({"cell": list(cells), "part": share}, schema={"cell": pl.Int64, "part": pl.Float64})
    mine = table.filter(pl.col("cell").is_in(list(cells))).join(parts, on="cell")
    sums = [(pl.col(name).cast(pl.Float64) * pl.col("part")).sum() for name in columns]
    return mine.group_by(by).agg(sums).collect()


def _reason(name: str, value: float) -> str:
    if abs(value) < 0.005:
        return plain("{part}: hardly any difference", part=name)
    if value > 0:
        return plain("{part}: adds {number}", part=name, number=number(value))
    return plain("{part}: takes away {number}", part=name, number=number(-value))


def coverage_words(past: list[dict[str, Any]]) -> str:
    """Say how much of the history is held."""
    if not past:
        return plain("No history is held for this place.")
    if all(period["count"] is None for period in past):
        return plain("Nothing was published for this place: its counts are missing, not zero.")
    gaps = sum(1 for period in past if period["count"] is None)
    if gaps == 0:
        return plural(
            "The one period of the history was published.", "All {n} periods of the history were published.",
            len(past),
        )  # fmt: skip
    return plain(
        "{n} of {total} periods were published; the others are missing, not zero.", n=len(past) - gaps,
        total=len(past),
    )  # fmt: skip


def _float(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _int(value: Any) -> int | None:
    return int(value) if np.isfinite(value) else None
