"""A force's own crime extract, and the mapping that source `table` reads it by."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import yaml

from peelian.domain.time import step
from peelian.simulate.world import World


def extract_frame(world: World, records: pl.DataFrame) -> pl.DataFrame:
    """Give the extract's columns. Record numbers follow the order of occurrence."""
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(8)
    return records.select(
        pl.format("EM-{}", number).alias("record"),
        pl.col("offence"), pl.col("group").alias("class"),
        pl.col("from").dt.strftime("%Y-%m-%d %H:%M").alias("occurred_from"),
        pl.col("to").dt.strftime("%Y-%m-%d %H:%M").alias("occurred_to"),
        pl.col("x").alias("easting"), pl.col("y").alias("northing"),
        pl.col("street_name").alias("street"), "lsoa", "setting", "domestic", "sexual", "knife",
        "discovered_by",
        pl.col("received").dt.strftime("%Y-%m-%d %H:%M").alias("received"),
    )  # fmt: skip


def mapping(world: World) -> dict[str, object]:
    """Give the mapping of the extract for source `table`."""
    first = world.scenario.start
    last = step(first, "month", world.scenario.months)
    groups = {name: name for name in sorted({part.group for part in world.scenario.components.values()})}
    return {
        "title": f"Crime extract of {world.scenario.force_name} (simulated)",
        "force": world.scenario.force,
        "crs": "EPSG:27700",
        "zone": "Europe/London",
        "covers": {"from": first, "to": last - timedelta(days=1)},
        "columns": {},
        "groups": groups,
    }


def write_extract(world: World, records: pl.DataFrame, out: Path) -> tuple[Path, Path]:
    """Write `crime_extract.csv` and `crime_extract.mapping.yaml`; give both paths."""
    extract, rules = out / "crime_extract.csv", out / "crime_extract.mapping.yaml"
    extract_frame(world, records).write_csv(extract)
    rules.write_text(yaml.safe_dump(mapping(world), sort_keys=False), "utf-8")
    return extract, rules
