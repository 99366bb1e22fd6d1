"""Areas smaller than a force by their names: wards, beats, LSOAs and a force's own, as imported."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from peelian.api.projection import lonlat
from peelian.api.run_folder import Run
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.store.workspace import Workspace

Whole = npt.NDArray[np.int64]
TITLES: Final = {
    "ward": "ward", "beat": "beat", "district": "district", "msoa": "MSOA", "lsoa": "LSOA",
    "hotspot": "hotspot", "order": "order area", "licensing": "licensing area",
}  # fmt: skip
"""Kinds in the order in which they are offered, and what each is called."""
_OWN: Final = ("hotspot", "beat", "order", "licensing")
_BRITISH: Final = "EPSG:27700"
_SHOWN: Final = 8


@dataclass(frozen=True)
class NamedArea:
    """One area: its kind, code and name, and its shape in WGS84 as WKB."""

    kind: str
    code: str
    name: str
    wkb: bytes

    @property
    def key(self) -> str:
        """Give the name that no other area has."""
        return f"{self.kind}:{self.code}"

    @property
    def title(self) -> str:
        """Say its name and what it is."""
        return f"{self.name} ({TITLES[self.kind]})"

    @property
    def shape(self) -> shapely.Geometry:
        """Give its shape in WGS84."""
        return shapely.from_wkb(self.wkb)


def areas_of(ws: Workspace, run: Run) -> tuple[NamedArea, ...]:
    """Give the areas held here that hold at least one of the run's squares, by kind and name.

    A square is in an area when its middle is.
    """
    return _areas_of(_held(ws), run.base)


def area_named(ws: Workspace, run: Run, wanted: str) -> NamedArea:
    """Give the area of a name, a code, or a kind and code (`ward:E05000001`).

    Raises:
        NotFound: no area held here is called so, or none with a square of the run.
        Misuse: several are.
    """
    said = wanted.strip().casefold()
    known = areas_of(ws, run)
    found = [one for one in known if said in {one.key.casefold(), one.code.casefold()}]
    found = found or [one for one in known if one.name.casefold() == said]
    if not found:
        some = ", ".join(one.name for one in known[:_SHOWN]) or "no areas are held here yet"
        raise NotFound(
            "no area of this forecast is called so", expected=some,
            do="bring areas in with: peelian areas import, or peelian context import boundaries",
        )  # fmt: skip
    if len(found) > 1:
        keys = ", ".join(f"{one.key} ({one.name})" for one in found[:_SHOWN])
        raise Misuse("several areas are called so", expected=f"one of {keys}")
    return found[0]


def squares_in(run: Run, area: NamedArea) -> Whole:
    """Give the positions of the run's own squares whose middles lie in an area.

    Raises:
        Refused: there is none.
    """
    lon, lat = run.base.lonlat
    shape = area.shape
    shapely.prepare(shape)
    at = np.flatnonzero(shapely.contains_xy(shape, lon, lat)).astype(np.int64)
    if len(at) == 0:
        raise Refused("no square of this forecast has its middle in that area", do="choose a larger one")
    return at


def _held(ws: Workspace) -> tuple[tuple[str, Path, bool, int], ...]:
    """Name the files: kind, path, whether a force's own, when written."""
    places = [(kind, ws.home / "settings" / "boundaries" / f"{kind}.parquet", False) for kind in TITLES]
    places += [(kind, ws.areas / "own" / f"{kind}.parquet", True) for kind in _OWN]
    return tuple((*one, one[1].stat().st_mtime_ns) for one in places if one[1].is_file())


@lru_cache(maxsize=8)
def _areas_of(files: tuple[tuple[str, Path, bool, int], ...], run: Run) -> tuple[NamedArea, ...]:
    middles: Any = shapely.points(*run.lonlat)
    points = shapely.STRtree(np.atleast_1d(middles))
    out: list[NamedArea] = []
    for kind, path, own, _ in files:
        rows = pl.read_parquet(path)
        rows = rows.filter(pl.col("reason") == "") if own else rows
        shapes = np.atleast_1d(shapely.from_wkb(rows["wkb"].to_list()))
        shapes = _in_degrees(shapes) if own else shapes
        held = np.unique(points.query(shapes, predicate="contains")[0])
        codes, names = rows["code"].to_list(), rows["name"].to_list()
        out += [
            NamedArea(kind, str(codes[k]), str(names[k] or codes[k]), shapely.to_wkb(shapes[k])) for k in held
        ]
    order = list(TITLES)
    return tuple(sorted(out, key=lambda one: (order.index(one.kind), one.name.casefold(), one.code)))


def _in_degrees(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    def moved(at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(lonlat(_BRITISH, at[:, 0], at[:, 1]))

    out: npt.NDArray[np.object_] = np.atleast_1d(shapely.transform(shapes, moved))
    return out
