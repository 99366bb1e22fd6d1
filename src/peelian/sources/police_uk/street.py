"""Street files: one crime or incident a row, at a snap point, in a month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from peelian.domain.contracts import ParsedBatch, RawFile
from peelian.domain.digest import digest_strings
from peelian.domain.event import PARSED_SCHEMA
from peelian.domain.offence import GROUPS
from peelian.sources.british import add_british_grid
from peelian.sources.csv.table import Chunk
from peelian.sources.notices import notice
from peelian.sources.police_uk import layout
from peelian.sources.police_uk.month import Part, part_of
from peelian.sources.police_uk.reading import chunks_of
from peelian.sources.reject import Test, split

CRS: Final = "EPSG:27700"
ORDER: Final = (*PARSED_SCHEMA, "row", "has_id")
_LSOA: Final = r"^[A-Z0-9]{1,12}$"
_CONSTANT: Final = {
    "severity": pl.lit(None), "knife": pl.lit("unknown"), "setting": pl.lit("unknown"),
    "domestic": pl.lit("unknown"), "sexual": pl.lit("unknown"), "discovered_by": pl.lit("unknown"),
    "n": pl.lit(1),
}  # fmt: skip


def parse_street(raw: RawFile, options: dict[str, Any]) -> Iterator[ParsedBatch]:
    """Give a street file's rows as events of one edition."""
    part: Part | None = None
    for chunk in chunks_of(raw, layout.STREET_COLUMNS):
        if part is None:
            part = part_of(raw, options, chunk.frame)
        yield _batch(chunk, part)
    if part is None:
        notice(options, f"{raw.name} has column names and no rows")


def _batch(chunk: Chunk, part: Part) -> ParsedBatch:
    frame = chunk.frame.with_columns(
        longitude=pl.col("Longitude").cast(pl.Float64, strict=False),
        latitude=pl.col("Latitude").cast(pl.Float64, strict=False),
    )
    good, rejects = split(frame, common_tests(frame, part) + _street_tests())
    good, off = split(add_british_grid(good), [_OUTSIDE])
    return ParsedBatch(
        "events", _events(good, part), pl.concat([chunk.rejects, rejects, off]).sort("row"), chunk.read,
        part.force, CRS, part.edition,
    )  # fmt: skip


def common_tests(frame: pl.DataFrame, part: Part) -> list[Test]:
    """What is wrong with a row of either kind of file."""
    month, names = pl.col("Month"), part.names_taken(frame["Reported by"])
    tests: list[Test] = [
        (month.is_null() | ~month.str.contains(layout.MONTH.pattern), "the month is not written YYYY-MM"),
        (month != part.month, "the month is not that of the file; give each month in its own file"),
        (
            pl.col("Reported by").is_null() | ~pl.col("Reported by").is_in(names),
            "`Reported by` names another force than the file; split the file by force, or give --force CODE",
        ),
    ]
    refusal = part.refusal()
    return [*tests, (pl.lit(True), refusal)] if refusal else tests


def _street_tests() -> list[Test]:
    lon, lat = pl.col("longitude"), pl.col("latitude")
    lon_text, lat_text = pl.col("Longitude"), pl.col("Latitude")
    return [
        (pl.col("Crime type").is_null(), "there is no crime type"),
        (
            ~pl.col("Crime type").is_in(list(layout.GROUP_OF)),
            "the crime type is not one of the fourteen that data.police.uk publishes",
        ),
        (lon_text.is_null() != lat_text.is_null(), "only one of longitude and latitude is given"),
        (
            (lon_text.is_not_null() & (lon.is_null() | ~lon.is_finite()))
            | (lat_text.is_not_null() & (lat.is_null() | ~lat.is_finite())),
            "longitude or latitude is not a number",
        ),
        ((lon == 0) & (lat == 0), "longitude and latitude are both 0, which is no place in Britain"),
        (
            pl.col("LSOA code").is_not_null() & ~pl.col("LSOA code").str.contains(_LSOA),
            "the LSOA code is not a code",
        ),
        (pl.col("Location").str.len_bytes() > 200, "the location is longer than a street's name can be"),
    ]


_OUTSIDE: Final[Test] = (
    pl.col("longitude").is_not_null() & pl.col("easting").is_null(),
    "the coordinates are outside Great Britain (longitude and latitude swapped?)",
)


def _events(frame: pl.DataFrame, part: Part) -> pl.DataFrame:
    """Give `PARSED_SCHEMA`, `row` and `has_id`. The month and force are in the salt, once for the file."""
    published = [frame[c] for c in ("Longitude", "Latitude", "Location", "LSOA code", "Crime type")]
    hi, lo = digest_strings(published, f"police_uk/street/{part.force}/{part.month}")
    id_hi, id_lo = digest_strings([frame["Crime ID"]], layout.ID_SALT)
    has_id = pl.col("Crime ID").is_not_null()
    location = pl.col("Location")
    frame = frame.with_columns(content=hi, content_lo=lo, id_hi=id_hi, id_lo=id_lo).with_columns(
        has_id=has_id,
        key_hi=pl.when(has_id).then("id_hi").otherwise("content"),
        key_lo=pl.when(has_id).then("id_lo").otherwise("content_lo"),
        offence=pl.col("Crime type"),
        group=pl.col("Crime type").replace_strict(layout.GROUP_OF, return_dtype=pl.Enum(list(GROUPS))),
        scope=pl.col("Crime type").replace_strict(layout.SCOPE_OF, return_dtype=PARSED_SCHEMA["scope"]),
        start=pl.lit(part.start),
        end=pl.lit(part.end),
        available_at=pl.lit(part.available_at),
        precision_m=pl.when(pl.col("easting").is_not_null()).then(pl.lit(layout.PRECISION_M)),
        lsoa=pl.col("LSOA code"),
        location=pl.when(location != "No Location").then(location),
        **_CONSTANT,
    )
    return frame.select(pl.col(c).cast(PARSED_SCHEMA[c]) if c in PARSED_SCHEMA else c for c in ORDER)
