"""Your own lists: premises (pubs, shops, stations, parks, car parks) and areas (towns, wards) as CSV.

Premises: `name`, a point, and if known `kind`, `street`, `town`, `lsoa`, `radius` (metres it reaches).
Areas: `name`, a point, and if known `lsoa` (the one area code that holds all of it), `town`, `radius`.
No other column is read: a licence holder's name stays in your file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from peelian.gazetteer.loaders.csvs import csv_frames, need, pick
from peelian.gazetteer.loaders.points import point_columns

_NAME: Final = ("name", "premises", "premises_name", "trading_name", "title")
_OTHER: Final = ("other_name", "name2", "welsh_name", "alias")
_STREET: Final = ("street", "road", "street_name")
_TOWN: Final = ("town", "locality", "settlement", "populated_place")
_MOTORWAY_M: Final = 300.0  # a junction with its slip roads: our own judgement
_RADIUS: Final = ("radius", "radius_m", "spread")


def load(path: Path) -> Iterator[pl.DataFrame]:
    """Give premises.

    Raises:
        Refused: when a column is missing.
    """
    return _load(path, "premises")


def load_areas(path: Path) -> Iterator[pl.DataFrame]:
    """Give towns, wards and other areas.

    Raises:
        Refused: when a column is missing.
    """
    return _load(path, "area")


def load_motorway_junctions(path: Path) -> Iterator[pl.DataFrame]:
    """Give the junctions of motorways, from OS Open Roads' layer `motorway_junction` as CSV with WKT.

    Raises:
        Refused: when a column is missing.
    """
    for frame in csv_frames(path):
        name = need(frame, ("junction_number", "junctionnumber", "number", "name"), path)
        frame = point_columns(frame, path)
        yield frame.select(
            "easting", "northing", kind=pl.lit("premises"), name=pl.col(name), spread=pl.lit(_MOTORWAY_M)
        )


def _load(path: Path, kind: str) -> Iterator[pl.DataFrame]:
    for frame in csv_frames(path):
        name = need(frame, _NAME, path)
        frame = point_columns(frame, path)
        lsoa = sorted((c for c in frame.columns if c.startswith("lsoa")), reverse=True)
        yield frame.select(
            "easting", "northing", kind=_kind(frame, kind), name=pl.col(name), other=_column(frame, _OTHER),
            street=_column(frame, _STREET), town=_column(frame, _TOWN),
            area=pl.col(lsoa[0]) if lsoa else pl.lit(None, pl.String),
            spread=_column(frame, _RADIUS).cast(pl.Float64, strict=False),
        )  # fmt: skip


def _column(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.Expr:
    found = pick(frame, names)
    return pl.col(found) if found else pl.lit(None, pl.String)


def _kind(frame: pl.DataFrame, kind: str) -> pl.Expr:
    """A list may hold streets and areas too, and say so in a column `kind`."""
    if "kind" not in frame.columns:
        return pl.lit(kind)
    word = pl.col("kind").str.strip_chars().str.to_lowercase()
    return (
        pl.when(word.is_in(["street", "road"])).then(pl.lit("street"))
        .when(word.is_in(["area", "town", "village", "ward", "suburb", "estate"])).then(pl.lit("area"))
        .otherwise(pl.lit(kind))
    )  # fmt: skip
