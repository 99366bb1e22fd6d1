"""fire.csv: fires attended, deliberate ones marked."""

from __future__ import annotations

import numpy as np
import polars as pl

from peelian.simulate.agencies.rows import DAY, FeedRows, hours_after, text
from peelian.simulate.agencies.wording import picked
from peelian.simulate.published import local_time
from peelian.simulate.world import World


def fire_rows(world: World, rng: np.random.Generator) -> FeedRows:
    """Give the fires: a share of true arson, and accidental fires where people live."""
    numbers = world.scenario.agencies.others
    words = [word for part in world.scenario.components.values() for word, _ in part.offences]
    arson = [k for k, word in enumerate(words) if word == "Arson"]
    true = np.isin(world.observed.offence, arson) & ~world.silent[world.events.cell]
    events = np.flatnonzero(true)
    events = events[rng.random(len(events)) < numbers.fires_attended]
    accidents = round(len(events) * numbers.accidental_fires)
    weight = world.streets.people * ~world.silent[world.streets.cell]
    at = rng.choice(len(weight), size=accidents, p=weight / weight.sum())
    n = len(events) + accidents
    deliberate = np.arange(n) < len(events)
    hours = np.concatenate([world.events.hour[events], rng.uniform(0, world.clock.hours, accidents)])
    x = np.concatenate([world.events.x[events], world.streets.x[at]])
    y = np.concatenate([world.events.y[events], world.streets.y[at]])
    outside = picked(("Grassland", "Refuse", "Road vehicle", "Outdoor"), (0.3, 0.35, 0.25, 0.1), n, rng)
    inside = picked(("Dwelling", "Other building"), (0.7, 0.3), n, rng)
    home = pl.Series(rng.random(n) < np.where(deliberate, 0.15, 0.75))
    frame = pl.DataFrame(
        {
            "when": local_time(world, hours), "x": np.round(x + rng.uniform(-50, 50, n), 1),
            "y": np.round(y + rng.uniform(-50, 50, n), 1), "deliberate": deliberate,
            "event": np.concatenate([events, np.full(accidents, -1)]),
            "property": pl.select(pl.when(home).then(inside).otherwise(outside)).to_series(),
            "wait": rng.uniform(48, 240, n),
        }
    ).sort("when", "x", "y", maintain_order=True)  # fmt: skip
    primary = pl.col("property").is_in(["Dwelling", "Other building"])
    vehicle = pl.col("property") == "Road vehicle"
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6)
    out = frame.select(
        pl.format("F-{}", number).alias("Incident Number"),
        text(pl.col("when"), DAY).alias("Incident Date"), text(pl.col("when"), "%H:%M").alias("Time Of Call"),
        text(hours_after(pl.col("when"), frame["wait"].to_numpy()), DAY).alias("Extract Date"),
        pl.when(primary).then(pl.lit("Primary")).when(vehicle).then(pl.lit("Primary vehicle"))
        .otherwise(pl.lit("Secondary")).alias("Fire Type"),
        pl.when("deliberate").then(pl.lit("Y")).otherwise(pl.lit("N")).alias("Deliberate"),
        pl.col("property").alias("Property Type"),
        pl.col("x").alias("Easting"), pl.col("y").alias("Northing"),
        pl.col("when").alias("_when"), pl.when(pl.col("event") >= 0).then("event").alias("_event"),
    )  # fmt: skip
    return FeedRows("fire", out, "Incident Number")
