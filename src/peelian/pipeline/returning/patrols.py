"""Patrols by named hotspot and month, against harm there, homes left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from peelian.domain.errors import NotFound
from peelian.domain.returns import UNKNOWN, Block, Figure, Head, Line
from peelian.pipeline.context import Context
from peelian.pipeline.planning.own_areas import areas_held
from peelian.pipeline.returning.held import Held, Period, days_held
from peelian.pipeline.returning.template import Asks
from peelian.store.patrols import read_patrols
from peelian.store.runs import latest_run

BUSIEST: Final = 10
HEADS: Final = (
    Head("Patrols", "amount"), Head("Visits", "amount"), Head("Hours", "hours"), Head("Violence in public"),
    Head("Robbery"), Head("Anti-social behaviour"),
)  # fmt: skip
HARMS: Final = (("violence",), ("robbery",), ("asb",))
UNSAID: Final = 0.05
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Hotspots:
    """Names and shapes in the CRS of the area's grid, and where they came from in words."""

    names: tuple[str, ...]
    shapes: npt.NDArray[Any]
    how: str

    def lines(self) -> Iterator[tuple[str, Any]]:
        """Give each name with its shape."""
        yield from zip(self.names, self.shapes, strict=True)


def patrols_block(asks: Asks, of: Held, ctx: Context) -> Block:
    """Lay patrols and harm on each hotspot by month."""
    spots = _hotspots(ctx, of)
    patrols = pl.concat([read_patrols(ctx.ws, force=force, purpose=ctx.purpose) for force in of.forces])
    placed = patrols.drop_nulls(["easting", "northing"])
    harms = [_harm(of, list(groups)) for groups in HARMS]
    held_days = [[_days(of, list(groups), month) for groups in HARMS] for month in of.period.months]
    sources, lines = _sources(of, placed), []
    for name, shape in spots.lines():
        mine = placed.filter(pl.Series(within(placed, shape)))
        near = [rows.filter(pl.Series(within(rows, shape))) for rows, _ in harms]
        for month, days in zip(of.period.months, held_days, strict=True):
            harm = [
                _count(rows, told, n, month) for rows, (_, told), n in zip(near, harms, days, strict=True)
            ]
            figures = (*patrols_of(mine, placed, month), *harm)
            lines.append(Line(name, f"{month.start:%Y-%m}", figures, sources, _cover(month, days)))
    unplaced = patrols.height - placed.height
    text = f"{asks.text} {spots.how}"
    text += f" {unplaced:,} patrols without a point could not be laid on a hotspot." if unplaced else ""
    return Block(asks.id, asks.title, text.strip(), HEADS, tuple(lines))


def _hotspots(ctx: Context, of: Held) -> Hotspots:
    if of.area.grid.crs == "EPSG:27700":
        try:
            rows = areas_held(ctx, "hotspot")
        except NotFound:
            rows = pl.DataFrame()
        if rows.height:
            shapes = shapely.from_wkb(rows["wkb"].to_numpy())
            return Hotspots(tuple(rows["name"].to_list()), shapes, f"The {rows.height} hotspots imported.")
    return _busiest(ctx, of)


def _busiest(ctx: Context, of: Held) -> Hotspots:
    """Take the squares with most violence and robbery in the period before, where no hotspots are held."""
    rows = _public(of, ["violence", "robbery"]).filter(of.period.before.holds())
    cells = of.area.grid.cell_of(rows["easting"].to_numpy(), rows["northing"].to_numpy())
    top = (
        pl.DataFrame({"cell": cells, "n": rows["n"]})
        .filter(pl.col("cell").is_in(of.area.cells.tolist()))
        .group_by("cell").agg(pl.col("n").sum()).sort(["n", "cell"], descending=[True, False]).head(BUSIEST)
    )["cell"].to_numpy()  # fmt: skip
    west, south = of.area.grid.corner(top)
    size = of.area.grid.size
    shapes = shapely.box(west, south, west + size, south + size)
    named = _names(ctx, of)
    names = tuple(f"{named.get(int(cell)) or 'Square'} ({cell})" for cell in top)
    how = (
        f"No hotspots were imported: these are the {len(top)} squares with most recorded public violence and "
        "robbery in the period before. Squares chosen as the busiest tend to fall back by themselves."
    )
    return Hotspots(names, np.atleast_1d(shapes), how)


