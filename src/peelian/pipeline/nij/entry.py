"""An entry: the flagged cells of one category, horizon and area, frozen before any truth is read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from peelian.domain.grid import Floats
from peelian.pipeline.nij.cells import CellTable
from peelian.pipeline.nij.events import Events
from peelian.pipeline.nij.ranking import Ranker
from peelian.pipeline.nij.rules import CRS, FLAGGED, MILE, check_flagged
from peelian.pipeline.nij.scoring import Score
from peelian.pipeline.nij.tessellation import Keys, Tessellation


@dataclass(frozen=True, eq=False)
class Entry:
    """One frozen map: the cells that cover the study area, trimmed at its edge, and which are flagged.

    Shapes: `keys`, `shapes`, `hotspot` (C,). The same map serves all horizons from `origin`.
    """

    category: str
    origin: date
    miles: float
    tessellation: Tessellation
    ranker: dict[str, Any]
    keys: Keys
    shapes: npt.NDArray[np.object_]
    hotspot: npt.NDArray[np.bool_]

    @property
    def flagged(self) -> float:
        """Flagged area in square feet, trimmed cells as trimmed."""
        return float(shapely.area(self.shapes[self.hotspot]).sum())

    def geojson(self) -> str:
        """Give all cells with `hotspot` 0 or 1, in EPSG:2913 feet to a hundredth, as the challenge asked.

        RFC 7946 wants WGS84; the challenge wanted its own projection, and a `crs` member says so.
        """
        rows = []
        rounded = shapely.set_precision(self.shapes, 0.01)
        for key, shape, hot in zip(self.keys, shapely.to_geojson(rounded), self.hotspot, strict=True):
            about = json.dumps({"cell": int(key), "hotspot": int(hot)})
            rows.append(f'{{"type":"Feature","properties":{about},"geometry":{shape}}}')
        crs = json.dumps(
            {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{CRS.replace(':', '::')}"}}
        )
        return f'{{"type":"FeatureCollection","crs":{crs},"features":[\n' + ",\n".join(rows) + "\n]}\n"

    def to_json(self) -> dict[str, Any]:
        """Give what was filed, without the shapes, which follow from it."""
        return {
            "category": self.category, "origin": str(self.origin), "square_miles": self.miles,
            "flagged_square_feet": round(self.flagged, 1), "cells": len(self.keys),
            "tessellation": vars(self.tessellation), "ranker": self.ranker,
            "hotspots": self.keys[self.hotspot].tolist(),
        }  # fmt: skip

    def scored(self, events: Events, first: date, last: date, area: float) -> Score:
        """Score the window from `first` to the day before `last`; `area` is the study area, square feet.

        n* is the most that as many cells of this tessellation could have held.
        """
        happened = events.between(first, last)
        at = self.tessellation.key_of(happened.x, happened.y)
        _, counts = np.unique(at, return_counts=True)
        best = np.sort(counts)[::-1][: int(self.hotspot.sum())].sum()
        caught = int(np.isin(at, self.keys[self.hotspot]).sum())
        return Score(len(happened), caught, float(best), self.flagged / area)


def digest_of(entries: list[Entry]) -> str:
    """Give the SHA-256 of all entries as filed."""
    text = json.dumps([entry.to_json() for entry in entries], sort_keys=True)
    return sha256(text.encode()).hexdigest()


def freeze(
    category: str, origin: date, miles: float, table: CellTable, ranker: Ranker, boundary: shapely.Geometry
) -> Entry:
    """Flag the highest cells until the area is legal, and as near to `miles` as whole cells allow.

    Raises:
        Misuse: the flagged area cannot be made legal.
    """
    keys, shapes = table.tessellation.covering(boundary)
    value = np.zeros(len(keys))
    at = np.searchsorted(table.keys, keys)
    inside = at < len(table.keys)
    inside[inside] = table.keys[at[inside]] == keys[inside]
    value[inside] = ranker.values(table, origin)[at[inside]]
    hot = _fill(value, shapely.area(shapes), miles)
    entry = Entry(category, origin, miles, table.tessellation, ranker.words(), keys, shapes, hot)
    check_flagged(entry.flagged)
    return entry


def _fill(value: Floats, size: Floats, miles: float) -> npt.NDArray[np.bool_]:
    """Take the highest cells: just reaching the least area, or as many as fit in the most."""
    order = np.argsort(-np.round(value, 9), kind="stable")
    whole = np.cumsum(size[order])
    wanted = miles * MILE**2
    least = miles <= FLAGGED[0]
    count = int(np.searchsorted(whole, wanted)) + 1 if least else int(np.searchsorted(whole, wanted, "right"))
    out = np.zeros(len(value), bool)
    out[order[:count]] = True
    return out
