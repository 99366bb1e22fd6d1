"""Location text to a point, a precision and how likely that is right. The text goes no further than this."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from peelian.gazetteer import grid_reference
from peelian.gazetteer.choose import Place, spread_of
from peelian.gazetteer.codes import postcode_text
from peelian.gazetteer.confidence import AT_LEAST, calibrated
from peelian.gazetteer.entries import Box
from peelian.gazetteer.index import Gazetteer
from peelian.gazetteer.mentions import Mention
from peelian.gazetteer.reading import place_of
from peelian.gazetteer.tokens import words_of

RESOLVED: Final[dict[str, pl.DataType]] = {
    "easting": pl.Float64(),
    "northing": pl.Float64(),
    "precision_m": pl.Float32(),
    "match": pl.Float32(),
    "area": pl.String(),
    "how": pl.String(),
}
MOST_M: Final = 1000.0
"""A place less exact than this is no point: the row counts in totals, and in its area if that is known."""
_POSTCODE_M: Final = 100.0
_LONGEST: Final = 300
_POSTCODE: Final = re.compile(r"\b([A-Za-z]{1,2}\d[A-Za-z\d]?)\s*(\d[A-Za-z]{2})\b")


def resolve(texts: pl.Series, gazetteer: Gazetteer, *, near: Box | None = None) -> pl.DataFrame:
    """Give one row a text, in its order: `easting`, `northing` (EPSG:27700 metres; null unresolved),
    `precision_m`, `match` (how likely the point is right, 0 to 1), `area` (LSOA; of an unresolved text, the
    smallest one its words lie in) and `how` it was found.

    Each distinct text is read once. A house is never looked for: its street is. `near` keeps to a box.
    """
    wanted = texts.cast(pl.String).str.strip_chars().replace("", None).alias("text").to_frame()
    distinct = wanted["text"].unique().drop_nulls().to_list()
    try:
        rows = [(text, *_row(_one(text, gazetteer, near))) for text in distinct]
    finally:
        gazetteer.speller.forget()
    table = pl.DataFrame(rows, schema={"text": pl.String(), **RESOLVED}, orient="row")
    found = wanted.join(table, on="text", how="left", maintain_order="left")
    return found.select(pl.col(name) for name in RESOLVED).with_columns(pl.col("how").fill_null("no text"))


def _row(place: Place) -> tuple[object, ...]:
    if place.score < AT_LEAST or place.how in ("area", "none", "too wide", "contradiction"):
        return None, None, None, place.score if place.how != "none" else 0.0, place.area, place.how
    return place.easting, place.northing, place.precision_m, place.score, place.area, place.how


def _one(text: str, gazetteer: Gazetteer, near: Box | None) -> Place:
    text = text[:_LONGEST]
    reference = grid_reference.IN_TEXT.search(text)
    if reference:
        at = grid_reference.to_point(reference[0])
        if at is not None:
            return Place(at.easting, at.northing, at.precision_m, 0.98, "grid reference")
    text, code = _take_postcode(text, gazetteer)
    point = (code.easting, code.northing) if code else None
    place, areas = place_of(words_of(text), gazetteer, point, near)
    if place is None and code is not None:
        elsewhere, areas = place_of(words_of(text), gazetteer, None, near)
        if elsewhere is None or calibrated(elsewhere.score) < AT_LEAST or elsewhere.how == "ambiguous":
            return code
        return Place(0.0, 0.0, 0.0, 0.0, "contradiction", None)  # the words and the postcode disagree
    if place is None:
        return Place(0.0, 0.0, 0.0, 0.0, "area" if areas else "none", _smallest(gazetteer, areas))
    score = calibrated(place.score)
    known = place.area or (code.area if code else None)
    if place.how == "ambiguous" or score < AT_LEAST:
        if code is not None:
            return code
        return Place(0, 0, 0, min(score, AT_LEAST - 0.01), place.how, _smallest(gazetteer, areas))
    if place.precision_m > MOST_M:
        return Place(0, 0, 0, score, "too wide", _smallest(gazetteer, areas))
    return Place(place.easting, place.northing, place.precision_m, score, place.how, known)


def _take_postcode(text: str, gazetteer: Gazetteer) -> tuple[str, Place | None]:
    """Take a postcode the gazetteer knows out of a text."""
    for found in _POSTCODE.finditer(text):
        row = postcode_text(gazetteer, found[1] + found[2])
        if row is not None:
            east, north, spread, area = row
            rest = f"{text[: found.start()]}, {text[found.end() :]}"
            return rest, Place(east, north, max(spread or 0.0, _POSTCODE_M), 0.95, "postcode", area)
    return text, None


def _smallest(gazetteer: Gazetteer, areas: list[Mention]) -> str | None:
    """Give the area code of the smallest area named whose code is known; none when two are as small."""
    known = [
        (spread_of(gazetteer, row), str(gazetteer.area[row]))
        for mention in areas
        for row, quality in mention.of_kind(gazetteer, "area")
        if gazetteer.area[row] and quality > 0.9
    ]
    if not known:
        return None
    least = min(spread for spread, _ in known)
    codes = {code for spread, code in known if spread <= least * 1.01}
    return codes.pop() if len(codes) == 1 else None
