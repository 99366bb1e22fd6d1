"""Where a row gives no coordinates: a local gazetteer resolves what it gives, in memory.

Text that says where is dropped from the frame here, whether or not it was resolved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from peelian.domain.errors import Misuse
from peelian.gazetteer import Gazetteer, grid_points, load, look_up, resolve
from peelian.sources.table.mapping import Mapping

IMPORT: Final = "peelian context import"
_WORDS: Final = {
    "uprn": "UPRNs", "usrn": "USRNs", "grid_reference": "grid references", "postcode": "postcodes",
    "location_text": "location texts",
}  # fmt: skip
_CERTAIN: Final = 0.99  # a code that the gazetteer holds; codes are mistyped too
_APART_M: Final = 2000.0
_FOUND: Final[dict[str, pl.DataType]] = {
    "easting": pl.Float64(), "northing": pl.Float64(), "precision_m": pl.Float32(), "match": pl.Float32(),
    "area": pl.String(),
}  # fmt: skip


@dataclass
class Tally:
    """Of a file: how many rows without coordinates said where in each way, and how many got a point."""

    given: dict[str, int] = field(default_factory=dict)
    placed: dict[str, int] = field(default_factory=dict)
    missing: bool = False  # there is no gazetteer

    def add(self, way: str, given: int, placed: int) -> None:
        """Count one chunk's rows."""
        self.given[way] = self.given.get(way, 0) + given
        self.placed[way] = self.placed.get(way, 0) + placed

    def sentences(self, file: str) -> list[str]:
        """Say what became of them, without a word of any."""
        said = []
        for way, given in self.given.items():
            if not given:
                continue
            placed = self.placed[way]
            share = "all" if placed == given else f"{min(100 * placed // given, 99)} %"
            said.append(f"{placed:,} of {given:,} {_WORDS[way]} in {file} resolved to a point ({share})")
        if self.missing and any(self.given.get(w, 0) > self.placed.get(w, 0) for w in self.given):
            said.append(
                f"no place names are held here, so those rows of {file} have no place; "
                f"bring some in with {IMPORT}, then ingest the file again"
            )
        return said


def add_resolved(
    frame: pl.DataFrame, mapping: Mapping, gazetteer: str | None, tally: Tally | None = None
) -> pl.DataFrame:
    """Fill `_e`, `_n` (EPSG:27700 metres) where they are null; add `_precision` (m) and `_match` (0 to 1).

    Also `_lsoa`: the smallest area known of a row whose point is not. The text itself is dropped here.
    `gazetteer` is the path of the workspace's gazetteer file, None where there is none. A row that says where
    in several ways gets the most exact point; a text's point must lie near that of its row's code.

    Raises:
        Misuse: the mapping's cells are not in British National Grid.
    """
    frame = frame.with_columns(
        _precision=pl.lit(None, pl.Float32), _match=pl.lit(None, pl.Float32), _lsoa=pl.lit(None, pl.String)
    )
    ways = mapping.columns.resolved
    if not ways:
        return frame
    if mapping.project_to != "EPSG:27700":
        raise Misuse(
            f"the mapping says where by {', '.join(ways)} and projects to {mapping.project_to}",
            expected="project_to: EPSG:27700, for place names and codes are Great Britain's",
        )
    tally = tally if tally is not None else Tally()
    unplaced = frame.select(_without_coordinates(mapping)).to_series()
    places = load(gazetteer) if gazetteer and Path(gazetteer).is_file() else None
    tally.missing |= places is None and any(way != "grid_reference" for way in ways)
    best: pl.DataFrame | None = None
    for way in ways:
        texts = frame[way].cast(pl.String).str.strip_chars().replace("", None)
        found = _find(way, texts.zip_with(unplaced, pl.Series([None], dtype=pl.String)), places)
        given = texts.is_not_null() & unplaced
        tally.add(way, int(given.sum()), int((found["easting"].is_not_null() & given).sum()))
        best = found if best is None else _better(best, found)
    assert best is not None
    filled = frame.hstack(best.rename(lambda name: f"_best_{name}")).with_columns(
        _e=pl.coalesce("_e", "_best_easting"), _n=pl.coalesce("_n", "_best_northing"),
        _precision=pl.col("_best_precision_m"), _match=pl.col("_best_match"), _lsoa=pl.col("_best_area"),
    )  # fmt: skip
    return filled.drop([f"_best_{name}" for name in _FOUND], *ways)


def _without_coordinates(mapping: Mapping) -> pl.Expr:
    """Rows that give no coordinates at all; wrong ones are not made good by a name."""
    columns = mapping.columns
    if not (columns.easting or columns.longitude):
        return pl.col("row").is_not_null()
    x, y = ("easting", "northing") if columns.easting else ("longitude", "latitude")
    return pl.col(x).is_null() & pl.col(y).is_null()


def _find(way: str, texts: pl.Series, places: Gazetteer | None) -> pl.DataFrame:
    if way == "grid_reference":
        found = grid_points(texts)
    elif places is None:
        return pl.DataFrame(schema=_FOUND).clear(texts.len())
    elif way == "location_text":
        return resolve(texts, places).select(list(_FOUND))
    else:
        found = look_up(way, texts, places)
    some = pl.col("easting").is_not_null()
    return found.with_columns(match=pl.when(some).then(pl.lit(_CERTAIN, pl.Float32))).select(list(_FOUND))


def _better(best: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Row by row the more exact point; the other only where it is near what was found before."""
    both = best.hstack(other.rename(lambda name: f"o_{name}"))
    apart = (
        (pl.col("easting") - pl.col("o_easting")) ** 2 + (pl.col("northing") - pl.col("o_northing")) ** 2
    ).sqrt()
    nearer = (pl.col("o_precision_m") < pl.col("precision_m")) & (apart <= _APART_M)
    take = pl.col("easting").is_null() | nearer.fill_null(False)
    take = take & pl.col("o_easting").is_not_null()
    points = [
        pl.when(take).then(f"o_{name}").otherwise(name).alias(name) for name in _FOUND if name != "area"
    ]
    area: pl.Expr = pl.when(take).then(pl.coalesce("o_area", "area")).otherwise(pl.coalesce("area", "o_area"))
    return both.select(*points, area.alias("area"))


def say(tally: Tally, file: str, tell: Callable[[str], None]) -> None:
    """Tell the sentences of a file's tally."""
    for sentence in tally.sentences(file):
        tell(sentence)
