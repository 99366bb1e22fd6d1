"""Find a place by name, postcode or National Grid reference, in files held here: nothing is asked outside."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from peelian.api.languages import later, plain
from peelian.api.projection import lonlat
from peelian.api.run_folder import Run
from peelian.gazetteer.entries import read_entries
from peelian.gazetteer.grid_reference import to_point

MOST: Final = 12
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
_KINDS: Final = {
    "street": later("street"), "premises": later("place"), "area": later("town or area"),
    "junction": later("junction"),
}  # fmt: skip
_FIRST: Final = {"area": 0, "street": 1, "premises": 2, "junction": 3}


def search(gazetteer: Path, run: Run | None, text: str) -> list[dict[str, Any]]:
    """Give up to 12 places: `label`, `kind`, `lon`, `lat`, `precision_m`, and `cell` where the run has it.

    A grid reference or postcode is read as such first; else names that begin with the words come before
    those that hold them. Names are of the gazetteer, and of the run's own places.
    """
    wanted = " ".join(text.split())
    if len(wanted) < 2:
        return []
    point = to_point(wanted)
    if point is not None:
        found = [{"label": wanted.upper(), "kind": plain("grid reference"), "easting": point.easting,
                  "northing": point.northing, "precision_m": point.precision_m}]  # fmt: skip
        return _placed(found, run)
    code = wanted.replace(" ", "").upper()
    held = _entries(gazetteer)
    if _POSTCODE.fullmatch(code):
        rows = held.filter((pl.col("kind") == "postcode") & (pl.col("code") == code))
        if not rows.is_empty():
            return _placed([_coded(row, wanted) for row in rows.head(1).iter_rows(named=True)], run)
    named = _named(held, wanted.casefold())
    return (_own(run, wanted.casefold()) + _placed(named, run))[:MOST]


def _coded(row: dict[str, Any], wanted: str) -> dict[str, Any]:
    return {"label": wanted.upper(), "kind": plain("postcode"), "easting": row["easting"],
            "northing": row["northing"], "precision_m": row["spread"] or 100.0}  # fmt: skip


def _named(held: pl.DataFrame, wanted: str) -> list[dict[str, Any]]:
    key = pl.col("name").str.to_lowercase()
    rank = pl.when(key == wanted).then(0).when(key.str.starts_with(wanted)).then(1).otherwise(2)
    kind = pl.col("kind").replace_strict(_FIRST, default=9, return_dtype=pl.Int64)
    rows = (
        held.filter(pl.col("kind").is_in(list(_KINDS)) & key.str.contains(wanted, literal=True))
        .with_columns(rank=rank, of=kind)
        .sort("rank", "of", pl.col("name").str.len_chars(), "name")
        .unique(["name", "town", "street"], keep="first", maintain_order=True)
        .head(MOST)
    )
    return [
        {"label": _label(row), "kind": plain(_KINDS[row["kind"]]), "easting": row["easting"],
         "northing": row["northing"], "precision_m": row["spread"]}
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip


def _label(row: dict[str, Any]) -> str:
    parts = [row["name"], row["street"] if row["kind"] == "premises" else None, row["town"]]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _own(run: Run | None, wanted: str) -> list[dict[str, Any]]:
    """Names of the run's own places: there where no gazetteer is held, too."""
    if run is None:
        return []
    hits = [(not name.casefold().startswith(wanted), len(name), at)
            for at, name in enumerate(run.names) if wanted in name.casefold()]  # fmt: skip
    lon, lat = run.lonlat
    return [
        {"label": run.names[at], "kind": plain("place of this forecast"), "lon": round(float(lon[at]), 6),
         "lat": round(float(lat[at]), 6), "precision_m": None, "cell": int(run.cells[at])}
        for _, _, at in sorted(hits)[: MOST // 2]
    ]  # fmt: skip


def _placed(found: list[dict[str, Any]], run: Run | None) -> list[dict[str, Any]]:
    """Give British points longitude, latitude and the run's square they lie in."""
    if not found:
        return []
    east = np.array([one.pop("easting") for one in found], np.float64)
    north = np.array([one.pop("northing") for one in found], np.float64)
    lon, lat = lonlat("EPSG:27700", east, north)
    cells = _squares(run, east, north)
    return [
        one | {"lon": round(float(x), 6), "lat": round(float(y), 6), "cell": cell}
        for one, x, y, cell in zip(found, lon, lat, cells, strict=True)
    ]


def _squares(run: Run | None, east: np.ndarray, north: np.ndarray) -> list[int | None]:
    if run is None or run.level != "cell" or run.grid.crs != "EPSG:27700":
        return [None] * len(east)
    grid = run.grid
    column = np.floor((east - grid.origin_easting) / grid.size).astype(np.int64)
    row = np.floor((north - grid.origin_northing) / grid.size).astype(np.int64)
    ids = row * grid.columns + column
    inside = np.isin(ids, run.cells) & (column >= 0) & (column < grid.columns)
    return [int(one) if held else None for one, held in zip(ids, inside, strict=True)]


def _entries(path: Path) -> pl.DataFrame:
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return _read(path, changed)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> pl.DataFrame:
    return read_entries(path)
