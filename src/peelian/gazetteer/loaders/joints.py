"""Where two named streets meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely


def junctions_of(table: pl.DataFrame, lines: npt.NDArray[Any]) -> pl.DataFrame:
    """Give one row a pair of names at a shared end of links, to the metre; a road has its name and number."""
    schema = {"kind": pl.String, "name": pl.String, "easting": pl.Float64, "northing": pl.Float64}
    simple = shapely.line_merge(lines)
    whole = np.flatnonzero(shapely.get_type_id(simple) == 1)
    if not len(whole):
        return pl.DataFrame(schema=schema)
    ends = [
        pl.DataFrame(
            {
                "name": table[column].gather(whole),
                "easting": np.round(shapely.get_x(point)),
                "northing": np.round(shapely.get_y(point)),
            }
        )
        for point in (shapely.get_point(simple[whole], 0), shapely.get_point(simple[whole], -1))
        for column in ("name", "number")
    ]
    found = pl.concat(ends).drop_nulls().unique()
    pairs = found.join(found, on=["easting", "northing"], suffix="_two").filter(
        pl.col("name") < pl.col("name_two")
    )
    return pairs.select(
        "easting", "northing", kind=pl.lit("junction"), spread=pl.lit(0.0),
        name=pl.concat_str("name", "name_two", separator=" & "),
    )  # fmt: skip
