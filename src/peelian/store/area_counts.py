"""Read counts of areas: what stood at an instant. A withheld count is missing (null), never zero."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import polars as pl

from peelian.domain.records import AREA_COUNT_SCHEMA
from peelian.store.ledger import read_versions, standing
from peelian.store.workspace import Workspace

COLUMNS: Final = (*(name for name in AREA_COUNT_SCHEMA if name != "content"), "source", "force", "controller")
_END: Final = datetime(9999, 1, 1, tzinfo=UTC)


def read_area_counts(
    ws: Workspace,
    *,
    as_of: datetime | None = None,
    source: str | None = None,
    force: str | None = None,
    snapshot: int | None = None,
    purpose: str | None = None,
) -> pl.DataFrame:
    """Give the counts standing at `as_of` (default: all known now), one row an area, measure and period.

    Columns: `COLUMNS`, of `AREA_COUNT_SCHEMA` and whose they are. `group` is the measure; `count` is null
    where `suppressed`. Ordered by source, measure, start, area, basis and band. Nothing is read of an
    agreement that is over or does not name `purpose`.

    Raises:
        Refused: when `snapshot` is so old that its files were compacted and collected.
    """
    versions = read_versions(
        ws, as_of=as_of, force=force, snapshot=snapshot, records="area_counts", purpose=purpose
    )
    rows = standing(versions, as_of or _END)
    if source is not None:
        rows = rows.filter(pl.col("source") == source)
    return rows.select(COLUMNS).sort("source", "group", "start", "end", "area", "basis", "age_band")
