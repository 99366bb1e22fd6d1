"""social_care.csv, school_exclusions.csv, known_offending.csv: counts of areas, small ones withheld."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl

from peelian.domain.grid import Floats
from peelian.domain.time import step
from peelian.simulate.agencies.rows import DAY, FeedRows, last_day, msoas
from peelian.simulate.land import Ints
from peelian.simulate.world import World

_FLOOR = 5


def quarters(world: World) -> list[date]:
    """List the first days of whole quarters of the run."""
    first, end = world.scenario.start, last_day(world) + timedelta(days=1)
    starts = [step(first.replace(day=1), "month", k) for k in range(world.scenario.months)]
    return [day for day in starts if day.month % 3 == 1 and step(day, "month", 3) <= end]


def _by_area(world: World, area: Ints, number: int) -> tuple[Floats, Floats]:
    """Give people and the load of deprivation by area (LSOAs grouped); silent districts have no people."""
    heard = world.land.people * ~world.silent
    which = area[world.lsoa]
    people = np.bincount(which, heard, number)
    load = np.bincount(which, heard * np.exp(0.5 * world.land.deprivation), number)
    return np.asarray(people, np.float64), np.asarray(load / np.maximum(people, 1e-9), np.float64)


def _shown(count: Ints) -> pl.Series:
    series = pl.Series(count)
    return pl.select(
        pl.when(series >= _FLOOR).then(series.cast(pl.String)).otherwise(pl.lit("*"))
    ).to_series()


def _period(first: date, months: int, delay: int) -> dict[str, str]:
    end = step(first, "month", months)
    return {
        "from": first.strftime(DAY), "to": (end - timedelta(days=1)).strftime(DAY),
        "shared": (end + timedelta(days=delay)).strftime(DAY),
    }  # fmt: skip


def _when(first: date) -> pl.Expr:
    return pl.lit(datetime.combine(first, time())).alias("_when")


def social_care_rows(world: World, rng: np.random.Generator) -> FeedRows:
    """Give children in need starts by MSOA and quarter, by residence; more where deprivation is higher."""
    area, codes = msoas(world)
    labels = list(dict.fromkeys(name[:-1] for name in world.lsoa_names))
    people, load = _by_area(world, area, len(codes))
    shown = np.flatnonzero(people > 0)
    rate = world.scenario.agencies.others.social_care * people[shown] / 1000 * load[shown]
    out = []
    for first in quarters(world):
        count = rng.poisson(rate).astype(np.int64)
        families = np.minimum(count, rng.binomial(count, 0.85) + 1)
        said = _period(first, 3, 20)
        out.append(
            pl.DataFrame(
                {
                    "Area Code": pl.Series(codes).gather(shown),
                    "Area Label": pl.Series(labels).gather(shown),
                    "Quarter From": said["from"], "Quarter To": said["to"],
                    "Measure": "Children in need starts", "Age Band": "0-17", "Count": _shown(count),
                    "Families": _shown(np.where(count >= _FLOOR, families, 0)), "Shared On": said["shared"],
                }
            ).with_columns(_when(first))
        )  # fmt: skip
    return FeedRows("social_care", _all(out))


def exclusion_rows(world: World, rng: np.random.Generator) -> FeedRows:
    """Give suspensions by MSOA and quarter (standing for a term), by where pupils live."""
    area, codes = msoas(world)
    people, load = _by_area(world, area, len(codes))
    shown = np.flatnonzero(people > 0)
    rate = world.scenario.agencies.others.exclusions * people[shown] / 1000 * load[shown]
    out = []
    for first in quarters(world):
        count = rng.poisson(rate).astype(np.int64)
        families = np.minimum(count, rng.binomial(count, 0.7) + 1)
        said = _period(first, 3, 30)
        out.append(
            pl.DataFrame(
                {
                    "Area Code": pl.Series(codes).gather(shown), "Term From": said["from"],
                    "Term To": said["to"], "Exclusion Type": "Suspensions", "Count": _shown(count),
                    "Families": _shown(np.where(count >= _FLOOR, families, 0)), "Shared On": said["shared"],
                }
            ).with_columns(_when(first))
        )  # fmt: skip
    return FeedRows("school_exclusions", _all(out))


def offending_rows(world: World, published: pl.DataFrame, rng: np.random.Generator) -> FeedRows:
    """Give convictions of adults by MSOA of the offence, over a rolling year, a quarter late."""
    area, codes = msoas(world)
    violent = published.filter(pl.col("group").is_in(["violence", "robbery"]) & (pl.col("sexual") == "no"))
    violent = violent.filter(pl.Series(rng.random(violent.height) < world.scenario.agencies.others.convicted))
    place = area[world.lsoa[world.events.cell[violent["event"].to_numpy()]]]
    day = violent["from"].dt.date()
    out = []
    for end in (step(quarter, "month", 3) for quarter in quarters(world)):
        first = step(end, "month", -12)
        if first < world.scenario.start:
            continue
        mine = day.is_between(first, end, closed="left").to_numpy()
        count = np.bincount(place[mine], minlength=len(codes))
        adults = np.minimum(count, rng.binomial(count, 0.75) + 1)
        home = rng.random(len(codes)) < 0.02
        share = np.where(home, 0.7, 0.02 * rng.integers(0, 6, len(codes)))
        said = _period(first, 12, 91)
        few = count < _FLOOR
        out.append(
            pl.DataFrame(
                {
                    "Area Code": pl.Series(codes), "Window From": said["from"], "Window To": said["to"],
                    "Age Band": "All adults", "Counted By": "Place of offence",
                    "Convictions": _shown(count), "Adults": _shown(np.where(few, 0, adults)),
                    "Institution Share": np.round(share, 2), "Shared On": said["shared"],
                }
            ).with_columns(_when(first))
        )  # fmt: skip
    return FeedRows("known_offending", _all(out))


def _all(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts) if parts else pl.DataFrame(schema={"_when": pl.Datetime("us")})
