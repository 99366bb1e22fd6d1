"""What a gazetteer holds: one row a place or a code, in British National Grid metres (EPSG:27700)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

ENTRIES: Final[dict[str, pl.DataType]] = {
    "source": pl.String(),  # the kind of file it came from; importing that kind again replaces its rows
    "kind": pl.String(),  # one of KINDS
    "name": pl.String(),  # as published; a junction's is its two roads with ` & ` between; null for a code
    "other": pl.String(),  # the same place's name in another language
    "code": pl.String(),  # postcode without its space, UPRN or USRN; null for a named place
    "street": pl.String(),  # the street a premises stands in, where known
    "town": pl.String(),  # the settlement it lies in, where known
    "area": pl.String(),  # LSOA, where known
    "easting": pl.Float64(),
    "northing": pl.Float64(),
    "spread": pl.Float64(),  # metres from the point to the place's furthest part; null unknown
}
KINDS: Final = ("street", "premises", "area", "junction", "postcode", "uprn", "usrn")
NAMED: Final = ("street", "premises", "area", "junction")

Box = tuple[float, float, float, float]
"""West, south, east, north in metres."""


def tidy(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Give a loader's rows in the shape of `ENTRIES`; a row without a point, or named by nothing, goes."""
    missing = [
        pl.lit(None, dtype).alias(name) for name, dtype in ENTRIES.items() if name not in frame.columns
    ]
    frame = frame.with_columns(missing).with_columns(source=pl.lit(source))
    texts = [name for name, dtype in ENTRIES.items() if dtype == pl.String()]
    frame = frame.with_columns(
        pl.col(name).cast(pl.String).str.strip_chars().replace("", None) for name in texts
    )
    frame = frame.select(pl.col(name).cast(dtype, strict=False) for name, dtype in ENTRIES.items())
    placed = pl.col("easting").is_finite() & pl.col("northing").is_finite()
    named = pl.col("name").is_not_null() | pl.col("code").is_not_null()
    return frame.filter(placed.fill_null(False) & named)


def within(frame: pl.DataFrame, box: Box | None) -> pl.DataFrame:
    """Keep rows whose point lies in the box, edges included."""
    if box is None:
        return frame
    west, south, east, north = box
    return frame.filter(pl.col("easting").is_between(west, east), pl.col("northing").is_between(south, north))


def write_entries(path: Path, entries: pl.DataFrame) -> None:
    """Write a gazetteer file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    entries.select(list(ENTRIES)).sort("source", "kind", "code", "name", "easting", "northing").write_parquet(
        part, compression="zstd"
    )
    part.replace(path)


def read_entries(path: Path) -> pl.DataFrame:
    """Read a gazetteer file; no rows where there is none yet."""
    return pl.read_parquet(path, memory_map=False) if path.is_file() else pl.DataFrame(schema=ENTRIES)
