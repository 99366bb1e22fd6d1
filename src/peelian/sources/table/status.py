"""What became of a record: does it stand, or was it cancelled ("no crime", entered by mistake)?"""

from __future__ import annotations

import polars as pl

from peelian.sources.reject import Test
from peelian.sources.table.mapping import DEFAULT, STATUS, Mapping


def add_status(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Add `_retracted`: null where the status is not in the mapping, false where the file says nothing."""
    if not mapping.columns.status:
        return frame.with_columns(_retracted=pl.lit(False))
    codes = mapping.values.get("status", {})
    known = {word: word for word in STATUS} | {c: word for c, word in codes.items() if c != DEFAULT}
    text = pl.col("status").cast(pl.String).str.strip_chars().replace("", None)
    word = text.replace_strict(known, default=codes.get(DEFAULT), return_dtype=pl.String)
    gone = pl.when(text.is_null()).then(pl.lit(False)).otherwise(word == "retract")
    return frame.with_columns(_retracted=gone)


def status_tests(mapping: Mapping) -> list[Test]:
    """What is wrong with a row's status."""
    if not mapping.columns.status:
        return []
    nameless = pl.col("id").is_null() if mapping.columns.id else pl.lit(True)
    return [
        (
            pl.col("_retracted").is_null(),
            "the status value is not in the mapping; add it to `values.status`, or give its `default`",
        ),
        (
            pl.col("_retracted") & nameless,
            "it cancels a record and has no id, so nobody can say which; give `columns.id`",
        ),
    ]
