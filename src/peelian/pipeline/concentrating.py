"""Where harm concentrates: at cell and at LSOA, beyond what chance gives at these counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.evaluate.concentration import concentration
from peelian.pipeline.context import Context
from peelian.pipeline.panels import Panels
from peelian.pipeline.places import name_places

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def concentration_view(ctx: Context, panels: Panels, panel: Panel) -> dict[str, Any]:
    """Give excess over chance and persistence over the last whole years before the origin.

    Keys `cell`, `lsoa` (cells take the LSOA published nearest to them) and `years`.
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
    }


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
