"""Street-level counts over the map: how many were recorded on or near a street, at shared points alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from peelian.api.languages import later, plain
from peelian.api.listing import Box
from peelian.api.names import clean_street
from peelian.api.places import check_step
from peelian.api.projection import lonlat
from peelian.api.run_folder import Run
from peelian.api.wording import number, span
from peelian.api.year_before import shifted
from peelian.domain.errors import Misuse, NotFound

FILE: Final = "street_points.parquet"
MOST: Final = 2000
WIDEST: Final = 0.25
"""Degrees across the widest box answered: a street is not to be told from its neighbours beyond that."""
_DIGITS: Final = 6
_PUBLISHED: Final = later(
    "Each point is one that the publisher gives to all that happened on or near a street: never the place."
)
_MOVED: Final = later(
    "Each point is the middle of a quarter of a square, for this source gives finer places than may be shown."
)
_HOMES: Final = later("Reports in homes, domestic and sexual ones have no point.")
Period = Literal["year", "recent", "before"]


@dataclass(frozen=True)
class Stretch:
    """The days counted, [start, end), in words; `told` is false where not all of them was published."""

    start: date
    end: date
    words: str
    told: bool


def street_counts(
    run: Run, *, bbox: Box | None, place: int | None, period: Period, step: int
) -> dict[str, Any]:
    """Give the counts by point (WGS84), most first: of the squares whose middles lie in a box, or of a place.

    `year`: the last year, as the layer of past counts. `recent`: the newest four weeks or month. `before`:
    the days of a step, a year before. `total` and `left_out` (no point may be shown) together are the
    squares' own counts of those days.

    Raises:
        Misuse: neither or both of box and place, or too wide a box. NotFound: no such place or file.
    """
    cells = _cells(run.base, run, bbox, place)
    path = run.base.folder / FILE
    if not path.is_file():
        raise NotFound(
            "this run was made before street-level counts were kept", do="make a new one: peelian forecast"
        )
    wanted = _stretch(run.base, period, check_step(run, step))
    within = pl.col("period_start").is_between(wanted.start, wanted.end, closed="left")
    rows = pl.scan_parquet(path).filter(pl.col("cell").is_in(cells) & within & wanted.told).collect()
    points = rows.filter(pl.col("easting").is_not_null())
    sums = points.group_by("cell", "easting", "northing").agg(
        pl.col("count").sum(), pl.col("street").first(), pl.col("published").first()
    ).sort("count", "cell", "easting", "northing", descending=[True, False, False, False])  # fmt: skip
    total = float(points["count"].sum())
    return {
        "type": "FeatureCollection", "features": _features(run.base, sums.head(MOST), wanted.words),
        "days": wanted.words, "told": wanted.told, "squares": len(cells),
        "points": len(sums), "not_listed": max(0, len(sums) - MOST), "notes": _notes(sums, wanted),
        "total": total if wanted.told else None,
        "left_out": float(rows["count"].sum()) - total if wanted.told else None,
    }  # fmt: skip


def _cells(base: Run, run: Run, bbox: Box | None, place: int | None) -> Sequence[int]:
    if (bbox is None) == (place is None):
        raise Misuse("this asks for no stretch of the map", expected="bbox, or place")
    if place is not None:
        run.position(place)
        return list(run.parts(place)[0])
    assert bbox is not None
    west, south, east, north = bbox
    if east - west > WIDEST or north - south > WIDEST:
        raise Misuse("this is too wide to tell streets apart", expected=f"at most {WIDEST} degrees across",
                     do="go nearer")  # fmt: skip
    lon, lat = base.lonlat
    inside: list[int] = base.cells[(lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)].tolist()
    return inside


def _stretch(run: Run, period: Period, step: int) -> Stretch:
    cover = pl.read_parquet(run.folder / "coverage.parquet").sort("period_start")
    starts: list[date] = cover["period_start"].to_list()
    seen = dict(zip(starts, cover["observed"].to_list(), strict=True))
    origin = run.starts[0]
    end = origin.date() if isinstance(origin, datetime) else origin
    every = run.history_every
    if period == "before":
        first, last = run.starts[step], run.ends[step]
        if isinstance(first, datetime) or isinstance(last, datetime):
            return Stretch(end, end, plain("the same shift a year before"), False)
        start, stop = shifted(first, every), shifted(last, every)
        whole = start in seen and (stop in seen or stop == end)
    else:
        start, stop, whole = _newest(end, every, period), end, True
    told = [one for day, one in seen.items() if start <= day < stop]
    # Of a year the published part is counted, as in the layer of past counts; of less, all or nothing.
    held = any(told) if period == "year" else whole and bool(told) and all(told)
    return Stretch(start, stop, span(start, stop), held)


def _newest(end: date, every: str, period: Period) -> date:
    if every == "month":
        return shifted(end, every) if period == "year" else (end - timedelta(days=1)).replace(day=1)
    days = {"year": 365 if every == "day" else 364, "recent": 28, "before": 0}[period]
    return end - timedelta(days=days)


def _features(run: Run, sums: pl.DataFrame, days: str) -> list[dict[str, Any]]:
    lon, lat = lonlat(run.grid.crs, sums["easting"].to_numpy(), sums["northing"].to_numpy())
    at = np.searchsorted(run.cells, sums["cell"].to_numpy())
    out: list[dict[str, Any]] = []
    for k, row in enumerate(sums.iter_rows(named=True)):
        street = clean_street(row["street"] or "") or run.names[int(at[k])]
        said = _said(row["count"])
        told = {
            "label": street, "place": plain("On or near {street}", street=street), "cell": row["cell"],
            "shown": said, "count": round(row["count"], 3),
            "words": plain("{n} recorded, {days}", n=said, days=days),
        }  # fmt: skip
        where = [round(float(lon[k]), _DIGITS), round(float(lat[k]), _DIGITS)]
        out.append(
            {"type": "Feature", "properties": told, "geometry": {"type": "Point", "coordinates": where}}
        )
    return out


def _notes(sums: pl.DataFrame, wanted: Stretch) -> list[str]:
    if not wanted.told:
        return [plain("Not all of those days was published: missing, not zero.")]
    notes = [plain(_PUBLISHED)] if sums["published"].any() else []
    notes += [plain(_MOVED)] if not sums["published"].all() else []
    return [*notes, plain(_HOMES)]


def _said(count: float) -> str:
    """Say a count: whole where it is; a report whose time spans several periods is shared among them."""
    return f"{round(count):,}" if abs(count - round(count)) < 0.005 else plain("about {n}", n=number(count))
