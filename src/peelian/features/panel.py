"""Events and coverage in, panel out: counts by type, period and cell as they were known at a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

import numpy as np
import polars as pl

from peelian.domain.errors import Misuse, Refused
from peelian.domain.grid import Cells, Grid
from peelian.domain.panel import Panel
from peelian.domain.target import Target
from peelian.domain.time import Every, check_origin, london_midnight, period_starts, periods_between
from peelian.features.observed import observed_periods
from peelian.features.spread import count, edges_of
from peelian.features.standing import counts_as, left_out, marks_known, standing_at

_DAYS = {"month": 31, "week": 7, "day": 1}


def build_panel(
    events: pl.DataFrame,
    coverage: pl.DataFrame,
    *,
    grid: Grid,
    cells: Cells,
    target: Target,
    types: Sequence[str],
    every: Every,
    start: date,
    origin: date,
    as_of: datetime,
    lag: int = 0,
    opens: Callable[[date], datetime] = london_midnight,
) -> Panel:
    """Count what was known at `as_of`, by type, period from `start` to `origin`, and cell of the mask.

    `events` has the ledger's columns (one or more versions a key); `cells` are sorted ids of `grid`;
    `types` are the offence groups that may inform the forecast, of which those present are kept, and none
    that is all of the target. The last `lag` periods are withheld: missing, with zeros stored. A period
    that was never published is missing too. Nothing that began at or after `origin`, and nothing that
    became available after `as_of`, is read. `opens` says when a period's first day begins.

    Raises:
        Misuse: when start or origin is not a period's first day, or leaves no period between them.
        Refused: when the events' times are too coarse for the period (months cannot be made weeks).
    """
    check_origin(origin, every)
    check_origin(start, every)
    periods = periods_between(start, origin, every)
    if periods < 1:
        raise Misuse(f"no {every} lies between {start} and the origin {origin}", do="choose a later --origin")
    starts = tuple(period_starts(start, periods, every))
    edges = edges_of(starts, origin, opens)
    rows = standing_at(events, as_of, opens(origin))
    _check_times(rows.filter(counts_as(target)), every)
    position = positions(rows, grid, cells)
    kinds = _kinds(rows, target, types)
    counts = np.zeros((len(kinds), periods, len(cells)), np.float32)
    elsewhere = np.zeros((len(kinds), periods))
    seen = np.zeros((len(kinds), periods), bool)
    for k, (_name, groups, rule) in enumerate(kinds):
        chosen = rows.select(rule.alias("chosen"))["chosen"].fill_null(False).to_numpy()
        counts[k], elsewhere[k] = count(rows.filter(pl.Series(chosen)), edges, position[chosen], len(cells))
        seen[k] = observed_periods(coverage, groups, starts, origin, as_of, opens)
    if lag > 0:
        seen[:, max(periods - lag, 0) :] = False
    counts[~seen] = 0.0
    elsewhere[~seen] = 0.0
    names = tuple(name for name, _, _ in kinds)
    observed = np.broadcast_to(seen[:, :, None], counts.shape)
    known = marks_known(rows, target)
    some = bool(rows.select((pl.col("group").is_in(list(target.groups)) & left_out(target)).any()).item())
    return Panel(
        grid, every, origin, as_of, target.name, names, starts, cells, counts, observed, elsewhere, known,
        some,
    )  # fmt: skip


def _kinds(
    rows: pl.DataFrame, target: Target, types: Sequence[str]
) -> list[tuple[str, tuple[str, ...], pl.Expr]]:
    """List the panel's types with their groups and rules: the target first, then each other group present.

    A group that is all of the target is left out; a public-place target's features leave out homes too.
    """
    present = set(rows["group"].unique().drop_nulls().to_list())
    kinds = [(target.name, target.groups, counts_as(target))]
    whole = target.groups if len(target.groups) == 1 and not target.knife else ()
    others = [name for name in types if name in present and name not in whole]
    return kinds + [(name, (name,), (pl.col("group") == name) & ~left_out(target)) for name in others]


def positions(rows: pl.DataFrame, grid: Grid, cells: Cells) -> Cells:
    """Give each row's index among `cells`, -1 for no place or off the mask."""
    nothing = float("nan")
    ids = grid.cell_of(
        rows["easting"].fill_null(nothing).to_numpy(), rows["northing"].fill_null(nothing).to_numpy()
    )
    if len(cells) == 0:
        return np.full(len(ids), -1, np.int64)
    at = np.minimum(np.searchsorted(cells, ids), len(cells) - 1)
    out: Cells = np.where((ids >= 0) & (cells[at] == ids), at, -1).astype(np.int64)
    return out


def _check_times(rows: pl.DataFrame, every: Every) -> None:
    """Refuse periods shorter than the times published: spreading a month evenly would invent weeks."""
    if every == "month" or len(rows) == 0:
        return
    days = (rows["end"] - rows["start"]).dt.total_hours().fill_null(0).to_numpy() / 24
    if np.mean(days > 2 * _DAYS[every]) > 0.5:
        raise Refused(
            f"most events here say only a time span of about {np.median(days):.0f} days, so their {every} "
            "is not known",
            expected="events with a day or an hour",
            do="use --every month",
        )
