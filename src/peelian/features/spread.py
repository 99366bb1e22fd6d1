"""From events to counts: each event's reports shared over the periods its interval spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from peelian.domain.grid import Floats
from peelian.domain.time import london_midnight

Indices = npt.NDArray[np.int64]


def microseconds(moment: datetime) -> int:
    """Give microseconds since 1970 in UTC, the ledger's own unit."""
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def edges_of(
    starts: Sequence[date], origin: date, opens: Callable[[date], datetime] = london_midnight
) -> Indices:
    """Give the P + 1 instants that bound the periods, in UTC microseconds.

    `opens` says when a day begins: at London's midnight, or with a force's policing day.
    """
    return np.array([microseconds(opens(day)) for day in (*starts, origin)], np.int64)


def shares(start: Indices, end: Indices, edges: Indices) -> tuple[Indices, Indices, Floats]:
    """Share each event among the periods: rows of (event, period, share of the event).

    An instant (end <= start) falls in one period. An interval is spread evenly over its length (aoristic
    counting: Ratcliffe 2002), and the part before the first or after the last edge is dropped, so that
    what may have happened after the origin is never counted before it.
    """
    first = np.searchsorted(edges, start, side="right") - 1
    last = np.maximum(np.searchsorted(edges, end, side="left") - 1, first)
    last = np.where(end <= start, first, last)
    length = last - first + 1
    event = np.repeat(np.arange(len(start)), length)
    offset = np.arange(len(event)) - np.repeat(np.cumsum(length) - length, length)
    period = first[event] + offset
    inside = (period >= 0) & (period < len(edges) - 1)
    event, period = event[inside], period[inside]
    low = np.maximum(edges[period], start[event])
    high = np.minimum(edges[period + 1], end[event])
    duration = np.maximum(end[event] - start[event], 1)
    share = np.where(end[event] <= start[event], 1.0, (high - low) / duration)
    return event, period, share


def count(
    events: pl.DataFrame, edges: Indices, position: Indices, cells: int
) -> tuple[npt.NDArray[np.float32], Floats]:
    """Count events as (P, C) on cells and (P,) elsewhere.

    `position` is each event's index among the cells, or -1 where it has no place or is off the mask. Each
    row weighs its `n` reports.
    """
    periods = len(edges) - 1
    start = events["start"].to_physical().to_numpy()
    end = events["end"].fill_null(events["start"]).to_physical().to_numpy()
    event, period, share = shares(start, end, edges)
    weight = share * events["n"].to_numpy()[event]
    at = position[event]
    placed = at >= 0
    flat = np.bincount(period[placed] * cells + at[placed], weight[placed], periods * cells)
    other = np.bincount(period[~placed], weight[~placed], periods)
    return flat.reshape(periods, cells).astype(np.float32), other.astype(np.float64)
