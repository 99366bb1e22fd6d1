"""Which cells a forecast speaks about: an area file, a held force, or an area frozen earlier."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from pyproj import CRS

from peelian.domain.area import Area
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.grid import Grid, grid_for
from peelian.features.mask import cells_within
from peelian.features.strays import without_strays
from peelian.guard.unreadable import NO_CRS
from peelian.pipeline.area_file import read_area_file
from peelian.pipeline.context import Context
from peelian.store.coverage import coverage
from peelian.store.ledger import read_events
from peelian.store.row_cut import reaches

NEAR_EVENTS_M = 1000.0
"""Without a boundary the area is every cell within this distance of an event, less strays (ADR 8)."""


def grid_of(crs: str, size: float | None = None) -> Grid:
    """Give the default lattice of a projected CRS.

    Raises:
        Misuse: there is no such CRS.
        Refused: when the CRS is geographic: cells must have one size on the ground.
    """
    try:
        known = CRS.from_user_input(crs)
    except NO_CRS:
        raise Misuse("an unknown coordinate system", expected="such as EPSG:27700") from None
    if not known.is_projected:
        raise Refused(
            f"{crs} is a geographic coordinate system",
            expected="a projected one, such as EPSG:27700 in Britain",
            do="set project_to in the mapping, or crs in the area file",
        )
    axis = known.axis_info[0]
    return grid_for(crs, size, axis.unit_name, axis.unit_conversion_factor)


def resolve_area(ctx: Context, area: str | None, as_of: datetime, snapshot: int | None = None) -> Area:
    """Give the area named by a file's path, an area code or a held force; freeze it at first use.

    Raises:
        NotFound: nothing here has that name.
        Misuse: several forces are held and none was chosen.
    """
    if area is not None and Path(area).suffix in {".json", ".yaml", ".yml"}:
        return _freeze(ctx, read_area_file(Path(area), grid_of))
    code = area or _only_area(ctx, snapshot)
    frozen = ctx.ws.areas / f"{_slug(code)}.json"
    return _thaw(frozen) if frozen.is_file() else _freeze(ctx, _from_events(ctx, code, as_of, snapshot))


def _only_area(ctx: Context, snapshot: int | None) -> str:
    held = coverage(ctx.ws, snapshot=snapshot).filter(pl.col("kind") != "outcomes")
    if held.is_empty():
        raise Refused("no data are held here", do="bring some in with: peelian ingest police-uk FILE.zip")
    forces = sorted(held["force"].unique().to_list())
    for path in sorted(ctx.ws.areas.glob("*.json")):
        area = json.loads(path.read_text())
        if area.get("forces") == forces:
            return str(area["code"])
    if len(forces) > 1:
        raise Misuse(
            f"{len(forces)} forces are held", expected=", ".join(forces), do="choose one with --area"
        )
    return str(forces[0])


def _from_events(ctx: Context, code: str, as_of: datetime, snapshot: int | None) -> Area:
    held = coverage(ctx.ws, snapshot=snapshot).filter(
        (pl.col("force") == code) & (pl.col("kind") != "outcomes")
    )
    if held.is_empty():
        raise NotFound(
            f"no area or force {code!r} is held", expected=", ".join(_names(ctx)) or "an area file"
        )
    crs = str(held["crs"][0])
    grid = grid_of(crs)
    points = read_events(
        ctx.ws, as_of=as_of, crs=crs, force=code, snapshot=snapshot, columns=["easting", "northing"]
    ).drop_nulls()
    if points.is_empty():
        raise Refused(
            f"no event of {code} with a place was known at {as_of:%d %B %Y}",
            do="choose a later --origin or --as-of, or give an area file with --area",
        )
    easting, northing = points["easting"].to_numpy(), points["northing"].to_numpy()
    near = cells_within(grid, easting, northing, NEAR_EVENTS_M)
    cells = without_strays(grid, near, grid.cell_of(easting, northing))
    return Area(code, code.replace("-", " ").title(), grid, cells, "held events")


def forces_of(ctx: Context, area: Area, snapshot: int | None = None) -> list[str]:
    """List the forces whose rows lie in the area's CRS and, for a force's own area, that force alone."""
    held = coverage(ctx.ws, snapshot=snapshot)
    held = held.filter((pl.col("crs") == area.grid.crs) & (pl.col("kind") != "outcomes"))
    forces = sorted(held["force"].unique().to_list())
    return [area.code] if area.code in forces else forces


def _names(ctx: Context) -> list[str]:
    """List the forces held and the areas frozen, those that who asks may know of."""
    frozen = [json.loads(path.read_text()) for path in ctx.ws.areas.glob("*.json")]
    mine = {
        str(one["code"]) for one in frozen if all(reaches(f, one["code"]) for f in one.get("forces") or [""])
    }
    return sorted(mine | set(coverage(ctx.ws)["force"].to_list()))


def _freeze(ctx: Context, area: Area) -> Area:
    path = ctx.ws.areas / f"{_slug(area.code)}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    body: dict[str, Any] = {
        "code": area.code, "name": area.name, "how": area.how, "boundary": area.boundary,
        "simulated": area.simulated, "crs": area.grid.crs, "cell_size": area.grid.size,
        "forces": forces_of(ctx, area),
    }  # fmt: skip
    np.save(path.with_suffix(".npy"), np.stack([area.cells, np.isin(area.cells, area.silent)]))
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(body))
    temporary.rename(path)
    return area


def _thaw(path: Path) -> Area:
    body = json.loads(path.read_text())
    cells, silent = np.load(path.with_suffix(".npy"), allow_pickle=False)
    grid = grid_of(body["crs"], body["cell_size"])
    return Area(
        body["code"], body["name"], grid, cells, body["how"], body["boundary"], body["simulated"],
        cells[silent == 1],
    )  # fmt: skip


def _slug(code: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in code.lower())
