"""Postcode centroids: Code-Point Open, the ONS Postcode Directory, or any CSV of postcode and point.

Code-Point Open comes as files without column names: postcode, positional quality, easting, northing and six
area codes, such as `"SO16 0AS",10,437292,115542,...` (docs.os.uk, Code-Point Open). ONSPD has names, among
them `pcds` (PCDS in its online form), eastings and an LSOA column that carries its census year.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from peelian.gazetteer.loaders.csvs import csv_frames, need
from peelian.gazetteer.loaders.points import point_columns

_POSTCODE: Final = ("pcds", "postcode", "pcd", "pcd7", "pcd8", "pcd2", "pc")
_CODE_POINT: Final = ("postcode", "quality", "easting", "northing", "country", "rh", "lh", "cc", "dc", "wc")
_SHAPE: Final = r"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$"


def load(path: Path) -> Iterator[pl.DataFrame]:
    """Give each postcode's point, and its LSOA where the file has it.

    Raises:
        Refused: when a column is missing.
    """
    header: tuple[str, ...] | None = None
    for frame in csv_frames(path):
        if header is None and _bare(frame):
            header = _CODE_POINT
            break
        yield _entries(frame, path)
    if header is not None:
        for frame in csv_frames(path, header):
            yield _entries(frame, path)


def _bare(frame: pl.DataFrame) -> bool:
    """Whether the first line is already a postcode."""
    first = frame.columns[0].replace(" ", "").upper()
    return bool(pl.Series([first]).str.contains(_SHAPE)[0])


def _entries(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    code = need(frame, _POSTCODE, path)
    area = sorted((c for c in frame.columns if c.startswith("lsoa")), reverse=True)
    frame = point_columns(frame, path)
    text = pl.col(code).str.replace_all(r"\s", "").str.to_uppercase()
    return frame.select(
        "easting", "northing", kind=pl.lit("postcode"), code=pl.when(text.str.contains(_SHAPE)).then(text),
        area=pl.col(area[0]) if area else pl.lit(None, pl.String),
    )  # fmt: skip
