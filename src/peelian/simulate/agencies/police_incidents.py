"""police_incidents.csv: a command-and-control log in columns such as STORM writes."""

from __future__ import annotations

import numpy as np
import polars as pl

from peelian.simulate.agencies.rows import FeedRows, hours_after, text
from peelian.simulate.agencies.wording import picked
from peelian.simulate.world import World


def incident_rows(world: World, published: pl.DataFrame, rng: np.random.Generator) -> FeedRows:
    """Give the log: recorded anti-social behaviour, some of it logged twice, and other calls."""
    numbers = world.scenario.agencies.others
    asb = published.filter(pl.col("group") == "asb").with_columns(
        pl.col("event").cast(pl.Int64), result=pl.lit("ATTENDED")
    )
    again = asb.filter(pl.Series(rng.random(asb.height) < numbers.duplicate_calls)).with_columns(
        result=pl.lit("DUPLICATE")
    )
    calls = round(asb.height * numbers.other_calls)
    like = asb.sample(calls, with_replacement=True, seed=int(rng.integers(1 << 31)))
    # another call at another place and time: it has nothing to do with the one it is drawn from
    other = like.with_columns(
        event=pl.lit(None, pl.Int64), offence=pl.lit("Other"), **{"from": like["from"].shuffle(seed=1)}
    )
    frame = pl.concat([asb, again, other]).sort("from", "x", "y", "result", maintain_order=True)
    n = frame.height
    personal = {"Nuisance": "ASB-N", "Environmental": "ASB-E", "Personal": "ASB-P"}
    closing = pl.col("offence").replace_strict(personal, default="WELFARE")
    source = picked(("101", "999", "ONLINE", "PATROL"), (0.55, 0.3, 0.11, 0.04), n, rng)
    grade = picked(("1", "2", "3", "4"), (0.05, 0.2, 0.5, 0.25), n, rng)
    unplaced = pl.Series(rng.random(n) < 0.03)
    out = frame.select(
        pl.format("STM-{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(8)).alias("Incident No"),
        text(pl.col("from")).alias("Opened"),
        text(hours_after(pl.col("from"), 0.25 + rng.exponential(1.5, n))).alias("Closed"),
        pl.when(closing == "WELFARE").then(pl.lit("CONCERN")).otherwise(pl.lit("ASB")).alias("Opening Code"),
        closing.alias("Closing Code"), grade.alias("Grade"), source.alias("Source of Report"),
        pl.col("result").alias("Result"), pl.col("street_name").alias("Location"),
        pl.when(~unplaced).then("x").alias("Easting"), pl.when(~unplaced).then("y").alias("Northing"),
        pl.col("from").alias("_when"), pl.col("event").alias("_event"),
    )  # fmt: skip
    return FeedRows("police_incidents", out, "Incident No")
