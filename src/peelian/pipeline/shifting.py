"""Shifts and rhythm of a forecast: the policing day shared among the force's shifts, by kind of place."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from peelian.domain.errors import Refused
from peelian.domain.forecast import Forecast, LevelForecast, summed
from peelian.domain.negative_binomial import Floats
from peelian.domain.panel import Panel
from peelian.domain.rhythm import HOURS, Rhythm
from peelian.domain.shifts import Shifts
from peelian.models.rhythms.naming import busiest


def by_shift(made: Forecast, rhythm: Rhythm, shifts: Shifts, horizon: int) -> Forecast:
    """Share forecasts of policing days among their shifts; the first `horizon` of them are given.

    `made` has one window a day from its origin on. Means, contributions and levels of a day's shifts add up
    to the day's. Dispersions stay: thinning a negative binomial keeps its dispersion, since what is unsure
    is the place's rate.
    """
    windows: list[tuple[datetime, datetime]] = []
    weights: list[Floats] = []
    for day in made.starts:
        of_day = shifts.windows(day)
        windows += of_day
        weights += list(rhythm.shares(of_day))
    share = np.stack(weights)[:horizon]
    of = np.arange(horizon) // len(shifts.names)
    mean = made.mean[of] * share
    return replace(
        made,
        every="shift",
        starts=tuple(start for start, _ in windows[:horizon]),
        ends=tuple(end for _, end in windows[:horizon]),
        mean=mean,
        dispersion=made.dispersion[of],
        contributions={name: values[of] * share for name, values in made.contributions.items()},
        levels=tuple(_level(one, made.mean[of], mean, of) for one in made.levels),
    )


def _level(one: LevelForecast, day: Floats, shift: Floats, of: np.ndarray[Any, Any]) -> LevelForecast:
    """Share a larger place's day as its cells' days are shared."""
    whole = summed(day, one.parents)
    part = np.divide(summed(shift, one.parents), whole, out=np.zeros_like(whole), where=whole > 0)
    return replace(one, mean=one.mean[of] * part, dispersion=one.dispersion[of])


def days_ahead(horizon: int, shifts: Shifts) -> int:
    """Count the policing days that hold so many shifts."""
    return -(-horizon // len(shifts.names))


def clock_card(rhythm: Rhythm | Refused, shifts: Shifts | None) -> dict[str, Any]:
    """Say rhythm and shifts on the run card; where hours are not known, why the rhythm is off."""
    said: dict[str, Any] = {"off": rhythm.what} if isinstance(rhythm, Refused) else {
        "kinds": list(rhythm.names), "zone": rhythm.zone, "events": round(rhythm.events),
        "informed": round(rhythm.informed), "gain": round(rhythm.gain, 4),
    }  # fmt: skip
    return {"rhythm": said} | ({"shifts": shifts.to_json()} if shifts else {})


def write_rhythm(rhythm: Rhythm | Refused, panel: Panel, folder: Path) -> None:
    """Write `rhythm.parquet` (kind, name, hour, share) and `rhythm_cells.parquet` (cell, kind, belongs).

    `hour` is of the week, 0 Monday 00:00 on the rhythm's clock; `share` adds up to 1 by kind. Kind -1 is the
    whole area, and a cell whose kind is not likelier than not has it. Nothing is written where the hours of
    events are not known.
    """
    if isinstance(rhythm, Refused):
        return
    numbers = np.arange(-1, rhythm.kinds)
    names = ["the whole area: " + busiest(rhythm.area[None, :])[0], *rhythm.names]
    pl.DataFrame(
        {
            "kind": np.repeat(numbers, HOURS).astype(np.int16),
            "name": np.repeat(np.array(names), HOURS),
            "hour": np.tile(np.arange(HOURS, dtype=np.int16), len(numbers)),
            "share": np.concatenate([rhythm.area, rhythm.profiles.ravel()]),
        }
    ).write_parquet(folder / "rhythm.parquet")
    pl.DataFrame(
        {
            "cell": panel.cells,
            "kind": rhythm.of_cell.astype(np.int16),
            "belongs": rhythm.belongs.max(axis=1).astype(np.float32),
        }
    ).write_parquet(folder / "rhythm_cells.parquet")
