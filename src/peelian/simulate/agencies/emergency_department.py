"""emergency_department.csv: assaults treated, in the elements of Information Sharing to Tackle Violence."""

from __future__ import annotations

import numpy as np
import polars as pl

from peelian.simulate.agencies.rows import FeedRows, hours_after, local, nearest_venue, text
from peelian.simulate.agencies.wording import location_phrases, picked
from peelian.simulate.world import World


def department_rows(world: World, reports: pl.DataFrame, rng: np.random.Generator) -> FeedRows:
    """Give the attendances: the reports of feed `emergency_department`, to the hour, some without a point.

    A row's place is a point, a receptionist's words (a venue or a street), or nothing.
    """
    n = reports.height
    arrival = hours_after(local("start"), rng.uniform(0.5, 4.0, n))
    shared = pl.max_horizontal(local("received"), hours_after(arrival, np.full(n, 1.0)))
    street = reports["street"].to_numpy()
    names = pl.Series(list(world.streets.names), dtype=pl.String).gather(street)
    venue = nearest_venue(world, world.streets.x[street], world.streets.y[street])
    words = location_phrases(venue, names, rng)
    where = picked(
        ("Street", "Bar or club", "Public place", "Public transport"), (0.5, 0.3, 0.15, 0.05), n, rng
    )
    other = picked(("Body part", "Glass or bottle", "Blunt object", "Other"), (0.7, 0.1, 0.1, 0.1), n, rng)
    knife = pl.col("knife").cast(pl.String)
    pointed = pl.col("placed") == "point"
    out = reports.select(
        pl.col("report").alias("Row Ref"),
        text(arrival).alias("Arrival Date And Time"),
        text(local("start").dt.truncate("1h")).alias("Assault Date And Time"),
        pl.when(knife == "high").then(pl.lit("Knife or sharp object"))
        .when(knife == "unknown").then(pl.lit("Not known")).otherwise(other).alias("Assault Method"),
        where.alias("Assault Location Type"),
        pl.when(pl.col("placed") == "text").then(words).alias("Assault Location Description"),
        pl.when(pointed).then("easting").alias("Easting"),
        pl.when(pointed).then("northing").alias("Northing"),
        pl.lit("XED01").alias("Site Code"), text(shared).alias("Shared On"),
        local("start").alias("_when"), pl.col("event").alias("_event"),
    )  # fmt: skip
    return FeedRows("emergency_department", out, "Row Ref")
