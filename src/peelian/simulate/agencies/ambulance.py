"""ambulance.csv: call-outs to assaults, one row a call, nothing of a patient."""

from __future__ import annotations

import numpy as np
import polars as pl

from peelian.simulate.agencies.rows import FeedRows, local, text
from peelian.simulate.agencies.wording import picked


def ambulance_rows(reports: pl.DataFrame, rng: np.random.Generator) -> FeedRows:
    """Give the calls: the reports of feed `ambulance`, in its columns."""
    n = reports.height
    place = picked(
        ("Street", "Licensed premises", "Public place", "Transport"), (0.6, 0.2, 0.15, 0.05), n, rng
    )
    stab = pl.col("knife").cast(pl.String) == "high"
    out = reports.select(
        pl.col("report").alias("Call Ref"),
        text(local("start")).alias("Call Time"), text(local("received")).alias("Extract Date"),
        pl.when(stab).then(pl.lit("STAB")).otherwise(pl.lit("ASSAULT")).alias("Chief Complaint"),
        picked(("1", "2", "3"), (0.15, 0.6, 0.25), n, rng).alias("Priority"),
        place.alias("Place Type"), pl.lit("Attended").alias("Call Status"),
        pl.col("easting").alias("Easting"), pl.col("northing").alias("Northing"),
        local("start").alias("_when"), pl.col("event").alias("_event"),
    )  # fmt: skip
    return FeedRows("ambulance", out, "Call Ref")
