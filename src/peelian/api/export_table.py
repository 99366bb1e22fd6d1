"""What a view takes away: one row a place, the numbers of map, list and forecast file, with its notice."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from peelian.api import quantise
from peelian.api.layers import offered, reporting
from peelian.api.level_run import LevelRun
from peelian.api.places import check_step
from peelian.api.run_folder import Run
from peelian.api.wording import CERTAINTY_LABELS
from peelian.api.year_before import beyond
from peelian.domain.errors import Misuse, NotFound
from peelian.domain.grid import Floats

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8", "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet", "png": "image/png", "pdf": "application/pdf",
}  # fmt: skip
"""Endings and media types."""


def notice(run: Run) -> str:
    """Give the notice every file of a run carries."""
    first = "SIMULATED, fictional place: no number here is about a real place. " if run.simulated else ""
    audit = f" {run.audit.sentence}" if run.audit.sentence else ""
    return (
        f"{first}Counted: {run.title}. Recorded crime is what was reported and recorded, not all that "
        "happened. About places and times, never people: no reason to stop, search or suspect anyone. "
        f"Empty numbers mean nothing is held, not zero. Known up to {run.as_of_words}.{audit}"
    )


def layer_values(run: Run, layer: str, step: int) -> Floats:
    """Give a layer's own number of each place, (C,); NaN where nothing is held.

    Raises:
        NotFound: the run has no such layer.
    """
    if layer not in offered(run):
        raise NotFound("this run has no such layer", expected=", ".join(offered(run)))
    if layer == "harm":
        assert run.harm is not None  # it is offered
        return np.asarray(run.harm[step], np.float64)
    if layer == "fragile":
        return np.asarray(reporting(run)[step], np.float64)
    if layer == "change":
        return beyond(run.mean[step], run.q05[step], run.q95[step], run.year_before[step])
    if layer == "doubt":
        return np.sqrt(np.where(np.isfinite(run.mean[step]), run.dispersion[step], np.nan))
    values = {"expected": run.mean[step], "chance": run.p_any[step], "past": run.last_year,
              "coverage": run.coverage}[layer]  # fmt: skip
    return np.asarray(values, np.float64)


def parse_steps(run: Run, text: str) -> list[int]:
    """Read `step`: a number, or `all`.

    Raises:
        Misuse: the run has no such step.
    """
    if text == "all":
        return list(range(run.steps))
    if not text.isdecimal() or len(text) > 6:
        raise Misuse("this run has no such step", expected=f"0 to {run.steps - 1}, or all")
    return [check_step(run, int(text))]


def export_frame(run: Run, steps: list[int], layer: str) -> pl.DataFrame:
    """Give the rows: places in order of `expected`, the highest first, step after step.

    `value` is the number of `layer`. `place` is the code of a larger place, the lattice id of a square.
    Longitude and latitude are WGS84 degrees, easting and northing of `crs`; all are of the place's middle.
    """
    return pl.concat([_step(run, step, layer) for step in steps])


def _step(run: Run, step: int, layer: str) -> pl.DataFrame:
    order = run.order[step]
    lon, lat = run.lonlat
    east, north = _middle(run)
    sure = np.where(np.isfinite(run.mean[step]), quantise.certainty(run.dispersion[step]), 0)
    codes = run.codes if isinstance(run, LevelRun) else [str(cell) for cell in run.cells]
    words = [CERTAINTY_LABELS[int(one)] if held else "no data held"
             for one, held in zip(sure, np.isfinite(run.mean[step]), strict=True)]  # fmt: skip
    frame = pl.DataFrame({
        "place": list(codes), "name": list(run.names), "longitude": lon.round(6), "latitude": lat.round(6),
        "easting": east.round(1), "northing": north.round(1), "value": layer_values(run, layer, step),
        "expected": run.mean[step], "low": run.q05[step], "high": run.q95[step], "chance": run.p_any[step],
        "certainty": words, "recorded_last_year": run.last_year,
        "recorded_year_before": run.year_before[step], "coverage": run.coverage,
    })  # fmt: skip
    frame = frame.select(pl.all().gather(order))
    start, end = run.starts[step].isoformat(), run.ends[step].isoformat()
    return frame.fill_nan(None).select(
        pl.lit(run.id).alias("run"), pl.lit(step).alias("step"), pl.lit(start).alias("period_start"),
        pl.lit(end).alias("period_end"), pl.lit(run.level).alias("level"),
        pl.int_range(1, len(order) + 1).alias("rank"), "place", "name", "longitude", "latitude", "easting",
        "northing", pl.lit(run.base.grid.crs).alias("crs"), pl.lit(layer).alias("layer"), "value", "expected",
        "low", "high", "chance", "certainty", "recorded_last_year", "recorded_year_before", "coverage",
        pl.lit(notice(run)).alias("notice"),
    )  # fmt: skip


def _middle(run: Run) -> tuple[Floats, Floats]:
    """Give the middle of each place in the grid's CRS, (C,) each."""
    if not isinstance(run, LevelRun):
        east, north = run.grid.centre(run.cells)
        return np.asarray(east, np.float64), np.asarray(north, np.float64)
    east, north = run.of.grid.centre(run.of.cells)
    at, place = run.members["at"].to_numpy(), run.members["place"].to_numpy()
    share, wide = run.members["share"].to_numpy(), len(run.cells)
    total = np.bincount(place, share, wide)
    middle = [np.bincount(place, share * part[at], wide) / total for part in (east, north)]
    return middle[0], middle[1]
