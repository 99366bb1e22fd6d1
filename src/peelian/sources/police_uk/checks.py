"""What can be wrong with a row of data.police.uk, and a cheap look that finds nearly all rows good."""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.sources.police_uk import layout
from peelian.sources.police_uk.month import Part
from peelian.sources.reject import Test

_LSOA: Final = r"^[A-Z0-9]{1,12}$"
_LONGEST: Final = 200  # bytes of a location


def common_tests(part: Part, names: list[str]) -> list[Test]:
    """What is wrong with a row of either kind of file; `names` are those of the file's force."""
    month = pl.col("Month")
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


def street_tests() -> list[Test]:
    """What is wrong with a street row that has Float64 `longitude` and `latitude`, null where unreadable."""
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
        (pl.col("Location").str.len_bytes() > _LONGEST, "the location is longer than a street's name can be"),
    ]


def surely_good(frame: pl.DataFrame, part: Part, names: list[str]) -> pl.Expr | None:
    """Give a cheap test that no wrong row passes; None when every row needs the full look."""
    codes = frame["LSOA code"].unique().drop_nulls()
    if part.refusal() or not codes.str.contains(_LSOA).all():
        return None
    lon, lat = pl.col("longitude"), pl.col("latitude")
    nowhere = pl.col("Longitude").is_null() & pl.col("Latitude").is_null()
    somewhere = lon.is_finite() & lat.is_finite() & ((lon != 0) | (lat != 0))
    return (
        (pl.col("Month") == part.month)
        & pl.col("Reported by").is_in(names)
        & pl.col("type").is_not_null()
        & (nowhere | somewhere)
        & (pl.col("Location").is_null() | (pl.col("Location").str.len_bytes() <= _LONGEST))
    )


OUTSIDE: Final[Test] = (
    pl.col("longitude").is_not_null() & pl.col("easting").is_null(),
    "the coordinates are outside Great Britain (longitude and latitude swapped?)",
)
