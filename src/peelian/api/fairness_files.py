"""What lies beside a run about fairness: the audit that stands for its model, and its fragile places."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain.fairness_standing import KINDS, Standing, standing
from peelian.domain.grid import Cells

AUDIT: Final = "fairness.json"
FRAGILE: Final = "fragile.parquet"
Flags = npt.NDArray[np.bool_]


def fairness_beside(folder: Path) -> dict[str, Any] | None:
    """Give the audit beside a run, None where there is none."""
    path = folder / AUDIT
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=16)
def _read(path: Path, _modified: int) -> dict[str, Any] | None:
    said = json.loads(path.read_text("utf-8"))
    return said if isinstance(said, dict) else None


def standing_beside(folder: Path) -> Standing:
    """Say how the audit beside a run stands today."""
    said = fairness_beside(folder)
    if said is None:
        return standing(None, (), datetime.now(UTC), lookups=None)
    if "at" not in said:
        return standing(datetime.now(UTC), KINDS, datetime.now(UTC), lookups=True)
    made = datetime.fromisoformat(said["at"])
    return standing(made, tuple(said.get("kinds", ())), datetime.now(UTC), lookups=True)


def fragile_places(folder: Path, cells: Cells, starts: Sequence[date]) -> Flags | None:
    """Give which places are fragile in each window, (H, C); None where it was not worked out."""
    path = folder / FRAGILE
    if not path.is_file():
        return None
    rows = pl.read_parquet(path).filter(pl.col("fragile") & pl.col("cell").is_in(cells.tolist()))
    rows = rows.filter(pl.col("period_start").is_in(list(starts)))
    out = np.zeros((len(starts), len(cells)), np.bool_)
    at = rows["period_start"].replace_strict(list(starts), list(range(len(starts))), return_dtype=pl.Int64)
    out[at.to_numpy(), np.searchsorted(cells, rows["cell"].to_numpy())] = True
    return out
