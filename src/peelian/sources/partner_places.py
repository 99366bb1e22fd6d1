"""From a chunk of a table to patrols, or to sites: what has a kind, a time and a place, and is no event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import polars as pl

from peelian.domain.contracts import ParsedBatch, Table
from peelian.domain.digest import digest_content, digest_strings
from peelian.domain.records import PATROL_SCHEMA, SITE_SCHEMA
from peelian.domain.time import london_midnight
from peelian.sources.area_kinds import code_of
from peelian.sources.csv.table import Chunk
from peelian.sources.reject import Test, split
from peelian.sources.table.checks import place_tests, time_tests
from peelian.sources.table.mapping import DEFAULT, Mapping
from peelian.sources.table.places import add_place
from peelian.sources.table.rows import Rules
from peelian.sources.table.times import add_interval, available

_KEYS: Final = ("key_hi", "key_lo", "content")
_STILL: Final = datetime(2200, 1, 1, tzinfo=UTC)  # the end of what still stands
_LSOA: Final = r"^[A-Z0-9]{1,20}$"


def patrols(chunk: Chunk, rules: Rules) -> ParsedBatch:
    """Give each deployment: mode, interval, place, units. Whose it was is not read, so it can have no id."""
    mapping, columns = rules.mapping, rules.mapping.columns
    frame = _known(_kinds(add_place(add_interval(chunk.frame, mapping), mapping), mapping), rules, "_end")
    units = pl.col("n").cast(pl.Float64, strict=False) if columns.n else pl.lit(1.0)
    lsoa = code_of("lsoa") if columns.lsoa else pl.lit(None, pl.String)
    frame = frame.with_columns(_units=units, _lsoa=lsoa)
    whole = (pl.col("_units") == pl.col("_units").floor()) & pl.col("_units").is_between(1, 10_000)
    tests: list[Test] = [
        *time_tests(mapping, rules.available_at, rules.now), *place_tests(mapping), *_kind_tests(),
        (~whole.fill_null(False), "the number of units is not a whole number of 1 or more"),
        (~pl.col("_lsoa").str.contains(_LSOA), "the area code is not a code"),
    ]  # fmt: skip
    good, rejects = split(frame, tests)
    rows = good.with_columns(
        group=pl.col("_kind"), start=pl.col("_start"), end=pl.col("_end"), easting=pl.col("_e"),
        northing=pl.col("_n"), lsoa=pl.col("_lsoa"), n=pl.col("_units"), available_at=pl.col("_at"),
        has_id=pl.lit(False),
    )  # fmt: skip
    return _batch_of("patrols", PATROL_SCHEMA, rows, rejects, chunk, rules)


def sites(chunk: Chunk, rules: Rules) -> ParsedBatch:
    """Give each place: kind, from when to when it stands, point, weight. Its name is not read."""
    mapping, columns = rules.mapping, rules.mapping.columns
    frame = _known(_kinds(add_place(_standing(chunk.frame, mapping), mapping), mapping), rules, "_start")
    weight = pl.col("weight").cast(pl.Float64, strict=False) if columns.weight else pl.lit(None, pl.Float64)
    frame = frame.with_columns(_weight=weight)
    bad = pl.lit(False)
    if columns.weight:
        given = pl.col("weight").cast(pl.String).str.strip_chars().replace("", None).is_not_null()
        bad = given & ~(pl.col("_weight").is_finite() & (pl.col("_weight") >= 0)).fill_null(False)
    tests: list[Test] = [
        *time_tests(mapping, rules.available_at, None), *place_tests(mapping), *_kind_tests(),
        (pl.col("_e").is_null(), "a site without a point says nothing of any place"),
        (bad, "the weight is not a number of 0 or more"),
    ]  # fmt: skip
    good, rejects = split(frame, tests)
    rows = good.with_columns(
        group=pl.col("_kind"), start=pl.col("_start"), end=pl.col("_end"), easting=pl.col("_e"),
        northing=pl.col("_n"), weight=pl.col("_weight").fill_null(1.0), available_at=pl.col("_at"),
        has_id=pl.col("id").is_not_null() if columns.id else pl.lit(False),
    )  # fmt: skip
    return _batch_of("sites", SITE_SCHEMA, rows, rejects, chunk, rules)


def _kinds(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    known = {code: kind for code, kind in mapping.codes.items() if code != DEFAULT}
    text = pl.col("kind").cast(pl.String).str.strip_chars().replace("", None)
    kind = text.replace_strict(known, default=mapping.codes.get(DEFAULT), return_dtype=pl.String)
    return frame.with_columns(_kind=pl.when(text.is_not_null()).then(kind), _said=text)


def _kind_tests() -> list[Test]:
    return [
        (pl.col("_said").is_null(), "it does not say of what kind it is"),
        (pl.col("_kind").is_null(), "the kind is not in the mapping; add it to `codes`, or give its default"),
    ]


def _standing(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Add the interval: by `covers` where the file has no dates; what has no end still stands."""
    if mapping.columns.start:
        frame = add_interval(frame, mapping)
        open_end = pl.col("end").is_null() if mapping.columns.end else pl.lit(True)
        return frame.with_columns(_end=pl.when(open_end).then(pl.lit(_STILL)).otherwise("_end"))
    known = available(mapping, frame.schema)
    first = london_midnight(mapping.covers.first) if mapping.covers else _STILL
    return frame.with_columns(_start=pl.lit(first), _end=pl.lit(_STILL), _available=known)


def _known(frame: pl.DataFrame, rules: Rules, unsaid: str) -> pl.DataFrame:
    available = pl.lit(rules.available_at) if rules.available_at else pl.coalesce("_available", unsaid)
    return frame.with_columns(_at=available.cast(PATROL_SCHEMA["available_at"]))


def _batch_of(
    table: Table, schema: dict[str, pl.DataType], rows: pl.DataFrame, rejects: pl.DataFrame, chunk: Chunk,
    rules: Rules,
) -> ParsedBatch:  # fmt: skip
    rows = rows.with_columns(pl.col(name).cast(kind) for name, kind in schema.items() if name not in _KEYS)
    rounded = rows.with_columns((pl.col("easting", "northing") * 100).round().cast(pl.Int64))
    published = [rounded[name] for name in schema if name not in (*_KEYS, "available_at")]
    salt = f"{table}/{rules.mapping.source}/{rules.force}"
    hi, lo = digest_strings(published, salt)
    if rows["has_id"].any():
        ids = digest_strings([rows["id"].cast(pl.String)], salt + "/id")
        mask = rows["has_id"]
        hi, lo = ids[0].zip_with(mask, hi), ids[1].zip_with(mask, lo)
    rows = rows.with_columns(key_hi=hi, key_lo=lo, content=digest_content(published, table))
    rejects = pl.concat([chunk.rejects, rejects]).sort("row")
    crs = rules.mapping.project_to
    ordered = rows.select(*schema, "row", "has_id")
    return ParsedBatch(table, ordered, rejects, chunk.read, rules.force, crs)
