"""police_crime.csv: a crime extract in columns such as Niche and Connect write, with narratives."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

import numpy as np
import polars as pl

from peelian.simulate.agencies.rows import FeedRows, hours_after, last_day, local, lsoa_at, text
from peelian.simulate.agencies.wording import narratives, picked
from peelian.simulate.world import World

CLASSES: Final[dict[str, str]] = {
    "Assault with injury": "8N", "Common assault": "105A", "Grievous bodily harm": "5D", "Threats": "3B",
    "Harassment": "8L", "Sexual offence": "20A", "Robbery of personal property": "34B",
    "Robbery of business property": "34A", "Burglary - residential": "28E",
    "Burglary - business and community": "30C", "Theft from a vehicle": "45", "Theft of a vehicle": "48",
    "Vehicle interference": "126", "Shoplifting": "46", "Other theft": "49", "Bicycle theft": "44",
    "Theft from the person": "39", "Criminal damage": "58C", "Arson": "56B", "Public order": "9A",
    "Possession of drugs": "92E", "Trafficking of drugs": "92A", "Possession of weapons": "10D",
    "Other crime": "99",
}  # fmt: skip
"""Classes as the feed's shipped mapping groups them (sources/mappings/police_crime.yaml)."""
PLACES: Final = {"public": "STREET", "dwelling": "DWELLING", "other": "SHOP"}
STANDS, NO_CRIME = "Recorded", "No Crime"


def crime_rows(
    world: World, reports: pl.DataFrame, published: pl.DataFrame, rng: np.random.Generator
) -> FeedRows:
    """Give every recorded crime: those of public harm from `reports`, the rest from `published`."""
    frame = pl.concat([_harm(world, reports), _rest(world, published)], how="vertical_relaxed")
    frame = pl.concat([frame.with_columns(status=pl.lit(STANDS)), _taken_back(world, frame, rng)])
    frame = frame.sort("from", "record", maintain_order=True)
    told = frame["group"].is_in(["violence", "robbery"])
    words = narratives(frame["knife"], world.scenario.agencies.others.negated, rng)
    licensed = pl.Series(rng.random(frame.height) < 0.2)
    used = picked(("BODY", "NONE", "BLUNT"), (0.6, 0.3, 0.1), frame.height, rng)
    teller = picked(("VICTIM", "PUBLIC", "WITNESS"), (0.45, 0.35, 0.2), frame.height, rng)
    coded = (pl.col("knife") == "high") & pl.Series(rng.random(frame.height) < 0.7)
    place = pl.col("setting").replace_strict(PLACES)
    officer = pl.col("discovered_by") == "officer"
    out = frame.select(
        pl.col("record").alias("Crime Ref"),
        text(pl.col("received")).alias("Date Created"),
        text(pl.col("from")).alias("Committed From"),
        text(pl.max_horizontal("from", "to")).alias("Committed To"),
        pl.col("offence").replace_strict(CLASSES).alias("HO Class"), pl.col("offence").alias("Offence"),
        pl.col("status").alias("Crime Status"),
        pl.when((place == "STREET") & licensed).then(pl.lit("LICENSED")).otherwise(place)
        .alias("Location Type"),
        pl.when(officer).then(pl.lit("OFFICER")).otherwise(teller).alias("Reported By"),
        pl.col("x").round(1).alias("Easting"), pl.col("y").round(1).alias("Northing"),
        pl.col("lsoa").alias("LSOA Code"),
        pl.when(pl.col("domestic") == "yes").then(pl.lit("Y")).otherwise(pl.lit("N")).alias("DV Marker"),
        pl.when(~told).then(pl.lit("NONE")).when(coded).then(pl.lit("KNIFE")).otherwise(used)
        .alias("Weapon Code"),
        pl.when(told).then(words).alias("MO Narrative"),
        pl.col("from").alias("_when"), pl.col("event").alias("_event"),
    )  # fmt: skip
    return FeedRows("police_crime", out, "Crime Ref")


def _harm(world: World, reports: pl.DataFrame) -> pl.DataFrame:
    event = reports["event"].to_numpy()
    seen = world.observed
    words = [word for part in world.scenario.components.values() for word, _ in part.offences]
    settings = pl.Series(["public", "dwelling", "other"]).gather(seen.setting[event].astype(np.int64))
    return reports.select(
        pl.col("report").alias("record"), "event",
        local("start").alias("from"), local("end").alias("to"), local("received").alias("received"), "group",
        pl.Series("offence", words, dtype=pl.String).gather(seen.offence[event]),
        pl.col("easting").alias("x"), pl.col("northing").alias("y"),
        lsoa_at(world, reports["easting"], reports["northing"], world.events.cell[event]).alias("lsoa"),
        settings.alias("setting"), pl.lit("no").alias("domestic"), pl.col("knife").cast(pl.String),
        pl.Series(["public", "officer"]).gather(seen.officer[event].astype(np.int64)).alias("discovered_by"),
    )  # fmt: skip


def _rest(world: World, published: pl.DataFrame) -> pl.DataFrame:
    names = list(world.scenario.components)
    harm = [names.index(name) for name in world.scenario.agencies.harm]
    kind = pl.Series(world.events.k[published["event"].to_numpy()].astype(np.int64))
    rest = published.filter(~kind.is_in(harm) & (published["group"] != "asb"))
    return rest.select(
        pl.format("PC-9{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)).alias("record"),
        pl.col("event").cast(pl.Int64), "from", "to", "received", "group", "offence", "x", "y", "lsoa",
        "setting", "domestic", "knife", "discovered_by",
    )  # fmt: skip


def _taken_back(world: World, frame: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Give crimes recorded by mistake: like a real one, at another time, with no true event behind them."""
    chosen = np.flatnonzero(rng.random(frame.height) < world.scenario.agencies.others.no_crime)
    copy = frame[chosen]
    shift = rng.uniform(1, 72, copy.height)
    late = copy.with_columns(
        record=pl.format("PC-8{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)),
        event=pl.lit(None, pl.Int64), status=pl.lit(NO_CRIME),
        **{name: hours_after(pl.col(name), shift) for name in ("from", "to", "received")},
    )  # fmt: skip
    return late.filter(pl.col("to") < pl.lit(datetime.combine(last_day(world), time(23, 59))))
