"""Small worlds of reports with known truth, without the simulator."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl

FEEDS = (
    ("police_crime", "violence", 0.7), ("ambulance", "ambulance-assault", 0.5),
    ("emergency_department", "ed-assault", 0.4),
)  # fmt: skip
START = datetime(2022, 1, 3, tzinfo=UTC)


def reports_of(
    events: int, *, seed: int, days: int = 365, side: float = 20_000.0, shared: bool = True
) -> pl.DataFrame:
    """Give reports of evenly spread events by three feeds, off by 50 to 250 m and up to 2 hours.

    Without `shared`, each feed has events of its own: nothing is of one incident. Columns as agency_reports
    gives, and `received` two hours after the start.
    """
    rng = np.random.default_rng(seed)
    parts, offset = [], 0
    place, when = rng.uniform(0, side, (events, 2)), rng.uniform(0, 24 * days, events)
    for feed, group, share in FEEDS:
        if not shared:
            place, when = rng.uniform(0, side, (events, 2)), rng.uniform(0, 24 * days, events)
            offset += events
        seen = np.flatnonzero(rng.random(events) < share)
        n = len(seen)
        angle, distance = rng.uniform(0, 2 * np.pi, n), rng.uniform(50, 250, n)
        hours = when[seen] + rng.uniform(-2, 2, n)
        start = pl.Series([START] * n).dt.offset_by("0h") + pl.Series((hours * 3.6e9).astype(np.int64)).cast(
            pl.Duration("us")
        )
        parts.append(
            pl.DataFrame(
                {
                    "report": [f"{feed[:2]}{k:06d}" for k in range(n)],
                    "feed": [feed] * n,
                    "event": seen + offset,
                    "start": start,
                    "easting": place[seen, 0] + distance * np.cos(angle),
                    "northing": place[seen, 1] + distance * np.sin(angle),
                    "precision_m": [250.0] * n,
                    "group": [group] * n,
                    "knife": ["unknown"] * n,
                }
            )
        )
    out = pl.concat(parts).with_columns(pl.col("start").cast(pl.Datetime("us", "UTC")))
    return out.with_columns(
        end=pl.col("start") + pl.duration(minutes=1), received=pl.col("start") + pl.duration(hours=2)
    )
