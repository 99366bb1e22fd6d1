"""What a run says of each of its squares: harm expected by window, last year's count, name, larger place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain import negative_binomial as nb
from peelian.domain.shifts import Shifts
from peelian.evaluate.hot_places import hot_places, pattern
from peelian.pipeline.planning.slotting import Windows, by_shift, own_windows
from peelian.store.runs import RunRow

HOT: Final = 0.01
AREA_LEVELS: Final = ("msoa", "district", "lsoa", "block")
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RunCells:
    """C squares, S windows: `harm` (C, S) expected events, `dispersion`, `last` (C,) last year's count."""

    run: RunRow
    cells: Ints
    harm: Floats
    dispersion: Floats
    last: Floats
    windows: Windows
    notes: tuple[str, ...]

    def quantile(self, q: float, at: Ints) -> Floats:
        """Give a quantile of the squares `at`, (N, S)."""
        return nb.quantile(q, self.harm[at], self.dispersion[at]).astype(float)

    def plain(self, at: Ints) -> Floats:
        """Give last year's count of the squares `at`, shared over the windows as the forecast is, (N, S)."""
        total = self.harm[at].sum(axis=1, keepdims=True)
        share = self.harm[at] / np.where(total > 0, total, 1.0)
        return np.asarray(self.last[at, None] * share, float)

    def places(self, at: Ints) -> pl.DataFrame:
        """Give cell, easting and northing of its centre, and name of the squares `at`."""
        half = float(self.run.card["grid"]["size"]) / 2
        table = pl.read_parquet(self.run.folder / "places.parquet")
        table = table.with_columns(pl.col("easting") + half, pl.col("northing") + half)
        wanted = pl.DataFrame({"cell": self.cells[at]})
        return wanted.join(table, on="cell", how="left", maintain_order="left")

    def areas(self, at: Ints) -> tuple[tuple[str, ...], Ints]:
        """Give the larger places for caps: MSOAs where held, else districts, LSOAs or 1 km squares."""
        path = self.run.folder / "level_cells.parquet"
        everything = pl.read_parquet(path) if path.is_file() else pl.DataFrame({"level": []})
        for level in AREA_LEVELS:
            rows = everything.filter(pl.col("level") == level)
            if rows.is_empty():
                continue
            held = rows.sort("share", descending=True).unique("cell", keep="first")
            wanted = pl.DataFrame({"cell": self.cells[at]})
            of = wanted.join(held, on="cell", how="left", maintain_order="left")["place"]
            codes = tuple(sorted(of.drop_nulls().unique().to_list()))
            index = {code: k for k, code in enumerate(codes)}
            return (*codes, "elsewhere"), np.array([index.get(c, len(codes)) for c in of], np.int64)
        return ("the whole area",), np.zeros(len(at), np.int64)

    def patterns(self, at: Ints) -> tuple[str, ...]:
        """Say of the squares `at` whether each is stable, flaring, fading or quiet."""
        history = pl.read_parquet(self.run.folder / "history.parquet")
        starts = history["period_start"].unique().sort()
        when = {start: k for k, start in enumerate(starts)}
        where = {cell: k for k, cell in enumerate(self.cells[at].tolist())}
        counts = np.zeros((len(when), len(where)))
        for cell, start, count in history.select("cell", "period_start", "count").iter_rows():
            if cell in where:
                counts[when[start], where[cell]] += count
        counts = _by_four(counts) if self.run.every == "week" else counts
        return tuple(pattern(hot_places(counts, HOT).hot)) if len(counts) > 1 else ("unknown",) * len(where)


def read_cells(run: RunRow, shifts: Shifts | None = None, days: int = 7) -> RunCells:
    """Read a run's squares. Each window of a run by shift is a slot; of any other the first window is.

    With `shifts` the first window of such a run is shared over the shifts of its first `days`.
    """
    rows = pl.read_parquet(run.folder / "forecast.parquet").drop_nulls("mean")
    starts = rows["period_start"].unique().sort()
    if run.every != "shift":
        starts = starts.head(1)
        rows = rows.filter(pl.col("period_start") == starts[0])
    ends = [rows.filter(pl.col("period_start") == one)["period_end"][0] for one in starts]
    mean, spread = _wide(rows, "mean"), _wide(rows, "dispersion")
    cells = mean["cell"].to_numpy()
    harm, dispersion = (one.drop("cell").to_numpy().astype(float) for one in (mean, spread))
    windows = own_windows(run, starts.to_list(), ends)
    if shifts is not None and run.every != "shift":
        windows = by_shift(run, cells, starts[0], ends[0], shifts, days)
        harm, dispersion = shared(harm, dispersion, windows)
    return RunCells(
        run, cells, harm, dispersion, _last_year(run, mean["cell"]), windows, _notes(run, windows)
    )


def shared(harm: Floats, dispersion: Floats, windows: Windows) -> tuple[Floats, Floats]:
    """Share one window's harm over its shifts; thinning a negative binomial keeps its dispersion."""
    assert windows.share is not None
    out = harm[:, :1] * windows.share.T
    return out, np.broadcast_to(dispersion[:, :1], out.shape)


def _wide(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.pivot("period_start", index="cell", values=name, sort_columns=True).sort("cell")


def _last_year(run: RunRow, cells: pl.Series) -> Any:
    held = pl.read_parquet(run.folder / "last_year.parquet")
    told = cells.to_frame().join(held, on="cell", how="left", maintain_order="left")["count"]
    return told.fill_null(0.0).to_numpy().astype(float)


def _by_four(counts: Any) -> Any:
    """Add weeks up to four, ending with the last: a week is too short to call a place hot."""
    blocks = len(counts) // 4
    return counts[len(counts) - blocks * 4 :].reshape(blocks, 4, -1).sum(axis=1) if blocks else counts


def _notes(run: RunRow, windows: Windows) -> tuple[str, ...]:
    if run.every == "shift" or windows.share is not None:
        return windows.notes
    return (
        f"the run is by {run.every}, so places are chosen for its first window and no shift is: for shifts, "
        "import your shifts (peelian context import shifts FILE) and add --shifts",
    )
