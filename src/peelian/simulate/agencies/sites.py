"""sites.csv and gazetteer.csv: the places of the fictional area that make a setting, and its place names."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
import polars as pl

from peelian.simulate.agencies.rows import DAY, FeedRows, lsoa_at
from peelian.simulate.world import World

_KINDS = {"pub": "Pub", "station": "Railway station", "school": "School"}


def site_rows(world: World, rng: np.random.Generator) -> FeedRows:
    """Give licensed premises, stops, schools and some lamp columns, with the day each opened."""
    parts = []
    for kind, word in _KINDS.items():
        at = world.facilities.at[kind]
        parts.append((word, world.facilities.names[kind], at[:, 0], at[:, 1]))
    stops = rng.choice(len(world.streets.x), size=max(1, len(world.streets.x) // 40), replace=False)
    lamps = rng.choice(len(world.streets.x), size=max(1, len(world.streets.x) // 20), replace=False)
    for word, picks in (("Bus stop", np.sort(stops)), ("Street light", np.sort(lamps))):
        names = [f"{word} {k + 1}" for k in range(len(picks))]
        parts.append((word, names, world.streets.x[picks], world.streets.y[picks]))
    frame = pl.concat(
        pl.DataFrame({"Premises": names, "Kind": [word] * len(x), "x": np.round(x, 1), "y": np.round(y, 1)})
        for word, names, x, y in parts
    )
    n = frame.height
    opened = world.scenario.start - timedelta(days=30)
    shared = (world.scenario.start - timedelta(days=1)).strftime(DAY)
    days = pl.Series(rng.integers(0, 5000, n)).cast(pl.Int64) * 86_400_000
    opened_on = pl.lit(datetime.combine(opened, time())) - pl.lit(days.cast(pl.Duration("ms")))
    venue = pl.col("Kind") == "Pub"
    seats = pl.when(venue).then(pl.lit(pl.Series(rng.integers(60, 400, n)))).when(
        pl.col("Kind") == "School"
    ).then(pl.lit(pl.Series(rng.integers(200, 1400, n))))  # fmt: skip
    out = frame.select(
        pl.format("S-{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6)).alias("Site Ref"),
        "Premises", "Kind", seats.alias("Capacity"), opened_on.dt.strftime(DAY).alias("Open From"),
        pl.lit(None, pl.String).alias("Open To"), pl.col("x").alias("Easting"),
        pl.col("y").alias("Northing"), pl.lit(shared).alias("Extract Date"), opened_on.alias("_when"),
    )  # fmt: skip
    return FeedRows("sites", out, "Site Ref")


def gazetteer_frame(world: World) -> pl.DataFrame:
    """Give premises and streets by name: `name, kind, street, town, easting, northing, lsoa`."""
    streets = pl.DataFrame(
        {
            "name": list(world.streets.names), "kind": ["street"] * len(world.streets.x),
            "x": world.streets.x, "y": world.streets.y,
        },
        schema_overrides={"name": pl.String, "kind": pl.String},
    )  # fmt: skip
    parts = [streets]
    for kind in ("pub", "station", "school", "park", "stadium"):
        at = world.facilities.at[kind]
        parts.append(
            pl.DataFrame(
                {
                    "name": world.facilities.names[kind], "kind": ["premises"] * len(at),
                    "x": at[:, 0], "y": at[:, 1],
                },
                schema_overrides={"name": pl.String, "kind": pl.String},
            )
        )  # fmt: skip
    frame = pl.concat(parts)
    cell = world.land.index_of(frame["x"].to_numpy(), frame["y"].to_numpy())
    towns = pl.Series([town.name for town in world.scenario.geography.towns], dtype=pl.String)
    town = np.where(cell >= 0, world.land.town[np.maximum(cell, 0)], -1)
    named = pl.select(pl.when(pl.Series(town >= 0)).then(towns.gather(np.maximum(town, 0)))).to_series()
    return frame.select(
        "name", "kind", named.alias("town"), pl.col("x").round(1).alias("easting"),
        pl.col("y").round(1).alias("northing"), lsoa_at(world, frame["x"], frame["y"]).alias("lsoa"),
    )  # fmt: skip
