"""A run seen by larger places (neighbourhoods, squares of 1 km): the same lists, pages and layers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from peelian.api.languages import later, plain
from peelian.api.run_folder import Run
from peelian.domain.errors import Fault, NotFound
from peelian.domain.grid import Cells, Floats, Grid
from peelian.domain.target import TARGETS

VIEWS: Final = {
    "lsoa": (later("Neighbourhoods (LSOA)"), later("neighbourhoods"), later("neighbourhoods")),
    "block": (later("Squares of 1 km"), later("squares of 1 km"), later("squares")),
}
"""Levels that have a view: title, what its places are called after a number, and that in a word."""


@dataclass(frozen=True, eq=False)
class LevelRun(Run):
    """A run by the places of one level: `cells` are their positions by code, 0 to L-1; arrays are (H, L).

    `grid` is one row of L places, so that a layer holds one byte a step and place. `codes` L; `given` their
    names, "" where squares have none; `members` rows (place, at, share): the run's own cells that a place is
    made of, `at` their positions.
    """

    of: Run
    view: str
    codes: tuple[str, ...]
    given: tuple[str, ...]
    members: pl.DataFrame

    @property
    def base(self) -> Run:
        """Give the run by its own cells."""
        return self.of

    @property
    def level(self) -> str:
        """Name the level."""
        return self.view

    @property
    def place_words(self) -> str:
        """Say what its places are."""
        return plain(VIEWS[self.view][1])

    @property
    def short_words(self) -> str:
        """Say the same in a word, after a number."""
        return plain(VIEWS[self.view][2])

    def parts(self, cell: int) -> tuple[Sequence[int], Floats]:
        """Give the run's cells that make up a place, and the share of each."""
        mine = self.members.filter(pl.col("place") == cell)
        return self.of.cells[mine["at"].to_numpy()].tolist(), mine["share"].to_numpy()

    def corner(self, at: int) -> tuple[float, float]:
        """Give the middle of a place's cells, easting and northing."""
        x, y = self.of.grid.centre(self.of.cells[self.members.filter(pl.col("place") == at)["at"].to_numpy()])
        return float(x.mean()), float(y.mean())

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name each place: as its boundary file does, else by the street where most is expected, (L,)."""
        rate = np.nan_to_num(self.of.mean[0], nan=-1.0)[self.members["at"].to_numpy()]
        top = self.members.with_columns(rate=pl.Series(rate)).sort("rate", descending=True)
        first = top.unique("place", keep="first").sort("place")["at"].to_list()
        around = [f"Around {self.of.names[at]}" for at in first]
        return tuple(name or words for name, words in zip(self.given, around, strict=True))

    @cached_property
    def coverage(self) -> Floats:
        """Give the share of the last year published, the mean over a place's cells, (L,)."""
        return self._mean(self.of.coverage)

    @cached_property
    def year_before(self) -> Floats:
        """Give what was recorded a year before, its cells' by their shares, (H, L)."""
        return np.stack([_sum(one, self.members, len(self.cells)) for one in self.of.year_before])

    @cached_property
    def harm(self) -> Floats | None:
        """Give the expected harm, its cells' by their shares, (H, L)."""
        of = self.of.harm
        return None if of is None else np.stack([_sum(one, self.members, len(self.cells)) for one in of])

    @cached_property
    def lonlat(self) -> tuple[Floats, Floats]:
        """Give longitude and latitude of the middle of each place's cells, (L,) each."""
        lon, lat = self.of.lonlat
        return self._mean(lon), self._mean(lat)

    def _mean(self, values: Floats) -> Floats:
        place, share = self.members["place"].to_numpy(), self.members["share"].to_numpy()
        wide = len(self.cells)
        total = np.bincount(place, share * values[self.members["at"].to_numpy()], wide)
        return np.asarray(total / np.bincount(place, share, wide), np.float64)


