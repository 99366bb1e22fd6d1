"""Which coordinate system a pair of columns is in, and whether the two are the wrong way round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.propose.column import Column

Floats = npt.NDArray[np.float64]

_ROWS: Final = {0: (0, 5), 1: (1, 6), 2: (1, 6), 3: (2, 6), 4: (3, 5), 5: (2, 4), 6: (3, 4)}
_SQUARES: Final = frozenset((e, n) for n, (west, east) in _ROWS.items() for e in range(west, east + 1))
"""100 km squares of the British National Grid that hold land of England or Wales (east, north)."""

_BRITAIN: Final = (-6.6, 49.8, 1.9, 55.9)  # degrees: west, south, east, north of England and Wales


@dataclass(frozen=True)
class Place:
    """What to write (`crs` and `project_to`: None for the default), how sure, whether swapped, a remark."""

    crs: str | None
    confidence: float
    swapped: bool = False
    project_to: str | None = None
    zone: str | None = None
    remark: str = ""


def place_of(x: Column, y: Column, degrees: bool) -> Place:
    """Judge a chosen pair; `degrees` says it was chosen as longitude and latitude."""
    first, second = _points(x, y)
    if not len(first):
        return Place(None, 0.3, remark="no coordinates in the sample")
    return _degrees(first, second, (x, y)) if degrees else _metres(first, second, (x, y))


def _points(x: Column, y: Column) -> tuple[Floats, Floats]:
    import polars as pl

    one = x.values.cast(pl.Float64, strict=False).drop_nulls().to_numpy()
    other = y.values.cast(pl.Float64, strict=False).drop_nulls().to_numpy()
    size = min(len(one), len(other))  # squares are looked up by quantile-like mass: rows need not align
    return one[:size], other[:size]


def _inside(easting: Floats, northing: Floats) -> float:
    squares = zip((easting // 100_000).astype(int), (northing // 100_000).astype(int), strict=True)
    return float(np.mean([(int(e), int(n)) in _SQUARES for e, n in squares]))


def _metres(x: Floats, y: Floats, columns: tuple[Column, Column]) -> Place:
    words = {word for column in columns for word in column.words}
    if words & {"itm", "tm75", "ing", "irish", "irenet"}:
        return Place(
            "EPSG:2157" if "itm" in words else "EPSG:29903", 0.5, zone="Europe/Dublin",
            remark="the names say an Irish grid: outside England and Wales",
        )  # fmt: skip
    as_given, turned = _inside(x, y), _inside(y, x)
    if turned > as_given + 0.3:
        return Place(
            "EPSG:27700", 0.75, swapped=True, remark="by their values the two are the wrong way round"
        )
    if as_given < 0.6:
        return Place("EPSG:27700", 0.3, remark="most points lie outside England and Wales: another grid?")
    named = bool(words & {"easting", "northing", "x", "y", "e", "n"})
    if turned > 0.9 and not named:
        return Place("EPSG:27700", 0.7, remark="the other way round would lie in England and Wales too")
    return Place("EPSG:27700", 0.97 if named else 0.85)


def _degrees(x: Floats, y: Floats, columns: tuple[Column, Column]) -> Place:
    west, south, east, north = _BRITAIN
    inside = float(np.mean((x >= west) & (x <= east) & (y >= south) & (y <= north)))
    named = columns[0].turned or columns[1].turned
    remark = "by their values the two are the wrong way round" if named else ""
    if inside > 0.6:
        irish = float(np.mean((x < -5.4) & (y > 53.9)))
        if irish > 0.5:
            return Place(None, 0.5, remark="the points lie in Ireland")
        return Place(None, 0.9 if named else 0.97, swapped=named, remark=remark)
    longitude, latitude = float(np.median(x)), float(np.median(y))
    zone_number = int((longitude + 180) // 6) + 1
    project_to = f"EPSG:{(32600 if latitude >= 0 else 32700) + zone_number}"
    return Place(
        None, 0.8, swapped=named, project_to=project_to, zone=_american(longitude),
        remark="the points lie outside Britain",
    )  # fmt: skip


def _american(longitude: float) -> str | None:
    """A guess at the zone of a place in the United States; a person must confirm."""
    if not -125 < longitude < -66:
        return None
    for east, zone in ((-114, "America/Los_Angeles"), (-102, "America/Denver"), (-86, "America/Chicago")):
        if longitude < east:
            return zone
    return "America/New_York"
