"""Reports of harm: one row a record of police, ambulance or emergency department, with its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.event import UTC
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import Floats
from peelian.simulate.agencies.numbers import Health
from peelian.simulate.agencies.seen import Bools, seen_by
from peelian.simulate.land import Ints
from peelian.simulate.observe import KNIFE_WORDS
from peelian.simulate.published import local_time
from peelian.simulate.world import World

HARM_FEEDS: Final = ("police_crime", "ambulance", "emergency_department")
PREFIX: Final = {"police_crime": "PC", "ambulance": "AM", "emergency_department": "ED"}
PLACED: Final = ("point", "text", "none")
REPORTS_SCHEMA: Final[dict[str, pl.DataType]] = {
    "report": pl.String(),  # id of the record in its feed, unique over all feeds
    "feed": pl.Enum(list(HARM_FEEDS)),
    "event": pl.Int64(),  # index of the true event; null where there is none
    "start": UTC,
    "end": UTC,
    "easting": pl.Float64(),  # EPSG:27700; null where the feed says no place
    "northing": pl.Float64(),
    "precision_m": pl.Float32(),
    "group": pl.String(),  # violence, robbery, ambulance-assault, ed-assault
    "knife": pl.Enum([*KNIFE_WORDS, "unknown"]),
    "received": UTC,
}


def agency_reports(
    world: World,
    *,
    seed: int,
    dependent: bool = False,
    location_error: tuple[float, float] = (50, 250),
    time_error_hours: float = 2.0,
) -> pl.DataFrame:
    """Give every record of true public violence and robbery by agency, in columns of `REPORTS_SCHEMA`.

    Each report's point lies a uniform distance within `location_error` metres from the true one, in any
    direction; its time is off by a uniform error of up to `time_error_hours` either way. Rows of one feed
    are in order of time. Rows that are no true event (`event` null) are the feed's noise.
    """
    errors = dict.fromkeys(HARM_FEEDS, location_error)
    drawn = drawn_reports(
        world, seed=seed, dependent=dependent, location_error=errors, time_error_hours=time_error_hours
    )
    return drawn.select(pl.col(name).cast(kind) for name, kind in REPORTS_SCHEMA.items())


def drawn_reports(
    world: World,
    *,
    seed: int,
    dependent: bool,
    location_error: Mapping[str, tuple[float, float]],
    time_error_hours: float,
) -> pl.DataFrame:
    """Give the same rows with what only the feed's file shows: `placed`, `street`, `copy_of`.

    `location_error` is given by feed. `copy_of` is the position, within the feed, of the first row about the
    same event (its own where it is the first).
    """
    rng = np.random.default_rng(np.random.SeedSequence([world.seed, seed, 0xA6]))
    seen = seen_by(world, rng, dependent=dependent)
    numbers = world.scenario.agencies
    parts = [_police(world, seen.event[seen.police], numbers.police_duplicates, rng)]
    for feed, mask, health in (
        ("ambulance", seen.ambulance, numbers.ambulance),
        ("emergency_department", seen.emergency_department, numbers.emergency_department),
    ):
        parts.append(_health(world, feed, seen.event[mask], health, rng))
    made = [
        _with_errors(world, part, location_error[feed], time_error_hours, rng)
        for feed, part in zip(HARM_FEEDS, parts, strict=True)
    ]
    return pl.concat([_finish(part) for part in made])


def _twice(event: Ints, share: float, rng: np.random.Generator) -> Ints:
    return np.concatenate([event, event[rng.random(len(event)) < share]])


def _police(world: World, event: Ints, duplicates: float, rng: np.random.Generator) -> pl.DataFrame:
    event = _twice(event, duplicates, rng)
    names = list(world.scenario.components.values())
    groups = pl.Series([part.group for part in names], dtype=pl.String)
    lag = world.observed.received[event] - world.observed.end[event]
    return pl.DataFrame(
        {
            "feed": pl.repeat("police_crime", len(event), eager=True),
            "event": event,
            "hour": world.events.hour[event], "x": world.events.x[event], "y": world.events.y[event],
            "street": world.events.street[event],
            "group": groups.gather(world.events.k[event].astype(np.int64)),
            "knife": pl.Series(KNIFE_WORDS).gather(world.observed.knife_words[event].astype(np.int64)),
            "lag": lag,
            "placed": pl.repeat("point", len(event), eager=True),
        }
    )  # fmt: skip


def _health(world: World, feed: str, event: Ints, numbers: Health, rng: np.random.Generator) -> pl.DataFrame:
    event = _twice(event, numbers.duplicates, rng)
    only_noise = world.scenario.agencies.noise_only
    false = len(event) if only_noise else round(len(event) * numbers.noise / (1 - numbers.noise))
    event = event[:0] if only_noise else event
    x, y, hour = _anywhere(world, false, rng, even=only_noise)
    n = len(event) + false
    true = np.arange(n) < len(event)
    at = np.concatenate([event, np.zeros(false, np.int64)])
    point, text = numbers.placed
    u = rng.random(n)
    return pl.DataFrame(
        {
            "feed": pl.repeat(feed, n, eager=True),
            "event": pl.select(pl.when(pl.Series(true)).then(pl.Series(at))).to_series(),
            "hour": np.concatenate([world.events.hour[event], hour]),
            "x": np.concatenate([world.events.x[event], x]),
            "y": np.concatenate([world.events.y[event], y]),
            "street": np.concatenate([world.events.street[event], _street(world, x, y)]),
            "group": pl.repeat("ambulance-assault" if feed == "ambulance" else "ed-assault", n, eager=True),
            "knife": _weapon(world, event, true, numbers, rng),
            "lag": numbers.delay.median * np.exp(numbers.delay.spread * rng.standard_normal(n)),
            "placed": pl.Series(PLACED).gather(
                np.where(u < point, 0, np.where(u < point + text, 1, 2)).astype(np.int64)
            ),
        }
    )


def _anywhere(world: World, n: int, rng: np.random.Generator, *, even: bool) -> tuple[Floats, Floats, Floats]:
    """Give points and hours that have nothing to do with any event: where people live, or evenly."""
    weight = np.where(world.silent, 0.0, 1.0 if even else world.land.people)
    picked = rng.choice(len(weight), size=n, p=weight / weight.sum()) if n else np.empty(0, np.int64)
    x, y = GRID.corner(world.land.cells[picked])
    return (
        x + np.floor(rng.uniform(0, 250, n)) + 0.5,
        y + np.floor(rng.uniform(0, 250, n)) + 0.5,
        rng.uniform(0, world.clock.hours, n),
    )


def _street(world: World, x: Floats, y: Floats) -> Ints:
    from scipy.spatial import cKDTree

    if not len(x):
        return np.empty(0, np.int64)
    tree = cKDTree(np.column_stack([world.streets.x, world.streets.y]))
    return np.asarray(tree.query(np.column_stack([x, y]))[1], np.int64)


def _weapon(world: World, event: Ints, true: Bools, numbers: Health, rng: np.random.Generator) -> pl.Series:
    """Give what a clinician's weapon field says: a knife where there was one, where anything is said."""
    knife = np.zeros(len(true), bool)
    knife[: len(event)] = world.observed.knife[event]
    stated = rng.random(len(true)) < numbers.weapon_stated
    return pl.Series(["none", "high", "unknown"]).gather(np.where(stated, knife.astype(np.int64), 2))


