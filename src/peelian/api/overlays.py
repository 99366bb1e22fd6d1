"""What lies over the map: interventions as done, and a plan's visits, as outlines with a label each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from peelian.api.languages import plain, plural, told
from peelian.api.projection import lonlat
from peelian.api.run_folder import Run
from peelian.api.warning_shapes import outline
from peelian.api.wording import day, number
from peelian.domain.errors import NotFound
from peelian.domain.recorded_only import names_power
from peelian.store.catalogue import reading
from peelian.store.interventions import HeldEntry, list_entries
from peelian.store.plans import HeldPlan, get_plan, list_plans, read_outlines, read_visits
from peelian.store.workspace import Workspace

_DIGITS = 6
_MOST = 2000


def interventions(ws: Workspace, run: Run) -> dict[str, Any]:
    """Give the area's entries that stand, one feature each (WGS84), newest days first.

    Powers that are recorded only are never drawn; `left_out` counts them. An entry whose places this run
    does not know has no geometry and is in the list alone.
    """
    held = list_entries(ws, area=str(run.card["area"]["code"]), last=_MOST)
    drawn = [one for one in held if not names_power(one.entry.kind, one.entry.title)]
    shapes = Shapes(ws, run)
    return _collection((_entry(one, shapes) for one in drawn), left_out=len(held) - len(drawn))


def plan_of(ws: Workspace, run: Run, plan: str | None) -> dict[str, Any]:
    """Give the visits of a plan, or of the area's newest, place by place; `plans` lists those there are.

    Raises:
        NotFound: no such plan.
    """
    area = str(run.card["area"]["code"])
    known = [one for one in list_plans(ws) if one.area == area]
    with reading(ws) as conn:
        made = get_plan(conn, plan) if plan else (known[0] if known else None)
    if made is not None and made.area != area:
        raise NotFound("this plan is of another area", do="open the map of its own area")
    features = [] if made is None else _visits(ws, run, made)
    choice = [{"id": one.id, "start": str(one.start), "state": one.state} for one in known[:20]]
    return _collection(features, plan=made and made.id, state=made and made.state, plans=choice)


def _entry(held: HeldEntry, shapes: Shapes) -> dict[str, Any]:
    entry = held.entry
    last = entry.end - timedelta(days=1)
    when = day(entry.start)
    if last > entry.start:
        when = plain("{first} to {last}", first=when, last=day(last))
    said = {
        "id": entry.id, "label": entry.title or entry.kind, "when": when, "start": str(entry.start),
        "end": str(entry.end), "link": "/interventions", "cell": shapes.first_cell(entry.places),
        "words": f"{entry.dose:g} {entry.dose_unit}, {entry.agency}, {when}",
    }  # fmt: skip
    return {
        "type": "Feature", "id": entry.id, "properties": said,
        "geometry": shapes.of(entry.area_kind, entry.places),
    }  # fmt: skip


def _visits(ws: Workspace, run: Run, made: HeldPlan) -> list[dict[str, Any]]:
    shapes, outlines = Shapes(ws, run), read_outlines(ws, made.id)
    out: list[dict[str, Any]] = []
    rows = read_visits(ws, made.id).partition_by("place", maintain_order=True)
    for place in rows:
        row = place.row(0, named=True)
        option = str(row.get("option") or row.get("kind") or "").replace("-", " ")
        many = place.height
        words = plural("{n} visit", "{n} visits", many) + (f", {option}" if option else "")
        if row.get("expected") is not None:
            words = plain("{visits}; expected {mean}", visits=words, mean=number(float(row["expected"])))
        code = str(row["place"])
        said = {
            "id": code, "label": f"{many} × {row['name']}" if many > 1 else str(row["name"]),
            "words": told(words), "link": f"/plans/{made.id}", "cell": shapes.first_cell((code,)),
            "when": day(made.start),
        }  # fmt: skip
        shape = shapes.of("cell" if code.isdecimal() else "lsoa", (code,))
        shape = shape or (json.loads(outlines[code]) if code in outlines else None)
        out.append({"type": "Feature", "id": code, "properties": said, "geometry": shape})
    return out


class Shapes:
    """Outlines of a run's places: squares by number, larger places by code."""

    def __init__(self, ws: Workspace, run: Run) -> None:
        self._run = run.base
        self._boundaries = ws.home / "settings" / "boundaries"

    def of(self, kind: str, places: Sequence[str]) -> dict[str, Any] | None:
        """Give the geometry of some places; None where none of them is known."""
        if kind in {"cell", "cells"}:
            return self._squares([one for one in places if self.first_cell((one,)) is not None])
        return outline(self._boundaries / f"{kind}.parquet", tuple(places)) if kind.isalpha() else None

    def first_cell(self, places: Sequence[str]) -> int | None:
        """Give the first place's number where it is a square of the run."""
        text = places[0] if places else ""
        if not text.isdecimal():
            return None
        cell = int(text)
        at = int(np.searchsorted(self._run.cells, cell))
        return cell if at < len(self._run.cells) and int(self._run.cells[at]) == cell else None

    def _squares(self, cells: Sequence[str]) -> dict[str, Any] | None:
        if not cells:
            return None
        x, y = self._run.grid.corner(np.array([int(one) for one in cells], np.int64))
        side = self._run.grid.size
        ring_x = np.stack([x, x + side, x + side, x, x], axis=1)
        ring_y = np.stack([y, y, y + side, y + side, y], axis=1)
        lon, lat = lonlat(self._run.grid.crs, ring_x, ring_y)
        rings = np.round(np.stack([lon, lat], axis=2), _DIGITS).tolist()
        return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}


def _collection(features: Iterable[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}
