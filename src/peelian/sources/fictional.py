"""Rows of the fictional force must lie on its island.

Else a real extract in a sample's layout, whose mapping names that force, would come in as simulated data and
so without a sharing agreement.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.domain.contracts import ParsedBatch
from peelian.domain.errors import Refused

FORCE: Final = "simulated-eldermarch"
ISLAND: Final = (531_000.0, 486_000.0, 589_000.0, 534_000.0)
"""West, south, east, north of the island and 5 km around it, EPSG:27700: open sea, some 70 km from land."""
LETTER: Final = "X"
"""What fictional area codes begin with."""


def check_fictional(batch: ParsedBatch, name: str, *, sure: bool) -> None:
    """Hold rows of the fictional force to its place; unless someone is `sure`, one of them must say where.

    Raises:
        Refused: some lie elsewhere, or none says where it lies.
    """
    rows = batch.rows
    if rows.is_empty() or batch.force != FORCE:
        return
    tests: list[pl.Expr] = []
    if "easting" in rows.columns:
        west, south, east, north = ISLAND
        tests.append(pl.col("easting").is_between(west, east) & pl.col("northing").is_between(south, north))
    tests += [pl.col(code).str.starts_with(LETTER) for code in ("lsoa", "area") if code in rows.columns]
    here, elsewhere = rows.select(
        pl.any_horizontal(*(test.fill_null(False) for test in tests)).any().alias("here"),
        pl.any_horizontal(*(~test.fill_null(True) for test in tests)).any().alias("elsewhere"),
    ).row(0)
    if elsewhere or not (here or sure) or batch.crs != "EPSG:27700":
        raise Refused(
            f"{name} does not lie in the area of the fictional force, so it is not of {FORCE}",
            expected="--force CODE, or a mapping of your own that names the force",
            do="every real feed needs a sharing agreement: see peelian agreement",
        )
