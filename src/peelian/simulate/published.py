"""The published records of a world, as a frame that every layout is written from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np
import polars as pl
from convertbng import cutil

from peelian.domain.grid import Floats
from peelian.simulate.observe import KNIFE_WORDS, SETTINGS
from peelian.simulate.world import World

PUBLIC_TYPES: Final[dict[str, str]] = {
    "violence": "Violence and sexual offences", "robbery": "Robbery", "asb": "Anti-social behaviour",
    "burglary": "Burglary", "vehicle": "Vehicle crime", "damage": "Criminal damage and arson",
    "public-order": "Public order", "drugs": "Drugs", "weapons-possession": "Possession of weapons",
    "other": "Other crime",
}  # fmt: skip
"""Crime type of data.police.uk by group; the four kinds of theft keep their offence words."""


def lonlat(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Give WGS84 degrees of EPSG:27700 points by OSTN15, which covers the simulated sea (tested)."""
    lon, lat = cutil.convert_osgb36_to_ll(
        np.ascontiguousarray(x, np.float64), np.ascontiguousarray(y, np.float64)
    )
    return np.asarray(lon), np.asarray(lat)


def first_instant(world: World) -> datetime:
    """Give the run's first midnight, naive local time."""
    first = world.clock.first
    return datetime(first.year, first.month, first.day)


def local_time(world: World, hours: Floats) -> pl.Series:
    """Give local wall times to the minute; hours that London clocks skip in March move on by one."""
    minutes = np.floor(hours * 60).astype(np.int64)
    series = pl.Series(minutes * 60_000).cast(pl.Duration("ms")) + first_instant(world)
    skipped = (
        (series.dt.month() == 3)
        & (series.dt.weekday() == 7)
        & (series.dt.day() >= 25)
        & (series.dt.hour() == 1)
    )
    return pl.select(pl.when(skipped).then(series + timedelta(hours=1)).otherwise(series)).to_series()


def published_frame(world: World) -> pl.DataFrame:
    """Give one row a published record, in order of time: codes as text, times local, points in metres."""
    keep = np.flatnonzero(world.published)
    events, seen, streets = world.events, world.observed, world.streets
    parts = list(world.scenario.components.values())
    k, street, cell = events.k[keep].astype(np.int64), events.street[keep], events.cell[keep]
    words = np.array([word for part in parts for word, _ in part.offences], object)
    public = np.array(
        [
            word if part.group == "theft" else PUBLIC_TYPES[part.group]
            for part in parts
            for word, _ in part.offences
        ],
        object,
    )
    offence = seen.offence[keep]
    lsoa = world.lsoa[cell]
    street_lsoa = world.lsoa[streets.cell[street]]
    yes_no = np.array(["no", "yes"], object)
    return pl.DataFrame(
        {
            "event": keep,
            "month": world.clock.month[events.hour[keep].astype(np.int64)],
            "from": local_time(world, seen.start[keep]),
            "to": local_time(world, seen.end[keep]),
            "received": local_time(world, seen.received[keep]),
            "group": _pick([part.group for part in parts], k),
            "offence": _pick(list(words), offence),
            "public_type": _pick(list(public), offence),
            "x": events.x[keep], "y": events.y[keep],
            "street": street,
            "street_name": _pick(list(streets.names), street),
            "lsoa": _pick(list(world.lsoa_codes), lsoa),
            "street_lsoa": street_lsoa,
            "setting": _pick(list(SETTINGS), seen.setting[keep]),
            "domestic": _pick(list(yes_no), np.array([part.domestic for part in parts], np.int64)[k]),
            "sexual": _pick(list(yes_no), np.array([part.sexual for part in parts], np.int64)[k]),
            "knife": _pick(list(KNIFE_WORDS), seen.knife_words[keep]),
            "discovered_by": _pick(["public", "officer"], seen.officer[keep].astype(np.int64)),
            "no_location": seen.no_location[keep],
        }
    )  # fmt: skip


def _pick(values: list[str], index: np.ndarray) -> pl.Series:
    return pl.Series(values, dtype=pl.String).gather(np.asarray(index, np.int64))
