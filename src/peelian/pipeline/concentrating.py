"""Where harm concentrates: at cell and at LSOA, kept beside the run that the map shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.evaluate.concentration import concentration


def write_concentration(panel: Panel, folder: Path) -> dict[str, Any]:
    """Write `concentration.json`: excess over chance and persistence, by cell and by LSOA.

    Years are the last whole years before the origin; LSOAs take the cells named after them.
    """
    year = YEAR_PERIODS[panel.every]
    years = len(panel.starts) // year
    counts = panel.target_counts[-years * year :].reshape(years, year, -1).sum(axis=1, dtype=np.float64)
    seen = np.asarray(panel.target_observed[-years * year :].reshape(years, year, -1).all(axis=1), np.bool_)
    places = pl.read_parquet(folder / "places.parquet").filter(pl.col("cell").is_in(panel.cells.tolist()))
    lsoa = places["lsoa"].fill_null("unknown")
    codes, index = np.unique(lsoa.to_numpy().astype(str), return_inverse=True)
    by_lsoa = np.stack([np.bincount(index, row, len(codes)).astype(float) for row in counts])
    lsoa_seen = np.stack([np.bincount(index, ~row, len(codes)) == 0 for row in seen])
    out = {
        "cell": concentration(counts, seen).to_json(),
        "lsoa": concentration(by_lsoa, lsoa_seen).to_json(),
        "years": years,
    }
    (folder / "concentration.json").write_text(json.dumps(out, indent=1))
    return out
