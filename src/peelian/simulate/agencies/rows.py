"""Small things that every feed's writer needs: local times as text, codes of areas, streets by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from peelian.domain.grid import Floats
from peelian.domain.time import step
from peelian.simulate.land import Ints
from peelian.simulate.world import World

MINUTE: Final = "%d/%m/%Y %H:%M"
DAY: Final = "%d/%m/%Y"
WHEN: Final = "_when"
EVENT: Final = "_event"
HIDDEN: Final = (WHEN, EVENT)
"""Columns a writer needs and no file shows: the local time that decides a hole, and the true event."""
_VENUE_REACH = 150.0


@dataclass(frozen=True, eq=False)
class FeedRows:
    """One feed: its file's columns, with the hidden ones; `record` names the id column where it has one."""

    feed: str
    frame: pl.DataFrame
    record: str | None = None


def text(column: pl.Expr, form: str = MINUTE) -> pl.Expr:
    """Write local times as text."""
    return column.dt.strftime(form)


def local(column: str) -> pl.Expr:
    """Give London wall time, naive, of an instant in UTC."""
    return pl.col(column).dt.convert_time_zone("Europe/London").dt.replace_time_zone(None)


def lsoa_at(world: World, x: pl.Series, y: pl.Series, fall_back: Ints | None = None) -> pl.Series:
    """Give the LSOA code of points; null off the land, unless a land cell to fall back on is given."""
    at = world.land.index_of(x.fill_null(0.0).to_numpy(), y.fill_null(0.0).to_numpy())
    if fall_back is not None:
        at = np.where(at < 0, fall_back, at)
    code = pl.Series(world.lsoa_codes).gather(world.lsoa[np.maximum(at, 0)])
    return pl.select(pl.when(pl.Series(at >= 0)).then(code)).to_series()


def msoas(world: World) -> tuple[Ints, tuple[str, ...]]:
    """Give each LSOA's MSOA as an index, and the codes: neighbours whose names differ by their letter."""
    stems = [name[:-1] for name in world.lsoa_names]
    order = {stem: k for k, stem in enumerate(dict.fromkeys(stems))}
    codes = tuple(f"X020{k + 1:05d}" for k in range(len(order)))
    return np.array([order[stem] for stem in stems], np.int64), codes


def nearest_venue(world: World, x: Floats, y: Floats) -> pl.Series:
    """Name the pub within 150 m of each point, null where there is none."""
    pubs = world.facilities.at["pub"]
    if not len(x):
        return pl.Series([], dtype=pl.String)
    found = cKDTree(pubs).query(np.column_stack([x, y]))
    distance, which = np.asarray(found[0], np.float64), np.asarray(found[1], np.int64)
    names = pl.Series(world.facilities.names["pub"], dtype=pl.String).gather(which)
    return pl.select(pl.when(pl.Series(distance <= _VENUE_REACH)).then(names)).to_series()


def last_day(world: World) -> date:
    """Give the run's last day."""
    return step(world.scenario.start, "month", world.scenario.months) - timedelta(days=1)


def hours_after(column: pl.Expr, hours: Floats) -> pl.Expr:
    """Add hours, to the minute, to a column of times."""
    minutes = pl.Series(np.rint(hours * 60).astype(np.int64) * 60_000).cast(pl.Duration("ms"))
    return column + pl.lit(minutes)
