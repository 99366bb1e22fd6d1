"""Features of OGC API - Features Part 1: Core (OGC 17-069r3, 2019): collections, cut and paged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl
import shapely

from peelian.api.export_shapes import Shapes, shapes
from peelian.api.export_table import export_frame
from peelian.api.listing import Box, parse_bbox
from peelian.api.run_folder import Run
from peelian.domain.errors import Misuse, NotFound

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MOST: Final = 10_000
USUAL: Final = 1_000


class BadRequest(Misuse):
    """A parameter that the standard answers with 400."""

    http_status = 400


@dataclass(frozen=True)
class Query:
    """What of a collection is asked for: at most `limit` features from `offset`, in a box, in a time."""

    limit: int = USUAL
    offset: int = 0
    box: Box | None = None
    first: date | None = None
    last: date | None = None


def parse_query(asked: Mapping[str, str]) -> Query:
    """Read limit, offset, bbox and datetime. A limit above the most is cut to it, as the standard says.

    Raises:
        BadRequest: a parameter that is not known, or not well formed.
    """
    unknown = sorted(set(asked) - {"limit", "offset", "bbox", "datetime", "f"})
    if unknown or asked.get("f", "json") != "json":
        raise BadRequest("a parameter is not known here", expected="limit, offset, bbox, datetime")
    try:
        box = parse_bbox(asked.get("bbox"))
    except Misuse as error:
        raise BadRequest(error.what, expected=error.expected) from None
    first, last = _interval(asked.get("datetime"))
    limit = _number(asked.get("limit"), USUAL, least=1)
    return Query(min(limit, MOST), _number(asked.get("offset"), 0, least=0), box, first, last)


def _number(text: str | None, usual: int, least: int) -> int:
    if text is None:
        return usual
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) < least:
        raise BadRequest("limit or offset is not a number", expected=f"a whole number, {least} or more")
    return int(text)


def _interval(text: str | None) -> tuple[date | None, date | None]:
    """Read an instant, or an interval whose ends may be open (`..` or nothing); RFC 3339."""
    if text is None:
        return None, None
    parts = text.split("/")
    if len(parts) > 2 or (len(parts) == 2 and all(part in ("", "..") for part in parts)):
        raise BadRequest("datetime is no interval", expected="such as 2026-11-02/2026-11-30")
    days = [None if part in ("", "..") and len(parts) == 2 else _day(part) for part in parts]
    if None not in days and days[0] > days[-1]:  # type: ignore[operator]
        raise BadRequest("datetime ends before it begins", expected="the earlier first")
    return days[0], days[-1]


def _day(text: str) -> date:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).date()
    except ValueError:
        raise BadRequest(
            "datetime is not a date", expected="such as 2026-11-02 or 2026-11-02T00:00:00Z"
        ) from None


@dataclass(frozen=True, eq=False)
class Held:
    """All features of a collection: rows by rank, step after step, and each row's shape."""

    frame: pl.DataFrame
    of: np.ndarray[Any, np.dtype[np.int64]]
    made: Shapes
    drawn: np.ndarray[Any, Any]


@lru_cache(maxsize=4)
def held_of(run: Run) -> Held:
    """Give a run's features; kept for a few runs, since clients ask page after page."""
    frame = export_frame(run, list(range(run.steps)), "expected").drop("layer", "value", "crs", "notice")
    codes: Any = getattr(run, "codes", None) or [str(cell) for cell in run.cells]
    at = {code: k for k, code in enumerate(codes)}
    made = shapes(run)
    return Held(frame, np.array([at[one] for one in frame["place"]]), made, shapely.to_geojson(made))


def chosen(run: Run, asked: Query) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Give the positions of the rows that a query matches."""
    held = held_of(run)
    keep = np.ones(len(held.frame), np.bool_)
    if asked.box is not None:
        inside = shapely.intersects(held.made, shapely.box(*asked.box))
        keep &= np.asarray(inside, np.bool_)[held.of]
    if asked.last is not None:
        keep &= (held.frame["period_start"].str.slice(0, 10) <= str(asked.last)).to_numpy()
    if asked.first is not None:  # a period ends before its `period_end`
        keep &= (held.frame["period_end"].str.slice(0, 10) > str(asked.first)).to_numpy()
    return np.flatnonzero(keep)


def items(run: Run, asked: Query, links: list[dict[str, str]]) -> bytes:
    """Give a page as GeoJSON, longitude first, with how many match."""
    at = chosen(run, asked)
    page = at[asked.offset : asked.offset + asked.limit]
    head = {
        "type": "FeatureCollection", "numberMatched": len(at), "numberReturned": len(page),
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"), "links": links,
    }  # fmt: skip
    return (json.dumps(head)[:-1] + ',"features":[' + ",".join(_features(run, page)) + "]}").encode()


def feature(run: Run, id_: str, links: list[dict[str, str]]) -> bytes:
    """Give one feature.

    Raises:
        NotFound: the collection has none of this id.
    """
    place, _, step = id_.rpartition(".")
    rows = held_of(run).frame
    found = rows.with_row_index("at").filter(
        (pl.col("place") == place) & (pl.col("step").cast(pl.String) == step)
    )
    if found.is_empty():
        raise NotFound("there is no such feature in this collection")
    text = next(iter(_features(run, np.array([found["at"][0]]))))
    return (text[:-1] + f',"links":{json.dumps(links)}}}').encode()


def _features(run: Run, at: np.ndarray[Any, Any]) -> list[str]:
    held = held_of(run)
    out = []
    for k, row in zip(at, held.frame[at].iter_rows(named=True), strict=True):
        id_ = json.dumps(f"{row['place']}.{row['step']}")
        said = json.dumps(row, ensure_ascii=False, allow_nan=False)
        out.append(f'{{"type":"Feature","id":{id_},"geometry":{held.drawn[held.of[k]]},"properties":{said}}}')
    return out
