"""A past stretch of the ledger in the order in which it became known, corrections at their own time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.area import Area
from peelian.domain.errors import Misuse
from peelian.live.entering import COLUMNS
from peelian.live.memory import Whole
from peelian.live.state import microseconds
from peelian.pipeline.areas import forces_of
from peelian.pipeline.context import Context
from peelian.store.ledger import read_versions, standing

_KEY: Final = ("source", "force", "part", "key_hi", "key_lo")


@dataclass(frozen=True, eq=False)
class Stretch:
    """What was known in (start, end], from every version that was known at its end."""

    start: datetime
    end: datetime
    versions: pl.DataFrame

    def stood(self, since: timedelta) -> pl.DataFrame:
        """Give what stood at the start, of what happened within `since` before it."""
        return standing(self.versions, self.start).filter(pl.col("start") > self.start - since)

    @cached_property
    def arrivals(self) -> pl.DataFrame:
        """Give what became known within the stretch, in that order, retractions too."""
        came = self.versions.filter((pl.col("available_at") > self.start) & (pl.col("op").is_not_null()))
        return came.sort("available_at", *_KEY, "version")

    @cached_property
    def _told(self) -> Whole:
        told: Whole = self.arrivals["available_at"].to_physical().to_numpy()
        return told

    @cached_property
    def _changed(self) -> pl.DataFrame:
        keys = self.arrivals.filter(pl.col("version") > 0).select(_KEY).unique()
        return self.versions.join(keys, on=list(_KEY), how="semi")

    def between(self, after: datetime, until: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Give (rows, undone) of what became known after one instant, up to and with another.

        A state that held what stood at `after` holds what stood at `until` once it took in both.
        """
        instants = [microseconds(after), microseconds(until)]
        first, last = np.searchsorted(self._told, instants, side="right").tolist()
        came = self.arrivals.slice(first, last - first)
        if came.is_empty() or self._changed.is_empty():
            return came, came.clear()
        told_again = came.join(self._changed.select(_KEY).unique(), on=list(_KEY), how="semi")
        plain = came.join(told_again.select(_KEY).unique(), on=list(_KEY), how="anti")
        mine = self._changed.join(told_again.select(_KEY).unique(), on=list(_KEY), how="semi")
        stood, stands = standing(mine, after), standing(mine, until)
        version = [*_KEY, "version"]
        new = stands.join(stood.select(version), on=version, how="anti")
        gone = stood.join(stands.select(version), on=version, how="anti")
        return pl.concat([plain, new]), gone


def read_stretch(
    ctx: Context, area: Area, start: datetime, end: datetime, feeds: Collection[str] = ()
) -> Stretch:
    """Read the stretch of an area's forces; `feeds` are sources, empty for all.

    Raises:
        Misuse: it ends before it starts, or a feed is not held.
    """
    if end <= start:
        raise Misuse("the stretch ends before it starts", expected="--to after --from")
    columns = list(COLUMNS)
    versions = pl.concat(
        read_versions(ctx.ws, as_of=end, crs=area.grid.crs, force=force, columns=columns, purpose=ctx.purpose)
        for force in forces_of(ctx, area)
    )
    wanted = [name.replace("-", "_") for name in feeds]
    held = sorted(versions["source"].unique().to_list())
    if unknown := sorted(set(wanted) - set(held)):
        raise Misuse(f"no rows of {', '.join(unknown)} were known then", expected=", ".join(held))
    return Stretch(start, end, versions.filter(pl.col("source").is_in(wanted)) if wanted else versions)
