"""patrols.csv: where and when patrols were, in units, never who. For audit only."""

from __future__ import annotations

import numpy as np
import polars as pl

from peelian.simulate.agencies.rows import FeedRows, hours_after, lsoa_at, text
from peelian.simulate.agencies.wording import picked
from peelian.simulate.published import local_time
from peelian.simulate.world import World


def patrol_rows(world: World, rng: np.random.Generator) -> FeedRows:
    """Give the visits: more where people gather, mostly in the evening. They change nothing that happens."""
    days = len(world.clock.days)
    n = max(1, round(world.scenario.agencies.others.patrols_a_day * world.scenario.scale)) * days
    weight = (0.2 + world.streets.covariates["centre"] * 5) * ~world.silent[world.streets.cell]
    at = rng.choice(len(weight), size=n, p=weight / weight.sum())
    hour = 24.0 * np.repeat(np.arange(days), n // days) + np.clip(rng.normal(18, 4, n), 0, 23.4)
    frame = pl.DataFrame(
        {
            "when": local_time(world, np.asarray(hour, np.float64)), "x": np.round(world.streets.x[at], 0),
            "y": np.round(world.streets.y[at], 0), "units": 1 + (rng.random(n) < 0.4),
            "mode": picked(("Foot", "Car", "Cycle", "Outreach"), (0.4, 0.45, 0.05, 0.1), n, rng),
            "long": rng.uniform(0.2, 0.55, n),
        }
    ).sort("when", "x", "y", maintain_order=True)  # fmt: skip
    end = hours_after(pl.col("when"), frame["long"].to_numpy())
    out = frame.with_columns(lsoa=lsoa_at(world, frame["x"], frame["y"])).select(
        text(pl.col("when")).alias("From"), text(end).alias("To"), pl.col("mode").alias("Mode"),
        pl.col("units").cast(pl.Int32).alias("Units"), pl.col("x").alias("Easting"),
        pl.col("y").alias("Northing"), pl.col("lsoa").alias("LSOA Code"),
        text(hours_after(end, np.full(n, 72.0))).alias("Extract Date"), pl.col("when").alias("_when"),
    )  # fmt: skip
    return FeedRows("patrols", out)
