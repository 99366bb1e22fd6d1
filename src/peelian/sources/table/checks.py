"""What is wrong with a row's times and coordinates: each test with the sentence a person can act on."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from peelian.sources.reject import Test
from peelian.sources.table.mapping import Mapping


def time_tests(mapping: Mapping, available_at: datetime | None, now: datetime | None) -> list[Test]:
    """What is wrong with `_start`, `_end`, `_available` and `_at` (when it became available)."""
    start, end = pl.col("_start"), pl.col("_end")
    unreadable = "the date or time cannot be read without guessing; say how it is written in `time.format`"
    tests: list[Test] = [
        (start.is_null(), unreadable),
        (end.is_null(), "the end of the time it occurred cannot be read; see `time.format`"),
        (end <= start, "it ends before it begins"),
    ]
    if now is not None:
        tests.append((start > now, "it is dated in the future"))
    if mapping.columns.available_at and available_at is None:
        bad = pl.col("available_at").is_not_null() & pl.col("_available").is_null()
        tests.append((bad, "the time it was received cannot be read; see `time.format`"))
    tests.append((pl.col("_at") < start, "it was received, or available, before it occurred"))
    return tests


def place_tests(mapping: Mapping) -> list[Test]:
    """What is wrong with the coordinates; see `add_place`."""
    columns = mapping.columns
    if not (columns.easting or columns.longitude):
        return []
    names = ("easting", "northing") if columns.easting else ("longitude", "latitude")
    x, y = pl.col(names[0]), pl.col(names[1])
    some = x.is_not_null() | y.is_not_null()
    finite = (pl.col("_x").is_finite() & pl.col("_y").is_finite()).fill_null(False)
    return [
        (x.is_null() != y.is_null(), "only one of the two coordinates is given"),
        (some & ~finite, "a coordinate is not a number"),
        (
            (pl.col("_x") == 0) & (pl.col("_y") == 0),
            "the coordinates are both 0: give none where there is none",
        ),
        (
            some & (pl.col("_e").is_null() | pl.col("_n").is_null()),
            f"the coordinates are outside the area of {mapping.project_to}; see `crs` and `project_to`",
        ),
    ]
