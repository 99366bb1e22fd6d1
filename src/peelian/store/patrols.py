"""Read patrols, for the audit of feedback alone: nothing that forecasts may import this."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import polars as pl

from peelian.domain.records import PATROL_SCHEMA
from peelian.store.ledger import read_versions, standing
from peelian.store.workspace import Workspace

COLUMNS: Final = (*(name for name in PATROL_SCHEMA if name != "content"), "source", "force")
_END: Final = datetime(9999, 1, 1, tzinfo=UTC)


def read_patrols(
    ws: Workspace, *, as_of: datetime | None = None, force: str | None = None, purpose: str | None = None
) -> pl.DataFrame:
    """Give the deployments known at `as_of` (default: all known now): mode, interval, place, units.

    Columns: `COLUMNS`, none of whom was sent. Ordered by start.
    """
    versions = read_versions(ws, as_of=as_of, force=force, records="patrols", purpose=purpose)
    rows = standing(versions, as_of or _END).select(COLUMNS)
    return rows.sort("start", "key_hi", "key_lo")
