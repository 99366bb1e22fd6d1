"""A plug whose rows are given as a frame, so that a ledger holds exactly what a test made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.contracts import ParsedBatch, RawFile, SourceSpec
from peelian.domain.digest import digest_content, digest_strings
from peelian.domain.event import PARSED_SCHEMA
from peelian.ingest.run import ingest
from peelian.store.workspace import Workspace


class Given:
    """The plug: one file of the rows it was made with."""

    SPEC = SourceSpec("given", "a given feed", "the tests", "none", "daily", (), open_data=True)

    def __init__(self, rows: pl.DataFrame, force: str) -> None:
        self.rows, self.force = rows, force

    def land(self, paths: list[Path], landing: Path, options: dict[str, Any]) -> Iterator[RawFile]:
        for path in paths:
            yield RawFile(path.name, path, "table", hashlib.sha256(path.read_bytes()).hexdigest(), {})

    def parse(self, raw: RawFile, options: dict[str, Any]) -> Iterator[ParsedBatch]:
        none = pl.DataFrame(schema={"row": pl.UInt64, "reason": pl.String})
        yield ParsedBatch("events", self.rows, none, self.rows.height, self.force, "EPSG:27700", None)


def rows_at(
    start: list[datetime], easting: np.ndarray, northing: np.ndarray, *, first: int = 0, **same: Any
) -> pl.DataFrame:
    """Rows of violence in public places, marked as such, known a minute after; `same` overrules."""
    n = len(start)
    ids = pl.Series([f"{first + k}" for k in range(n)], dtype=pl.String)
    hi, lo = digest_strings([ids, ids], "given")
    fixed = {
        "offence": "x", "group": "violence", "n": 1, "precision_m": 10.0, "lsoa": "E01000001",
        "knife": "none", "setting": "public", "domestic": "no", "sexual": "no",
        "discovered_by": "public", "scope": "target",
    } | same  # fmt: skip
    values = {
        "key_hi": hi, "key_lo": lo, "content": digest_content([ids], "given"), "start": start,
        "end": start, "easting": easting, "northing": northing,
        "available_at": [at + timedelta(minutes=1) for at in start],
    }  # fmt: skip
    columns = {name: values.get(name, [fixed.get(name)] * n) for name in PARSED_SCHEMA}
    return pl.DataFrame(columns, schema=PARSED_SCHEMA).with_columns(
        row=pl.int_range(1, n + 1, dtype=pl.UInt64), has_id=pl.lit(True), retracted=pl.lit(False),
        nominal=pl.lit(False),
    )  # fmt: skip


def put(ws: Workspace, path: Path, rows: pl.DataFrame, force: str) -> None:
    """Commit rows; the file says which ones they are."""
    path.write_text(str(rows["key_lo"].to_list()))
    ingest(ws, Given(rows, force), [path], options={}, actor=LOCAL_ANALYST, purpose="analysis")
