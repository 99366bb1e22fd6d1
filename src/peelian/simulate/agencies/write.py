"""Writing every agency's file, and the truth about which record speaks of which event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.errors import Misuse
from peelian.simulate.agencies.ambulance import ambulance_rows
from peelian.simulate.agencies.area_counts import exclusion_rows, offending_rows, social_care_rows
from peelian.simulate.agencies.cdr_2007 import quarter_rows
from peelian.simulate.agencies.council_asb import council_rows
from peelian.simulate.agencies.emergency_department import department_rows
from peelian.simulate.agencies.fire import fire_rows
from peelian.simulate.agencies.patrols import patrol_rows
from peelian.simulate.agencies.police_crime import crime_rows
from peelian.simulate.agencies.police_incidents import incident_rows
from peelian.simulate.agencies.reports import drawn_reports
from peelian.simulate.agencies.rows import HIDDEN, FeedRows
from peelian.simulate.agencies.seen import harm_events
from peelian.simulate.agencies.sites import gazetteer_frame, site_rows
from peelian.simulate.published import local_time
from peelian.simulate.world import World

FEEDS: Final = (
    "police_crime", "police_incidents", "council_asb", "ambulance", "emergency_department", "fire",
    "cdr_2007", "social_care", "school_exclusions", "known_offending", "patrols", "sites",
)  # fmt: skip
Hole = tuple[date, date]


@dataclass(frozen=True)
class AgencyFiles:
    """Where the agencies' files are: by feed, one file each, or one on either side of a hole."""

    folder: Path
    feeds: dict[str, tuple[Path, ...]]
    gazetteer: Path
    truth: Path
    harm: Path

    def paths(self) -> dict[str, Path]:
        """Give each thing that was written, by name."""
        named = {feed: paths[0] for feed, paths in self.feeds.items() if paths}
        return named | {"gazetteer": self.gazetteer, "truth_reports": self.truth, "truth_harm": self.harm}


def write_agencies(
    world: World,
    published: pl.DataFrame,
    out: Path,
    *,
    feeds: Sequence[str] = FEEDS,
    hole: Mapping[str, Hole] | None = None,
    reports_seed: int = 1,
) -> AgencyFiles:
    """Write one CSV a feed to `out/agencies`, `gazetteer.csv`, and the truth.

    `truth_reports.parquet` says which record of which feed is which true event, `truth_harm.parquet` what
    happened of violence and robbery in public, reported or not.

    `hole` gives, by feed, the first and last day left out: that feed then comes as two files, each complete
    for its own days, so that the months between were never published. Same world, same bytes.

    Raises:
        Misuse: an unknown feed, or a hole that is not two days in order.
    """
    holes = dict(hole or {})
    _check(feeds, holes)
    folder = out / "agencies"
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, tuple[Path, ...]] = {}
    truth = []
    for rows in agency_rows(world, published, feeds, reports_seed):
        paths[rows.feed] = _write(rows, folder, holes.get(rows.feed))
        if rows.record is not None and "_event" in rows.frame.columns:
            said = rows.frame.select(
                pl.lit(rows.feed).alias("feed"), pl.col(rows.record).alias("record"),
                pl.col("_event").cast(pl.Int64).alias("event"),
            )  # fmt: skip
            truth.append(_outside(rows.frame, said, holes.get(rows.feed)))
    known = folder / "truth_reports.parquet"
    empty = pl.DataFrame(schema={"feed": pl.String, "record": pl.String, "event": pl.Int64})
    pl.concat([empty, *truth]).write_parquet(known)
    gazetteer, harm = folder / "gazetteer.csv", folder / "truth_harm.parquet"
    gazetteer_frame(world).write_csv(gazetteer)
    harm_frame(world).write_parquet(harm)
    return AgencyFiles(folder, paths, gazetteer, known, harm)


def harm_frame(world: World) -> pl.DataFrame:
    """Give every true event of public harm where a feed publishes, reported or not: event, start, point."""
    event = harm_events(world)
    local = local_time(world, world.events.hour[event])
    return pl.DataFrame(
        {
            "event": event,
            "start": local.dt.replace_time_zone(
                "Europe/London", ambiguous="earliest", non_existent="null"
            ).dt.convert_time_zone("UTC"),
            "easting": world.events.x[event],
            "northing": world.events.y[event],
        }
    )


def agency_rows(
    world: World, published: pl.DataFrame, feeds: Sequence[str], reports_seed: int
) -> list[FeedRows]:
    """Give the rows of the feeds asked for. Each has its own chance: leaving one out changes no other."""
    numbers = world.scenario.agencies
    error = {
        "police_crime": numbers.police_error,
        "ambulance": numbers.location_error,
        "emergency_department": numbers.location_error,
    }
    drawn = drawn_reports(
        world, seed=reports_seed, dependent=numbers.dependent, location_error=error,
        time_error_hours=numbers.time_error_hours,
    )  # fmt: skip
    of = {str(feed): drawn.filter(pl.col("feed") == feed) for feed in error}
    chance = {
        feed: np.random.default_rng(np.random.SeedSequence([world.seed, reports_seed, 0xF0, k]))
        for k, feed in enumerate(FEEDS)
    }
    makers: dict[str, Callable[[np.random.Generator], FeedRows]] = {
        "police_crime": lambda rng: crime_rows(world, of["police_crime"], published, rng),
        "police_incidents": lambda rng: incident_rows(world, published, rng),
        "council_asb": lambda rng: council_rows(world, rng),
        "ambulance": lambda rng: ambulance_rows(of["ambulance"], rng),
        "emergency_department": lambda rng: department_rows(world, of["emergency_department"], rng),
        "fire": lambda rng: fire_rows(world, rng),
        "cdr_2007": lambda _: quarter_rows(world, published, of["ambulance"]),
        "social_care": lambda rng: social_care_rows(world, rng),
        "school_exclusions": lambda rng: exclusion_rows(world, rng),
        "known_offending": lambda rng: offending_rows(world, published, rng),
        "patrols": lambda rng: patrol_rows(world, rng),
        "sites": lambda rng: site_rows(world, rng),
    }
    return [makers[feed](chance[feed]) for feed in FEEDS if feed in feeds]


def _check(feeds: Sequence[str], holes: Mapping[str, Hole]) -> None:
    unknown = (set(feeds) | set(holes)) - set(FEEDS)
    if unknown:
        raise Misuse(f"unknown feed {', '.join(sorted(unknown))}", expected=", ".join(FEEDS))
    for feed, (first, last) in holes.items():
        if first > last:
            raise Misuse(f"the hole of {feed} is not a first and a last day", expected="two days in order")


def _outside(frame: pl.DataFrame, rows: pl.DataFrame, hole: Hole | None) -> pl.DataFrame:
    if hole is None:
        return rows
    return rows.filter(~frame["_when"].dt.date().is_between(*hole))


def _write(rows: FeedRows, folder: Path, hole: Hole | None) -> tuple[Path, ...]:
    day = pl.col("_when").dt.date()
    parts = {f"{rows.feed}.csv": pl.lit(True)}
    if hole is not None:
        parts = {f"{rows.feed}-before.csv": day < hole[0], f"{rows.feed}-after.csv": day > hole[1]}
    paths = []
    for name, kept in parts.items():
        frame = rows.frame.filter(kept).drop(HIDDEN, strict=False)
        if frame.columns and (hole is None or frame.height):
            frame.write_csv(folder / name)
            paths.append(folder / name)
    return tuple(paths)