def views(run: Run) -> list[dict[str, Any]]:
    """List the views a run has: by its own squares first, then by larger places where it holds them."""
    side = run.base.grid.size * run.base.grid.unit_m
    title = plain("Squares of {side} m", side=round(side))
    out: list[dict[str, Any]] = [{"id": "cell", "title": title, "places": None}]
    for level in _held(run.base.folder):
        url = f"/api/v1/runs/{run.id}/levels/{level}.geojson"
        out.append({"id": level, "title": plain(VIEWS[level][0]), "bounds_url": url})
    return out


def opens(run: Run) -> str:
    """Say which view a run opens in: by larger places for a rare target: its squares say next to nothing."""
    target = TARGETS.get(run.card["target"])
    held = _held(run.base.folder)
    return held[0] if held and target is not None and target.least_days > 0 else "cell"


def level_run(run: Run, level: str) -> Run:
    """Give a run by the places of a level; `cell` is the run itself.

    Raises:
        NotFound: the run holds no such view.
        Fault: its files do not agree.
    """
    if level == "cell":
        return run
    held = _held(run.folder)
    if level not in held:
        raise NotFound("this run has no such view", expected=", ".join(("cell", *held)))
    scene = json.loads((run.folder / f"{level}.geojson").read_text(encoding="utf-8"))
    said = [feature["properties"] for feature in scene["features"]]
    codes = tuple(str(one["place"]) for one in said)
    rows = pl.read_parquet(run.folder / "levels.parquet").filter(pl.col("support") == level)
    if sorted(codes) != rows["place"].unique().sort().to_list() or len(rows) != run.steps * len(codes):
        raise Fault("this run's files of larger places do not agree", do="make a new one")
    rows = rows.sort("period_start", "place")
    at = np.argsort(np.argsort(codes))  # rows are by code; so are the scene's places, but do not trust that
    members = _members(run, level, codes)

    def square(column: str) -> Floats:
        values = rows[column].cast(pl.Float64).to_numpy().reshape(run.steps, len(codes))
        return np.asarray(np.where(np.isfinite(values), values, np.nan)[:, at], np.float64)

    wide = len(codes)
    grid = Grid(level, run.grid.crs, run.grid.size, wide, 1, unit=run.grid.unit, unit_m=run.grid.unit_m)
    own = {field.name: getattr(run, field.name) for field in fields(Run)} | {
        "grid": grid, "cells": np.arange(wide), "last_year": _sum(run.last_year, members, wide),
        "streets": (), "lsoas": (),
        **{name: square(name) for name in ("mean", "dispersion", "p_any", "q05", "q50", "q95")},
    }  # fmt: skip
    given = tuple(str(one.get("name") or "") for one in said)
    return LevelRun(**own, of=run, view=level, codes=codes, given=given, members=members)


def _held(folder: Path) -> list[str]:
    files = all((folder / name).is_file() for name in ("levels.parquet", "level_cells.parquet"))
    return [level for level in VIEWS if files and (folder / f"{level}.geojson").is_file()]


def _members(run: Run, level: str, codes: tuple[str, ...]) -> pl.DataFrame:
    rows = pl.read_parquet(run.folder / "level_cells.parquet").filter(pl.col("level") == level)
    index = {code: k for k, code in enumerate(codes)}
    at: Cells = np.searchsorted(run.cells, rows["cell"].to_numpy()).astype(np.int64)
    place = rows["place"].replace_strict(index, return_dtype=pl.Int64)
    return pl.DataFrame({"place": place, "at": at, "share": rows["share"]})


def _sum(values: Floats, members: pl.DataFrame, wide: int) -> Floats:
    """Add up cells by their shares; NaN where no cell of the place has a number."""
    place, share = members["place"].to_numpy(), members["share"].to_numpy()
    own = values[members["at"].to_numpy()]
    known = np.isfinite(own)
    total = np.bincount(place, share * np.where(known, own, 0.0), wide)
    return np.where(np.bincount(place, known.astype(float), wide) > 0, np.round(total, 3), np.nan)
