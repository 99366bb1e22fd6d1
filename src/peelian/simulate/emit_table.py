"""A force's own crime extract, and the mapping that source `table` reads it by."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import yaml

from peelian.domain.time import step
from peelian.simulate.world import World

TIME_FORMAT = "%Y-%m-%d %H:%M"
PRECISION_M = 25.0
"""Events lie within this of their street's point, unless triggered from elsewhere."""


def extract_frame(world: World, records: pl.DataFrame) -> pl.DataFrame:
    """Give the extract's columns. Record numbers follow the order of occurrence."""
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(8)
    return records.select(
        pl.format("EM-{}", number).alias("record"),
        pl.col("offence"), pl.col("group").alias("class"),
        pl.col("from").dt.strftime(TIME_FORMAT).alias("occurred_from"),
        pl.col("to").dt.strftime(TIME_FORMAT).alias("occurred_to"),
        pl.col("x").alias("easting"), pl.col("y").alias("northing"),
        pl.col("street_name").alias("street"), "lsoa", "setting", "domestic", "sexual", "knife",
        "discovered_by",
        pl.col("received").dt.strftime(TIME_FORMAT).alias("received"),
    )  # fmt: skip


def mapping(world: World) -> dict[str, object]:
    """Give the mapping of the extract for source `table`."""
    first = world.scenario.start
    last = step(first, "month", world.scenario.months)
    groups = {name: name for name in sorted({part.group for part in world.scenario.components.values()})}
    return {
        "source": f"{world.scenario.force}-extract",
        "force": world.scenario.force,
        "title": f"Crime extract of {world.scenario.force_name} (fictional)",
        "controller": f"{world.scenario.force_name} (fictional)",
        "licence": "none needed: simulated",
        "columns": {
            "id": "record", "start": "occurred_from", "end": "occurred_to", "available_at": "received",
            "easting": "easting", "northing": "northing", "offence": "class", "location": "street",
            "lsoa": "lsoa", "setting": "setting", "domestic": "domestic", "sexual": "sexual",
            "knife": "knife", "discovered_by": "discovered_by",
        },
        "time": {"format": TIME_FORMAT, "zone": "Europe/London"},
        "crs": "EPSG:27700",
        "precision_m": PRECISION_M,
        "codes": groups,
        "covers": {"from": first, "to": last - timedelta(days=1)},
    }  # fmt: skip


def write_extract(world: World, records: pl.DataFrame, out: Path) -> tuple[Path, Path]:
    """Write `crime_extract.csv` and `crime_extract.mapping.yaml`; give both paths."""
    extract, rules = out / "crime_extract.csv", out / "crime_extract.mapping.yaml"
    extract_frame(world, records).write_csv(extract)
    rules.write_text(yaml.safe_dump(mapping(world), sort_keys=False), "utf-8")
    return extract, rules
