"""A table that a person gives as CSV or Parquet: every cell a text, or as the Parquet file has it."""

from __future__ import annotations

from pathlib import Path

import polars as pl


def read_table(path: Path) -> pl.DataFrame | None:
    """Give the table, or None where none can be read there; the caller says what was expected."""
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema=False, encoding="utf8")
    except (OSError, pl.exceptions.PolarsError):
        return None
