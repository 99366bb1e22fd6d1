"""Postcodes, UPRNs and USRNs to points."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import polars as pl

from peelian.gazetteer.grid_reference import to_point
from peelian.gazetteer.index import Gazetteer

PRECISION_M: Final[dict[str, float]] = {"postcode": 100.0, "uprn": 10.0, "usrn": 150.0}
"""Where a file does not say how far a code's place reaches: our own judgement, no published figure."""
_CODED: Final[dict[str, pl.DataType]] = {
    "easting": pl.Float64(),
    "northing": pl.Float64(),
    "precision_m": pl.Float32(),
    "area": pl.String(),
}


def tidy_code(kind: str, codes: pl.Series) -> pl.Series:
    """Give codes as a gazetteer has them: postcodes without spaces, numbers without leading zeros."""
    text = codes.cast(pl.String).str.replace_all(r"\s", "").str.to_uppercase()
    if kind == "postcode":
        return text
    return text.str.extract(r"^0*(\d{1,12})(?:\.0+)?$", 1)


def look_up(kind: str, codes: pl.Series, gazetteer: Gazetteer) -> pl.DataFrame:
    """Give one row a code, in order: `easting`, `northing`, `precision_m`, `area`; null where unknown."""
    table = gazetteer.codes.filter(pl.col("kind") == kind).select(
        "code", "easting", "northing", "spread", "area"
    )
    wanted = tidy_code(kind, codes).alias("code").to_frame()
    found = wanted.join(table, on="code", how="left", maintain_order="left")
    least = PRECISION_M[kind]
    reach = pl.when(pl.col("easting").is_not_null()).then(
        pl.max_horizontal(pl.col("spread").fill_null(least), pl.lit(min(least, 30.0)))
    )
    return found.select(
        "easting", "northing", reach.cast(pl.Float32).alias("precision_m"), pl.col("area").cast(pl.String)
    )


def grid_points(references: pl.Series) -> pl.DataFrame:
    """Give one row a grid reference, in order, with the columns of `look_up`; null where it is none."""
    text = references.cast(pl.String).alias("text").to_frame()
    distinct = text["text"].unique().drop_nulls().to_list()
    rows = [(one, at.easting, at.northing, at.precision_m, None) for one in distinct if (at := to_point(one))]
    table = pl.DataFrame(rows, schema={"text": pl.String(), **_CODED}, orient="row")
    return text.join(table, on="text", how="left", maintain_order="left").drop("text")


def postcode_text(gazetteer: Gazetteer, code: str) -> tuple[float, float, float | None, str | None] | None:
    """Give a postcode's easting, northing, spread and area; None for an unknown one."""
    return _postcodes(gazetteer).get(code.upper())


@lru_cache(maxsize=2)
def _postcodes(gazetteer: Gazetteer) -> dict[str, tuple[float, float, float | None, str | None]]:
    table = gazetteer.codes.filter(pl.col("kind") == "postcode")
    rows = table.select("code", "easting", "northing", "spread", "area").iter_rows()
    return {code: (e, n, spread, area) for code, e, n, spread, area in rows}
