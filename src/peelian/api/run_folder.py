"""A run as the pipeline wrote it: read once, kept as arrays, never changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.api.fairness_files import Flags, fairness_beside, fragile_places, standing_beside
from peelian.api.languages import plain
from peelian.api.names import name_cells, nearest_towns, town_of
from peelian.api.projection import lonlat, metres_per_unit
from peelian.api.verdict_file import said_of
from peelian.api.wording import chance_bounds, day, span
from peelian.api.year_before import recorded_before
from peelian.domain.errors import Fault, NotFound
from peelian.domain.fairness_standing import Standing
from peelian.domain.grid import Cells, Floats, Grid
from peelian.domain.target import TARGETS

Card = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Run:
    """One forecast run. `cells` C sorted ids of the mask; every (H, C) array is NaN where nothing is held.

    `mean`, `dispersion`, `p_any`, `q05`, `q50`, `q95` are the forecast file's own numbers, (H, C);
    `last_year` (C,) the recorded count of last year; `starts`, `ends` H days or instants, half-open.
    """

    id: str
    folder: Path
    card: Card
    grid: Grid
    cells: Cells
    starts: tuple[date, ...]
    ends: tuple[date, ...]
    mean: Floats
    dispersion: Floats
    p_any: Floats
    q05: Floats
    q50: Floats
    q95: Floats
    last_year: Floats
    streets: tuple[str, ...]
    lsoas: tuple[str, ...]

    @property
    def base(self) -> Run:
        """Give the run by its own cells."""
        return self

    @property
    def level(self) -> str:
        """Name what its places are."""
        return "cell"

    @property
    def place_words(self) -> str:
        """Say what its places are, after a number."""
        return plain("squares of {side} m", side=round(self.grid.size * self.grid.unit_m))

    @property
    def short_words(self) -> str:
        """Say the same in a word, after a number."""
        return plain("squares")

    def parts(self, cell: int) -> tuple[Sequence[int], Floats]:
        """Give the cells that make up a place, and the share of each."""
        return [cell], np.ones(1)

    def corner(self, at: int) -> tuple[float, float]:
        """Give the south-west corner of the cell at a position, easting and northing."""
        x, y = self.grid.corner(self.cells[at : at + 1])
        return float(x[0]), float(y[0])

    @property
    def steps(self) -> int:
        """Count the windows forecast."""
        return len(self.starts)

    @property
    def title(self) -> str:
        """Say in words what is counted."""
        target = TARGETS.get(self.card["target"])
        known = bool(self.card.get("marks_known", False))
        return plain(str(self.card.get("title") or (target.title(known) if target else self.card["target"])))

    @property
    def simulated(self) -> bool:
        """Whether the place is made up."""
        return bool(self.card["area"].get("simulated", False))

    @property
    def window(self) -> int:
        """Count the periods in each window; windows start a period apart, so longer ones overlap."""
        return int(self.card.get("window") or 1)

    def label(self, step: int) -> str:
        """Say a window's days, or of a shift its day, name and hours."""
        names = list((self.card.get("shifts") or {}).get("shifts", {}))
        named = plain("{name} shift", name=names[step % len(names)]) if names else ""
        return span(self.starts[step], self.ends[step], named)

    @property
    def history_every(self) -> str:
        """Say what the recorded history is counted by: days where the windows are shifts of them."""
        every = str(self.card["every"])
        return "day" if every == "shift" else every

    @property
    def model_title(self) -> str:
        """Name the model that made the numbers."""
        return plain(str(self.card["model"].get("title") or self.card["model"]["id"]))

    @property
    def served_sentence(self) -> str:
        """Say why this model's numbers are shown."""
        served = self.card.get("served") or {}
        on_card = str(served.get("sentence") or "")
        return said_of(self.base.folder, str(self.card["model"]["id"]), on_card)

    @property
    def as_of_words(self) -> str:
        """Say up to when records were known."""
        return day(datetime.fromisoformat(str(self.card["as_of"])).date())

    @property
    def fairness(self) -> dict[str, Any] | None:
        """Give the fairness audit that stands for the run's model, None where there is none."""
        return fairness_beside(self.base.folder)

    @property
    def audit(self) -> Standing:
        """Say how that audit stands today."""
        return standing_beside(self.base.folder)

    @cached_property
    def fragile(self) -> Flags | None:
        """Tell places whose being among the top 5 % hangs on how much is reported there, (H, C).

        None where it was not worked out: an older run, or one seen by larger places.
        """
        return None if self.base is not self else fragile_places(self.folder, self.cells, self.starts)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name each cell by its nearest street, no two alike, (C,)."""
        column, row = self.grid.column_row(self.cells)
        towns = [town_of(lsoa) for lsoa in self.lsoas]
        if not any(towns):
            towns = nearest_towns(self.folder / "scene.geojson", *self.lonlat)
        return name_cells(self.streets, towns, column, row, self.grid.size * self.grid.unit_m)

    @cached_property
    def coverage(self) -> Floats:
        """Give the share of the last year's periods published of each cell, (C,); NaN: not known."""
        out = np.full(len(self.cells), np.nan)
        path = self.folder / "cells.parquet"
        if path.is_file():
            shares = pl.read_parquet(path).filter(pl.col("cell").is_in(self.cells.tolist()))
            out[np.searchsorted(self.cells, shares["cell"].to_numpy())] = shares["share"].to_numpy()
        return out

    @cached_property
    def year_before(self) -> Floats:
        """Give what was recorded in each window's days a year before, (H, C); NaN where not held."""
        told = recorded_before(self.folder, self.cells, self.starts, self.ends, str(self.card["every"]))
        return np.where(np.isfinite(self.mean), told, np.nan)

    @cached_property
    def harm(self) -> Floats | None:
        """Give the expected harm in the weights' own unit, (H, C); None where the run holds none."""
        path = self.folder / "harm.parquet"
        if not path.is_file():
            return None
        rows = pl.read_parquet(path).filter(pl.col("cell").is_in(self.cells.tolist()))
        rows = rows.filter(pl.col("period_start").is_in(list(self.starts)))
        at = rows["period_start"].replace_strict(list(self.starts), list(range(self.steps))).to_numpy()
        out = np.full((self.steps, len(self.cells)), np.nan)
        where = (at.astype(np.int64), np.searchsorted(self.cells, rows["cell"].to_numpy()))
        out[where] = rows["harm"].cast(pl.Float64).to_numpy()
        return np.where(np.isfinite(self.mean), out, np.nan)

    @cached_property
    def lonlat(self) -> tuple[Floats, Floats]:
        """Give longitude and latitude of each cell's centre, (C,) each."""
        return lonlat(self.grid.crs, *self.grid.centre(self.cells))

    @cached_property
    def chance_bounds(self) -> tuple[Floats, Floats]:
        """Give the 90 % bounds of the chance of one or more, (H, C) each."""
        return chance_bounds(self.mean, self.dispersion)

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """Give, for each step, cell positions from the highest mean to the lowest (nothing held: last)."""
        filled = np.where(np.isfinite(self.mean), self.mean, -1.0)
        return np.argsort(-filled, axis=1, kind="stable").astype(np.int64)

    def position(self, cell: int) -> int:
        """Find a cell among `cells`.

        Raises:
            NotFound: the cell is not in the area.
        """
        at = int(np.searchsorted(self.cells, cell))
        if at >= len(self.cells) or int(self.cells[at]) != cell:
            raise NotFound("there is no such place in this area", do="choose one from the list or the map")
        return at


