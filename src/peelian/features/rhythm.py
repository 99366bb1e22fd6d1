"""Events in, hours of the week out: what each event says of its hour, and whether it says anything."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from peelian.domain.errors import Refused
from peelian.domain.rhythm import HourCounts, Whole

INFORMS_HOURS: Final = 6
"""An event informs the rhythm when its time is known to within so many hours; longer ones still count in
their days. Spreading a day or a month evenly would pass for a rhythm that nobody saw."""
LEAST: Final = 200
"""Reports that must inform before a rhythm is said: little more than one an hour of the week."""
_SHARE: Final = 0.5
"""Share of reports that must inform: the rest may keep other hours."""
_HOUR: Final = 3_600_000_000


def hour_counts(events: pl.DataFrame, position: Whole, zone: str) -> HourCounts:
    """Give what events say of their hours, spread evenly over the hours each may have been in.

    `events` has `start`, `end` (UTC) and `n`, of the target only and known at the cut; `position` is each
    one's position among the cells, -1 for no place (such rows are counted, and inform nothing). Aoristic
    (Ratcliffe 2002): an event between 22:30 and 00:30 is a quarter in hour 22, half in 23, a quarter in 0.
    """
    n = events["n"].to_numpy().astype(np.float64)
    start = events["start"].to_physical().to_numpy()
    end = np.maximum(events["end"].fill_null(events["start"]).to_physical().to_numpy(), start + 1)
    exact = (end - start) <= INFORMS_HOURS * _HOUR
    used = np.flatnonzero(exact & (position >= 0))
    start, end = start[used], end[used]
    first = start // _HOUR
    spans = (end - 1) // _HOUR - first + 1
    row = np.repeat(np.arange(len(used)), spans)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(spans) - spans, spans)
    low = np.maximum((first[row] + offset) * _HOUR, start[row])
    high = np.minimum((first[row] + offset + 1) * _HOUR, end[row])
    weight = n[used][row] * (high - low) / (end - start)[row]
    local = pl.Series(low).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    hour = ((local.dt.weekday().cast(pl.Int64) - 1) * 24 + local.dt.hour().cast(pl.Int64)).to_numpy()
    return HourCounts(
        position[used][row].astype(np.int64), hour.astype(np.int64), weight, start[row],
        float(n.sum()), float(n[exact].sum()), zone,
    )  # fmt: skip


def check_hours(hours: HourCounts) -> None:
    """Refuse a rhythm that the events' times do not tell: it is never filled from somewhere else's.

    Raises:
        Refused: most events have a day or a month only, or too few an hour.
    """
    if hours.events > 0 and hours.informed < _SHARE * hours.events:
        raise Refused(
            f"only {hours.informed:,.0f} of {hours.events:,.0f} events here have their time to within "
            f"{INFORMS_HOURS} hours, so in which shift they fall is not known",
            expected="a feed with the time of day of most events",
            do="use --every day where the day is known, else month",
        )
    if hours.informed < LEAST:
        raise Refused(
            f"only {hours.informed:,.0f} events here have a time of day, too few to tell hours of the week",
            expected=f"{LEAST} or more before the origin",
            do="use --every day, or ingest more history",
        )
