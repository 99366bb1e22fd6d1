"""A made-up recipe over the made-up area of the API's tests, and rows as the ledger gives them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from peelian.domain.event import LEDGER_SCHEMA
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.live import Taken
from peelian.live.recipe import Kind, Recipe
from tests.api.run_folder import mask

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
CELLS = mask()
KERNEL = np.array([[0.05, 0.1, 0.05], [0.1, 0.4, 0.1], [0.05, 0.1, 0.05]])


def recipe(run: str = "sim1-violence-20261102") -> Recipe:
    """Two kinds, two scales, a kernel that reaches one cell, a background that is not even."""
    background = np.random.default_rng(5).gamma(0.5, 0.02, len(CELLS)) + 1e-4
    return Recipe(
        run, "violence", "violence in public places", GRID, CELLS,
        (Kind("violence", ("violence",)), Kind("asb", ("asb",))), np.array([2.0, 9.0]),
        np.array([[0.2, 0.1], [0.02, 0.03]]), KERNEL, background, datetime(2026, 11, 2, tzinfo=UTC), 1000,
    )  # fmt: skip


def row(key: int, at: datetime, cell: int, **over: Any) -> dict[str, Any]:
    """One event in the middle of a cell (position in the mask): violence in a public place unless told."""
    east, north = GRID.centre(CELLS[cell : cell + 1])
    return {
        "key_hi": 0, "key_lo": key, "content": key, "offence": "test", "group": "violence", "n": 1,
        "start": at, "end": at, "easting": float(east[0]), "northing": float(north[0]), "precision_m": 10.0,
        "place_match": None, "lsoa": "E01000001", "location": None, "severity": None, "knife": "none",
        "knife_why": None, "setting": "public", "domestic": "no", "sexual": "no", "discovered_by": "public",
        "scope": "target", "available_at": at + timedelta(minutes=1), "version": 0, "op": "assert",
        "recorded_at": at + timedelta(minutes=1), "source": "police-crime", "crs": GRID.crs,
        "controller": "test", "force": "sim1", "agreement": "own-records", "file": "0" * 16,
    } | over  # fmt: skip


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows with the ledger's schema."""
    return pl.DataFrame(rows, schema=LEDGER_SCHEMA, orient="row")


def told(
    position: int, rows: list[dict[str, Any]], undone: list[dict[str, Any]] | None = None, at: datetime = NOW
) -> Taken:
    """One commit of the taker."""
    return Taken(position, position, at, frame(rows), frame(undone or []))
