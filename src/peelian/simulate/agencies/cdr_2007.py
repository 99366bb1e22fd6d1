"""cdr_2007.csv: depersonalised rows of one quarter, as the 2007 Regulations have authorities share them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from peelian.domain.time import step
from peelian.simulate.agencies.rows import DAY, FeedRows, last_day, local
from peelian.simulate.world import World

_CATEGORY = {
    "asb": "Anti-social behaviour incident", "burglary": "Burglary", "damage": "Criminal damage",
    "drugs": "Drug offences", "robbery": "Robbery", "theft": "Theft and handling stolen goods",
    "vehicle": "Theft and handling stolen goods", "violence": "Violence against the person",
}  # fmt: skip


def quarter_rows(world: World, published: pl.DataFrame, ambulance: pl.DataFrame) -> FeedRows:
    """Give the last whole quarter's rows of police and ambulance service, without ids.

    The same events are in those agencies' own files: a workspace that holds these has no need of this one.
    """
    after = last_day(world) + timedelta(days=1)
    end = after.replace(month=3 * ((after.month - 1) // 3) + 1)
    start = step(end, "month", -3)
    police = published.select(
        pl.lit("Police").alias("authority"),
        pl.when(pl.col("sexual") == "yes").then(pl.lit("Sexual offences"))
        .otherwise(pl.col("group").replace_strict(_CATEGORY, default="Other offences")).alias("category"),
        pl.when(pl.col("sexual") == "yes").then(pl.lit("Not said")).otherwise("offence").alias("sub"),
        pl.col("from").alias("when"),
        *(pl.when(pl.col("sexual") == "no").then(c).alias(c) for c in ("street_name", "x", "y")),
        pl.col("event").cast(pl.Int64),
    )  # fmt: skip
    street = pl.Series(list(world.streets.names), dtype=pl.String)
    calls = ambulance.select(
        pl.lit("Ambulance").alias("authority"), pl.lit("Ambulance call to assault").alias("category"),
        pl.lit("Assault").alias("sub"), local("start").alias("when"),
        street.gather(ambulance["street"]).alias("street_name"),
        pl.col("easting").alias("x"), pl.col("northing").alias("y"), "event",
    )  # fmt: skip
    frame = pl.concat([police, calls]).filter(pl.col("when").dt.date().is_between(start, end, closed="left"))
    out = frame.sort("when", "x", "y", "category", maintain_order=True).select(
        pl.col("authority").alias("Authority"), pl.col("category").alias("Category"),
        pl.col("sub").alias("Sub-category"), pl.col("when").dt.strftime(DAY).alias("Date"),
        pl.col("when").dt.strftime("%H:%M").alias("Time"), pl.col("street_name").alias("Location"),
        pl.col("x").round(1).alias("Easting"), pl.col("y").round(1).alias("Northing"),
        pl.lit((end + timedelta(days=90)).strftime(DAY)).alias("Shared On"),
        pl.col("when").alias("_when"), pl.col("event").alias("_event"),
    )  # fmt: skip
    return FeedRows("cdr_2007", out)
