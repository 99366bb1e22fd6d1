"""council_asb.csv: complaints to the council of anti-social behaviour, and of its traces."""

from __future__ import annotations

import numpy as np
import polars as pl

from peelian.simulate.agencies.rows import FeedRows, hours_after, lsoa_at, text
from peelian.simulate.agencies.wording import picked
from peelian.simulate.published import local_time
from peelian.simulate.world import World

_OPEN = ("Closed", "Open", "Withdrawn", "Duplicate")
_SPOKEN = ("Noise nuisance", "Rowdy behaviour", "Street drinking", "Intimidation", "Neighbour dispute")
_TRACES = ("Fly-tipping", "Graffiti", "Drug litter", "Vandalism", "Abandoned vehicle")


def council_rows(world: World, rng: np.random.Generator) -> FeedRows:
    """Give the complaints: a thinned observation of true events, independent of the police's."""
    numbers = world.scenario.agencies.others
    parts = list(world.scenario.components.values())
    asb = [k for k, part in enumerate(parts) if part.group == "asb"]
    events = np.flatnonzero(np.isin(world.events.k, asb) & ~world.silent[world.events.cell])
    heard = events[rng.random(len(events)) < numbers.council_asb]
    street = world.events.street[heard]
    traces = rng.choice(street, size=round(len(heard) * numbers.council_traces)) if len(heard) else street
    hours = np.concatenate([world.events.hour[heard], rng.uniform(0, world.clock.hours, len(traces))])
    n = len(hours)
    what = pl.concat(
        [
            picked(_SPOKEN, (0.35, 0.3, 0.15, 0.1, 0.1), len(heard), rng),
            picked(_TRACES, (0.5, 0.2, 0.1, 0.1, 0.1), len(traces), rng),
        ]
    )
    at = np.concatenate([street, traces])
    true = np.concatenate([heard, np.full(len(traces), -1)])
    frame = pl.DataFrame(
        {
            "when": local_time(world, hours), "event": true, "what": what,
            "status": picked(_OPEN, (0.8, 0.14, 0.04, 0.02), n, rng),
            "x": np.round(world.streets.x[at] + rng.uniform(-40, 40, n), 1),
            "y": np.round(world.streets.y[at] + rng.uniform(-40, 40, n), 1),
            "street": pl.Series(list(world.streets.names), dtype=pl.String).gather(at),
            "text_only": rng.random(n) < 0.1, "delay": rng.uniform(12, 72, n),
        }
    ).sort("when", "x", "y", maintain_order=True)  # fmt: skip
    placed = ~pl.col("text_only")
    out = frame.with_columns(lsoa=lsoa_at(world, frame["x"], frame["y"])).select(
        pl.format("CC-{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)).alias("Case Ref"),
        text(pl.col("when")).alias("Received"),
        text(hours_after(pl.col("when"), frame["delay"].to_numpy())).alias("Extract Date"),
        pl.col("what").alias("Category"), pl.col("status").alias("Case Status"),
        pl.lit(None, pl.String).alias("Ward Code"), pl.col("lsoa").alias("LSOA Code"),
        pl.when(~placed).then(pl.format("on {}", "street")).alias("Location"),
        pl.when(placed).then("x").alias("Easting"), pl.when(placed).then("y").alias("Northing"),
        pl.col("when").alias("_when"), pl.when(pl.col("event") >= 0).then("event").alias("_event"),
    )  # fmt: skip
    return FeedRows("council_asb", out, "Case Ref")
