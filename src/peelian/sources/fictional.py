"""Rows taken without a force are the fictional one's, and must lie there.

Else a real extract in a sample's layout would come in as simulated data, and so without a sharing agreement.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.domain.contracts import ParsedBatch
from peelian.domain.errors import Refused

ISLAND: Final = (536_000.0, 491_000.0, 584_000.0, 529_000.0)
"""West, south, east, north of the fictional island, EPSG:27700: open sea, some 70 km from land."""
LETTER: Final = "X"
"""What fictional area codes begin with."""


def check_fictional(batch: ParsedBatch, name: str) -> None:
    """Hold rows to the fictional place.

    Raises:
        Refused: some lie elsewhere, or none says where it lies.
    """
    rows = batch.rows
    if rows.is_empty():
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
    if elsewhere or not here or batch.crs != "EPSG:27700":
        raise Refused(
            f"{name} is not of the fictional force, and no force was given",
            expected="--force CODE, or a mapping of your own that names the force",
            do="every real feed needs a sharing agreement: see peelian agreement",
        )
