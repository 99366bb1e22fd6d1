"""What of warnings, entries and actions lies in a part of an area, as far as their places are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

import shapely

from peelian.api.named_areas import NamedArea
from peelian.api.overlays import Shapes
from peelian.api.run_folder import Run
from peelian.api.warning_shapes import shape_of
from peelian.store.actions import HeldAction
from peelian.store.catalogue import reading
from peelian.store.interventions import HeldEntry
from peelian.store.problems import get_problem
from peelian.store.warning_records import HeldWarning
from peelian.store.workspace import Workspace

_LEAST: Final = 0.01
"""Of the smaller of two shapes, the share that they must have in common."""


class Within:
    """Tells what lies in an area; without one, all does. What cannot be placed is in no part."""

    def __init__(self, ws: Workspace, run: Run, area: NamedArea | None) -> None:
        self._ws, self._run, self._area = ws, run, area

    def warning(self, one: HeldWarning) -> bool:
        """Tell by the shape it may be shown by."""
        return self._area is None or self._meets(shape_of(self._ws, one.card))

    def entry(self, one: HeldEntry) -> bool:
        """Tell by the places it names."""
        return self._named(one.entry.area_kind, one.entry.places)

    def action(self, one: HeldAction) -> bool:
        """Tell by the places of the problem it belongs to."""
        if self._area is None:
            return True
        with reading(self._ws) as conn:
            problem = get_problem(conn, one.problem).problem
        return self._named(problem.area_kind, problem.places)

    def _named(self, kind: str, places: Sequence[str]) -> bool:
        area = self._area
        if area is None or (kind == area.kind and area.code in places):
            return True
        return self._meets(self._shapes.of(kind, places))

    @cached_property
    def _shapes(self) -> Shapes:
        return Shapes(self._ws, self._whole)

    @property
    def _whole(self) -> Run:
        """Give the run of the whole area: a place's squares may lie on both sides of the part's edge."""
        return getattr(self._run, "of", self._run)

    def _meets(self, geometry: dict[str, Any] | None) -> bool:
        """Tell whether a shape reaches into the area; a shared edge (rounded, a sliver) does not."""
        if geometry is None or self._area is None:
            return False
        shape, mine = shapely.make_valid(shapely.from_geojson(json.dumps(geometry))), self._area.shape
        both = float(shapely.area(shapely.intersection(shape, mine)))
        return both > _LEAST * min(float(shapely.area(shape)), float(shapely.area(mine)))
