"""Street files: one crime or incident a row, at a snap point, in a month."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import polars as pl

from peelian.domain.contracts import ParsedBatch, RawFile
from peelian.domain.digest import digest_strings
from peelian.domain.event import PARSED_SCHEMA
from peelian.sources.british import KnownPoints
from peelian.sources.csv.chunk import Chunk
from peelian.sources.notices import notice
from peelian.sources.police_uk import layout
from peelian.sources.police_uk.checks import OUTSIDE, common_tests, street_tests, surely_good
from peelian.sources.police_uk.month import Part, part_of
from peelian.sources.police_uk.reading import chunks_of
from peelian.sources.reject import split

CRS: Final = "EPSG:27700"
_TYPE: Final = pl.Enum(list(layout.GROUP_OF))
_UNKNOWN: Final = ("knife", "setting", "domestic", "sexual", "discovered_by")


def parse_street(raw: RawFile, options: dict[str, Any]) -> Iterator[ParsedBatch]:
    """Give a street file's rows as events of one edition."""
    part: Part | None = None
    for chunk in chunks_of(raw, layout.STREET_COLUMNS):
        if part is None:
            part = part_of(raw, options, chunk.frame)
        yield _batch(chunk, part)
    if part is None:
        notice(options, f"{raw.name} has column names and no rows")


@lru_cache(maxsize=64)
def _points(_force: str) -> KnownPoints:
    return KnownPoints()


def _batch(chunk: Chunk, part: Part) -> ParsedBatch:
    frame = chunk.frame.with_columns(
        longitude=pl.col("Longitude").cast(pl.Float64, strict=False),
        latitude=pl.col("Latitude").cast(pl.Float64, strict=False),
        type=pl.col("Crime type").cast(_TYPE, strict=False),
    )
    names = part.names_taken(frame["Reported by"])
    tests = [*common_tests(part, names), *street_tests()]
    good, rejects = split(frame, tests, surely_good(frame, part, names))
    good, off = split(_points(part.force).add_grid(good), [OUTSIDE])
    rejects = pl.concat([chunk.rejects, rejects, off]).sort("row")
    return ParsedBatch("events", _events(good, part), rejects, chunk.read, part.force, CRS, part.edition)


def _events(frame: pl.DataFrame, part: Part) -> pl.DataFrame:
    """Give `PARSED_SCHEMA`, `row` and `has_id`. The month and force are in the salt, once for the file."""
    published = [frame[c] for c in ("Longitude", "Latitude", "Location", "LSOA code", "Crime type")]
    hi, lo = digest_strings(published, f"police_uk/street/{part.force}/{part.month}")
    id_hi, id_lo = digest_strings([frame["Crime ID"]], layout.ID_SALT)
    has_id, kind = pl.col("Crime ID").is_not_null(), pl.col("type").to_physical()
    placed, location = pl.col("easting").is_not_null(), pl.col("Location")
    held = {
        "key_hi": pl.when(has_id).then("_id_hi").otherwise("_hi"),
        "key_lo": pl.when(has_id).then("_id_lo").otherwise("_lo"),
        "content": pl.col("_hi"),
        "offence": pl.col("Crime type"),
        "group": kind.replace_strict(_by_number(layout.GROUP_OF), return_dtype=PARSED_SCHEMA["group"]),
        "n": pl.lit(1, pl.Int32),
        "start": _instant(part.start),
        "end": _instant(part.end),
        "easting": pl.col("easting"),
        "northing": pl.col("northing"),
        "precision_m": pl.when(placed).then(pl.lit(layout.PRECISION_M, pl.Float32)),
        "place_match": pl.lit(None, pl.Float32),
        "knife_why": pl.lit(None, pl.String),
        "lsoa": pl.col("LSOA code"),
        "location": pl.when(location != "No Location").then(location),
        "severity": pl.lit(None, pl.Float32),
        **{mark: pl.lit("unknown", PARSED_SCHEMA[mark]) for mark in _UNKNOWN},
        "scope": kind.replace_strict(_by_number(layout.SCOPE_OF), return_dtype=PARSED_SCHEMA["scope"]),
        "available_at": _instant(part.available_at),
    }
    keyed = frame.hstack([hi.alias("_hi"), lo.alias("_lo"), id_hi.alias("_id_hi"), id_lo.alias("_id_lo")])
    return keyed.select(
        *(held[name].alias(name) for name in PARSED_SCHEMA), pl.col("row"), has_id.alias("has_id")
    )


def _by_number(words: dict[str, str]) -> dict[int, str]:
    return dict(enumerate(words.values()))


def _instant(when: Any) -> pl.Expr:
    return pl.lit(when, PARSED_SCHEMA["start"])