def read_run(folder: Path) -> Run:
    """Read a run folder.

    Raises:
        NotFound: the folder holds no finished forecast.
        Fault: its files do not agree.
    """
    if not (folder / "run.json").is_file() or not (folder / "forecast.parquet").is_file():
        raise NotFound("this run has no forecast files", do="make a new one with `peelian forecast`")
    card: Card = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    forecast = pl.read_parquet(folder / "forecast.parquet")
    if "support" in forecast.columns:
        forecast = forecast.filter(pl.col("support") == "cell")
    places = pl.read_parquet(folder / "places.parquet").sort("cell")
    cells = np.union1d(places["cell"].to_numpy(), forecast["cell"].to_numpy()).astype(np.int64)
    windows = forecast.select("period_start", "period_end").unique().sort("period_start")
    starts = tuple(windows["period_start"].to_list())
    if not starts or len(set(starts)) != len(starts):
        raise Fault("this run's forecast file has no windows, or two that start alike",
                    do="make a new one with `peelian forecast`")  # fmt: skip
    held = _held(folder, cells)
    step = forecast["period_start"].replace_strict(list(starts), list(range(len(starts)))).to_numpy()
    at = (step.astype(np.int64), np.searchsorted(cells, forecast["cell"].to_numpy()))

    def square(column: str) -> Floats:
        out = np.full((len(starts), len(cells)), np.nan)
        out[at] = forecast[column].cast(pl.Float64).to_numpy()
        return np.where(held, out, np.nan)

    street, lsoa = _text(places, "name", cells), _text(places, "lsoa", cells)
    return Run(
        folder.name, folder, card, _grid(card["grid"]), cells, starts, tuple(windows["period_end"].to_list()),
        square("mean"), square("dispersion"), square("p_any"), square("q05"), square("q50"), square("q95"),
        np.where(held, _last_year(folder, cells), np.nan), street, lsoa,
    )  # fmt: skip


def _text(places: pl.DataFrame, column: str, cells: Cells) -> tuple[str, ...]:
    held = dict(zip(places["cell"].to_list(), places[column].to_list(), strict=True))
    return tuple(held.get(int(cell)) or "" for cell in cells)


def _held(folder: Path, cells: Cells) -> npt.NDArray[np.bool_]:
    """Tell cells with any of the last year published; the others are missing, whatever the model says."""
    out = np.ones(len(cells), np.bool_)
    path = folder / "cells.parquet"
    if path.is_file():
        unheld = pl.read_parquet(path).filter(pl.col("share") <= 0)["cell"].to_numpy()
        out[np.isin(cells, unheld)] = False
    return out


def _last_year(folder: Path, cells: Cells) -> Floats:
    out = np.full(len(cells), np.nan)
    path = folder / "last_year.parquet"
    if path.is_file():
        held = pl.read_parquet(path).filter(pl.col("cell").is_in(cells.tolist()))
        out[np.searchsorted(cells, held["cell"].to_numpy())] = held["count"].cast(pl.Float64).to_numpy()
    return out


def _grid(card: Card) -> Grid:
    return Grid(
        card["name"], card["crs"], float(card["size"]), int(card["columns"]), int(card["rows"]),
        float(card["origin_easting"]), float(card["origin_northing"]), card.get("unit", "metre"),
        float(card.get("unit_m") or metres_per_unit(card["crs"])),
    )  # fmt: skip
