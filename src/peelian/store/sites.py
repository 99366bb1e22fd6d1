"""Read sites: places that make a setting, as they stood at an instant. They have no names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import polars as pl

from peelian.domain.records import SITE_SCHEMA
from peelian.store.ledger import read_versions, standing
from peelian.store.workspace import Workspace

COLUMNS: Final = (*(name for name in SITE_SCHEMA if name != "content"), "source", "force")
_END: Final = datetime(9999, 1, 1, tzinfo=UTC)


def read_sites(
    ws: Workspace,
    *,
    as_of: datetime | None = None,
    crs: str | None = None,
    force: str | None = None,
    snapshot: int | None = None,
    purpose: str | None = None,
) -> pl.DataFrame:
    """Give the sites known at `as_of` (default: all known now), whether or not they still stand then.

    Columns: `COLUMNS`. Coordinates are in metres or the unit of `crs`; `start` and `end` say from when to
    when a site stands (an `end` in 2200: it still does). `group` is the kind. Ordered by kind and start.

    Raises:
        Refused: when `snapshot` is so old that its files were compacted and collected.
    """
    versions = read_versions(
        ws, as_of=as_of, crs=crs, force=force, snapshot=snapshot, records="sites", purpose=purpose
    )
    rows = standing(versions, as_of or _END).select(COLUMNS)
    return rows.sort("group", "start", "easting", "northing", "key_hi", "key_lo")


def standing_at(sites: pl.DataFrame, instant: datetime) -> pl.DataFrame:
    """Keep the sites that stand at an instant."""
    return sites.filter((pl.col("start") <= instant) & (pl.col("end") > instant))
