"""The layout of a data.police.uk download: a folder a month, street and outcomes files, snap points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from peelian.domain.time import step
from peelian.simulate.published import lonlat
from peelian.simulate.world import World

OUTCOMES: Final = (
    ("Investigation complete; no suspect identified", 0.42), ("Unable to prosecute suspect", 0.36),
    ("Suspect charged", 0.08), ("Local resolution", 0.05), ("Offender given a caution", 0.02),
    ("Further investigation is not in the public interest", 0.03), ("Under investigation", 0.04),
)  # fmt: skip
"""Outcome words as published, with shares [assumption]."""
OPEN = "Under investigation"
NOWHERE = "No Location"


def crime_ids(n: int, rng: np.random.Generator) -> pl.Series:
    """Give `n` identifiers of 64 hexadecimal digits."""
    text = rng.bytes(32 * n).hex().encode()
    offsets = pa.array(np.arange(0, 64 * (n + 1), 64, dtype=np.int64)).buffers()[1]
    return pl.Series(pa.LargeStringArray.from_buffers(n, offsets, pa.py_buffer(text)))


def street_frame(world: World, records: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Give the street file's columns and `month_index`: points are the streets' own, never the event's."""
    lon, lat = lonlat(world.streets.x, world.streets.y)
    street = records["street"].to_numpy()
    n = len(records)
    codes = pl.Series(world.lsoa_codes).gather(records["street_lsoa"])
    names = pl.Series(world.lsoa_names).gather(records["street_lsoa"])
    cut = np.cumsum([share for _, share in OUTCOMES])
    outcome = np.minimum(np.searchsorted(cut / cut[-1], rng.random(n), side="right"), len(OUTCOMES) - 1)
    first = world.scenario.start
    months = [str(step(first, "month", k))[:7] for k in range(world.scenario.months)]
    asb, lost = pl.col("asb"), pl.col("lost")
    force = pl.lit(world.scenario.force_name)
    return pl.DataFrame(
        {
            "id": crime_ids(n, rng), "month_index": records["month"], "asb": records["group"] == "asb",
            "lost": records["no_location"], "lon": np.round(lon, 6)[street], "lat": np.round(lat, 6)[street],
            "name": records["street_name"], "code": codes, "area": names, "type": records["public_type"],
            "outcome": pl.Series([word for word, _ in OUTCOMES]).gather(outcome),
        }
    ).select(
        pl.when(asb).then(None).otherwise(pl.col("id")).alias("Crime ID"),
        pl.lit(pl.Series(months)).gather(pl.col("month_index")).alias("Month"),
        force.alias("Reported by"), force.alias("Falls within"),
        pl.when(lost).then(None).otherwise(pl.col("lon")).alias("Longitude"),
        pl.when(lost).then(None).otherwise(pl.col("lat")).alias("Latitude"),
        pl.when(lost).then(pl.lit(NOWHERE)).otherwise(pl.format("On or near {}", "name")).alias("Location"),
        pl.when(lost).then(None).otherwise(pl.col("code")).alias("LSOA code"),
        pl.when(lost).then(None).otherwise(pl.col("area")).alias("LSOA name"),
        pl.col("type").alias("Crime type"),
        pl.when(asb).then(None).otherwise(pl.col("outcome")).alias("Last outcome category"),
        pl.lit(None, pl.String).alias("Context"),
        pl.col("month_index"),
    )  # fmt: skip


def outcome_frame(world: World, street: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Give the outcomes files' columns and `month_index`: one row a closed case, none to four months on."""
    closed = street.filter(pl.col("Crime ID").is_not_null() & (pl.col("Last outcome category") != OPEN))
    wait = pl.Series("month_index", rng.integers(0, 5, size=closed.height))
    closed = closed.with_columns(closed["month_index"] + wait)
    first = world.scenario.start
    months = [str(step(first, "month", k))[:7] for k in range(world.scenario.months + 5)]
    return closed.filter(pl.col("month_index") < world.scenario.months).select(
        "Crime ID", pl.lit(pl.Series(months)).gather(pl.col("month_index")).alias("Month"), "Reported by",
        "Falls within", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name",
        pl.col("Last outcome category").alias("Outcome type"), "month_index",
    )  # fmt: skip


def write_police_uk(
    world: World, records: pl.DataFrame, out: Path, hole: Sequence[date], rng: np.random.Generator
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Write a folder a month with a street and an outcomes file, leaving out the months of the hole.

    Gives the paths of both kinds, in order of month.
    """
    street = street_frame(world, records, rng)
    outcomes = outcome_frame(world, street, rng)
    left_out = {month for month in range(world.scenario.months) if _in_hole(world, month, hole)}
    made: list[list[Path]] = [[], []]
    for index, (kind, frame) in enumerate((("street", street), ("outcomes", outcomes))):
        for (month_index,), part in frame.partition_by(
            "month_index", as_dict=True, maintain_order=True
        ).items():
            assert isinstance(month_index, int)
            if month_index in left_out:
                continue
            month = str(step(world.scenario.start, "month", month_index))[:7]
            folder = out / month
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{month}-{world.scenario.force}-{kind}.csv"
            part.drop("month_index").write_csv(path)
            made[index].append(path)
    return tuple(sorted(made[0])), tuple(sorted(made[1]))


def _in_hole(world: World, month: int, hole: Sequence[date]) -> bool:
    if not hole:
        return False
    day = step(world.scenario.start, "month", month)
    return hole[0].replace(day=1) <= day <= hole[1].replace(day=1)
