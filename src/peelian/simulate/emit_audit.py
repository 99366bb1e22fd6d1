"""Lookups that tell the invented neighbourhoods apart for a fairness audit. All of it is simulated.

Income deprivation is the world's own field; who lives where is drawn apart from it and changes no event; a
neighbourhood is rural where most of its people live outside the towns.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from peelian.domain.grid import Floats
from peelian.simulate.land import smooth_field
from peelian.simulate.world import World

KINDS: Final = ("deprivation", "ethnicity", "rurality")
_DRAW: Final = 0x66
_WIDTH_CELLS: Final = 10.0  # of the field of who lives where [assumption]
_CENTRE, _SPREAD, _WITH_DEPRIVATION = -1.8, 0.9, 0.3  # logit of the share [assumption]


def write_lookups(world: World, out: Path) -> dict[str, Path]:
    """Write a table for each kind, as `peelian fairness lookup` reads it; give their paths."""
    paths = {kind: out / f"audit_{kind}.csv" for kind in KINDS}
    for kind, rows in lookups(world).items():
        rows.write_csv(paths[kind])
    return paths


def lookups(world: World) -> dict[str, pl.DataFrame]:
    """Give the tables: income_decile (1: most deprived), minority_share and rural_urban, by neighbourhood."""
    codes, land = list(world.lsoa_codes), world.land

    def mean(values: Floats) -> Floats:
        total = np.bincount(world.lsoa, land.people, len(codes))
        out: Floats = np.bincount(world.lsoa, land.people * values, len(codes)) / np.maximum(total, 1e-9)
        return out

    deprived = mean(land.deprivation)
    rank = np.argsort(np.argsort(-deprived, kind="stable"), kind="stable")
    rng = np.random.default_rng(np.random.SeedSequence([world.seed, _DRAW]))
    field = smooth_field(rng, (land.box[3], land.box[2]), _WIDTH_CELLS).ravel()[land.where]
    logit = _CENTRE + _SPREAD * field + _WITH_DEPRIVATION * land.deprivation
    rural = mean((land.town < 0).astype(np.float64)) > 0.5
    made: dict[str, dict[str, Any]] = {
        "deprivation": {"income_decile": 1 + rank * 10 // len(codes)},
        "ethnicity": {"minority_share": mean(1 / (1 + np.exp(-logit))).round(4)},
        "rurality": {"rural_urban": np.where(rural, "rural", "urban")},
    }
    note = pl.lit("SIMULATED").alias("note")
    return {kind: pl.DataFrame({"lsoa": codes, **column}).with_columns(note) for kind, column in made.items()}
