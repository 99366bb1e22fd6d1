"""Where harm concentrates: at cell and at LSOA, beyond what chance gives at these counts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain.panel import Panel
from peelian.domain.progress import Tick, no_tick
from peelian.domain.target import target_named
from peelian.domain.time import YEAR_PERIODS, Every, check_origin, london_midnight
from peelian.evaluate.concentration import concentration
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.panels import END_OF_TIME, Panels, load_panels
from peelian.pipeline.places import name_places
from peelian.pipeline.scales import scales_json
from peelian.pipeline.setting_population import population
from peelian.pipeline.setting_streets import street_metres

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def concentration_view(ctx: Context, panels: Panels, panel: Panel) -> dict[str, Any]:
    """Give excess over chance and persistence over the last whole years before the origin.

    Keys `cell`, `lsoa` (cells take the LSOA published nearest to them), `years`, and `scales`: every level
    by area and, where known, by population and length of street.
    """
    counts, seen = by_year(panel)
    places = name_places(ctx, panels.area).filter(pl.col("cell").is_in(panel.cells.tolist()))
    lsoa = places["lsoa"].fill_null("unknown")
    codes, index = np.unique(lsoa.to_numpy().astype(str), return_inverse=True)
    by_lsoa = np.stack([np.bincount(index, row, len(codes)).astype(float) for row in counts])
    lsoa_seen = np.stack([np.bincount(index, ~row, len(codes)) == 0 for row in seen])
    return {
        "cell": concentration(counts, seen).to_json(),
        "lsoa": concentration(by_lsoa, lsoa_seen).to_json(),
        "years": len(counts),
        "scales": scales_json(
            panel,
            population(ctx, panels.area.covered, panels.parents),
            streets=street_metres(ctx, panels.area.grid, panels.area.covered),
        ),
    }


def concentration_of(
    ctx: Context, target: str, every: Every, origin: date | None, area: str | None, tick: Tick = no_tick
) -> dict[str, Any]:
    """Give `concentration_view` of a target as it stood on a day (default: the newest period's end).

    With `title`, `area` and `origin`.

    Raises:
        Misuse, Refused, NotFound: the request or the data do not allow it; each says what would.
    """
    wanted = target_named(target)
    if origin is not None:
        check_origin(origin, every)
    known = london_midnight(origin) if origin else END_OF_TIME
    tick("reading", 0.1)
    panels = load_panels(ctx, resolve_area(ctx, area, known), wanted, every, known)
    day = origin or panels.end
    panels.check_origin(day)
    ctx.consult("consultation", f"concentration {target}", area=panels.area.code, window=f"before {day}")
    panel = panels.at(day)
    tick("comparing with chance", 0.4)
    said = {"title": wanted.title(panel.marks_known, panel.some_left_out), "area": panels.area.name}
    return said | {"origin": str(day)} | concentration_view(ctx, panels, panel)


def by_year(panel: Panel) -> tuple[Floats, Bools]:
    """Give the target's counts of the last whole years before the origin, (years, C), and what was seen.

    Needs at least a year of history, which every forecast does.
    """
    year = YEAR_PERIODS[panel.every]
    years = len(panel.starts) // year
    counts = panel.target_counts[-years * year :].reshape(years, year, -1).sum(axis=1, dtype=np.float64)
    seen = panel.target_observed[-years * year :].reshape(years, year, -1).all(axis=1)
    return np.asarray(counts, np.float64), np.asarray(seen, np.bool_)


def write_concentration(view: dict[str, Any], folder: Path) -> None:
    """Write `concentration.json` beside a run."""
    (folder / "concentration.json").write_text(json.dumps(view, indent=1))
