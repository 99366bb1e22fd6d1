"""Where warnings are drawn: a circle, or outlines of areas; repeats at one point by LSOA, or not at all."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import shapely

from peelian.api.projection import lonlat
from peelian.domain import warning_words as words
from peelian.domain.warning import EarlyWarning
from peelian.store.runs import list_runs
from peelian.store.warning_records import HeldWarning
from peelian.store.workspace import Workspace

_CORNERS: Final = 48
_LEAST_M: Final = 125.0
"""A warning of one square is drawn as wide as the square."""
_DIGITS: Final = 6


def collection(ws: Workspace, warnings: Iterable[HeldWarning]) -> dict[str, Any]:
    """Give a GeoJSON collection (WGS84); a warning that must not be drawn has no geometry."""
    return {"type": "FeatureCollection", "features": [_feature(ws, one) for one in warnings]}


def _feature(ws: Workspace, one: HeldWarning) -> dict[str, Any]:
    card = one.card
    said = {
        "id": one.id, "kind": one.kind, "target": one.target, "state": one.state, "where": words.where(card),
        "since": card.start.isoformat(), "as_of": one.as_of.isoformat(), "sentence": words.sentence(card),
        "strength": round(card.strength, 2) if math.isfinite(card.strength) else None,
        "plannable": one.plannable, "link": f"/warnings/{one.id}",
    }  # fmt: skip
    return {"type": "Feature", "id": one.id, "geometry": shape_of(ws, card), "properties": said}


def shape_of(ws: Workspace, card: EarlyWarning) -> dict[str, Any] | None:
    """Give a warning's geometry: its areas' outlines where held, else its circle if it may have one."""
    if card.support in words.COARSE:
        held = outline(ws.home / "settings" / "boundaries" / f"{card.support}.parquet", card.places)
        if held is not None:
            return held
    return _circle(ws, card) if words.has_point(card) else None


def outline(file: Path, codes: tuple[str, ...]) -> dict[str, Any] | None:
    """Give the outline of some areas of a boundary file, together; None where it holds none of them."""
    if not file.is_file() or not codes:
        return None
    return _read_outline(file, file.stat().st_mtime_ns, codes)


@lru_cache(maxsize=512)
def _read_outline(file: Path, _modified: int, codes: tuple[str, ...]) -> dict[str, Any] | None:
    rows = pl.scan_parquet(file).filter(pl.col("code").is_in(list(codes))).select("wkb").collect()
    if rows.is_empty():
        return None
    whole = shapely.union_all(shapely.from_wkb(rows["wkb"].to_list()))
    made: dict[str, Any] = json.loads(shapely.to_geojson(shapely.set_precision(whole, 10.0**-_DIGITS)))
    return made


def _circle(ws: Workspace, card: EarlyWarning) -> dict[str, Any] | None:
    if not (math.isfinite(card.easting) and math.isfinite(card.northing)):
        return None
    crs, metre = _crs_of(ws, card.area)
    radius = max(card.radius_m if math.isfinite(card.radius_m) else 0.0, _LEAST_M)
    turn = np.linspace(0.0, 2 * np.pi, _CORNERS, endpoint=False)
    x, y = card.easting + radius * np.cos(turn), card.northing + radius * np.sin(turn)
    lon, lat = lonlat(crs, x / metre, y / metre)
    ring = [[round(float(a), _DIGITS), round(float(b), _DIGITS)] for a, b in zip(lon, lat, strict=True)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _crs_of(ws: Workspace, area: str) -> tuple[str, float]:
    """Give the area's projection and the metres in its unit, from a run of it; else the National Grid."""
    grid = next((run.card.get("grid") for run in list_runs(ws, area, last=1)), None) or {}
    return str(grid.get("crs", "EPSG:27700")), float(grid.get("unit_m", 1.0))