def _with_errors(
    world: World, part: pl.DataFrame, error: tuple[float, float], hours: float, rng: np.random.Generator
) -> pl.DataFrame:
    n = part.height
    angle, distance = rng.uniform(0, 2 * np.pi, n), rng.uniform(*error, n)
    hour = part["hour"].to_numpy()
    late = np.clip(hour + rng.uniform(-hours, hours, n), 1 / 30, world.clock.hours - 1 / 60) - hour
    start = (_utc(world, hour) + _minutes(late * 60)).dt.truncate("1m")
    lost = pl.col("placed") == "none"
    return part.with_columns(
        start=start,
        received=start + _minutes(np.maximum(part["lag"].to_numpy(), 0.25) * 60),
        easting=pl.when(~lost).then(pl.Series(np.round(part["x"].to_numpy() + distance * np.cos(angle), 1))),
        northing=pl.when(~lost).then(pl.Series(np.round(part["y"].to_numpy() + distance * np.sin(angle), 1))),
        precision_m=pl.when(~lost).then(pl.lit(error[1])),
    ).with_columns(end=pl.col("start") + pl.duration(minutes=1))  # fmt: skip


def _utc(world: World, hour: Floats) -> pl.Series:
    local = local_time(world, hour + 1e-9)
    zoned = local.dt.replace_time_zone("Europe/London", ambiguous="earliest", non_existent="null")
    return zoned.dt.convert_time_zone("UTC").cast(UTC)


def _minutes(minutes: Floats) -> pl.Series:
    return pl.Series(np.rint(minutes).astype(np.int64) * 60_000).cast(pl.Duration("ms"))


def _finish(part: pl.DataFrame) -> pl.DataFrame:
    """Order by time, number the records, and say which rows speak of one event again."""
    part = part.sort("start", "x", "y", "received", maintain_order=True).with_row_index("position")
    first = pl.col("position").min().over("event")
    number = (pl.col("position") + 1).cast(pl.String).str.zfill(8)
    prefix = pl.col("feed").replace_strict(PREFIX, return_dtype=pl.String)
    return part.with_columns(
        report=prefix + "-" + number,
        copy_of=pl.when(pl.col("event").is_null()).then("position").otherwise(first),
    ).drop("position", "x", "y", "lag", "hour")