def _names(ctx: Context, of: Held) -> dict[int, str]:
    run = latest_run(ctx.ws, of.area.code)
    file = run.folder / "places.parquet" if run else None
    if file is None or not file.is_file():
        return {}
    return dict(pl.read_parquet(file, columns=["cell", "name"]).drop_nulls().iter_rows())


def within(rows: pl.DataFrame, shape: Any) -> Bools:
    """Say which rows lie in a shape, its edge counted in."""
    shapely.prepare(shape)
    return np.asarray(shapely.intersects_xy(shape, rows["easting"].to_numpy(), rows["northing"].to_numpy()))


def patrols_of(mine: pl.DataFrame, every: pl.DataFrame, month: Period) -> tuple[Figure, Figure, Figure]:
    """Give patrols, visits and hours; a month in which no patrol is held anywhere is not known."""
    if every.filter(month.holds()).is_empty():
        return UNKNOWN, UNKNOWN, UNKNOWN
    rows = mine.filter(month.holds())
    hours = float((rows["end"] - rows["start"]).dt.total_seconds().sum()) / 3600.0
    return Figure(float(rows.height)), Figure(float(rows["n"].sum())), Figure(hours)


def _public(of: Held, groups: list[str]) -> pl.DataFrame:
    """Give what happened at a point outside homes, neither domestic nor sexual; nor unmarked."""
    return of.events.filter(
        pl.col("group").cast(pl.String).is_in(groups) & pl.col("easting").is_not_null()
        & pl.col("source").str.starts_with("police")
        & ((pl.col("group") != "violence") | (
            (pl.col("setting") != "dwelling") & (pl.col("setting") != "unknown")
            & (pl.col("domestic") == "no") & (pl.col("sexual") == "no")
        ))
    )  # fmt: skip


def _harm(of: Held, groups: list[str]) -> tuple[pl.DataFrame, bool]:
    """Give the rows of a harm, and whether the sources mark homes well enough for it to be told."""
    every = of.events.filter(
        pl.col("group").cast(pl.String).is_in(groups) & pl.col("source").str.starts_with("police")
    )
    unsaid = every.filter(
        (pl.col("setting") == "unknown") | (pl.col("domestic") == "unknown") | (pl.col("sexual") == "unknown")
    ).height
    told = groups != ["violence"] or (every.height > 0 and unsaid <= UNSAID * every.height)
    return _public(of, groups), told


def _count(rows: pl.DataFrame, told: bool, days: int, month: Period) -> Figure:
    if not told or days == 0:
        return UNKNOWN
    value = float(rows.filter(month.holds())["n"].sum())
    if days < month.days:
        return Figure(value, "at least") if value else UNKNOWN
    return Figure(value)


def _sources(of: Held, patrols: pl.DataFrame) -> str:
    police = sorted({s for s in of.cover["source"].unique().to_list() if s.startswith("police")})
    return f"patrols: {', '.join(sorted(set(patrols['source'].to_list()))) or 'none held'}; harm: " + (
        ", ".join(police) or "none held"
    )


def _cover(month: Period, days: list[int]) -> str:
    told = zip(HARMS, days, strict=True)
    return "; ".join(f"{groups[0]} {n} of {month.days} days" for groups, n in told)


def _days(of: Held, groups: list[str], month: Period) -> int:
    police = [s for s in of.cover["source"].unique().to_list() if s.startswith("police")]
    return max((days_held(of, source, groups, month) for source in police), default=0)
