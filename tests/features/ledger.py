"""Ledger rows for tests, from a few plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from peelian.domain.event import LEDGER_SCHEMA

DEFAULTS: dict[str, Any] = {
    "key_hi": 0, "key_lo": 0, "content": 0, "offence": "x", "group": "violence", "n": 1,
    "easting": 400_100.0, "northing": 200_100.0, "precision_m": 50.0, "severity": 1.0, "knife": "unknown",
    "setting": "unknown", "domestic": "unknown", "sexual": "unknown", "discovered_by": "unknown",
    "scope": "target", "version": 0, "op": "assert", "source": "test", "crs": "EPSG:27700",
}  # fmt: skip


def ledger(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Give a frame of ledger rows; each needs `start`, the rest has defaults (end = start, known at once)."""
    full = []
    for k, row in enumerate(rows):
        base: dict[str, Any] = dict.fromkeys(LEDGER_SCHEMA) | DEFAULTS | {"key_lo": k} | row
        base["end"] = base["end"] or base["start"]
        base["available_at"] = base["available_at"] or base["end"]
        full.append(base)
    return pl.DataFrame(full, schema=LEDGER_SCHEMA, orient="row")


def covered(
    first: date, last: date, *groups: str, at: datetime = datetime(2000, 1, 1, tzinfo=UTC)
) -> pl.DataFrame:
    """Give one delivery of groups over [first, last)."""
    return pl.DataFrame(
        {"groups": [list(groups)], "start": [first], "end": [last], "available_at": [at]},
        schema={
            "groups": pl.List(pl.String), "start": pl.Date, "end": pl.Date,
            "available_at": pl.Datetime("us", "UTC"),
        },
    )  # fmt: skip
