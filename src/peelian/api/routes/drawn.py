"""An area someone drew or picked: one route adds it up, so that its figures are the file's."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query

from peelian.api.asking import Asked, asks
from peelian.api.drawn_area import read_shape, squares, summed
from peelian.api.named_areas import area_named, areas_of, squares_in

router = APIRouter(prefix="/api/v1/runs", tags=["drawn areas"])
_NAMED: Final = "n"


@router.get("/{run}/drawn")
def read_drawn(
    asked: Annotated[Asked, Depends(asks("consultation", "drawn area"))],
    shape: Annotated[str, Query(max_length=6000)],
    step: int = 0,
) -> dict[str, Any]:
    """Give counts, forecast, trend and share of an area: on the lattice, of places picked, or by name.

    By name: `n` and an area's kind and code, as `/areas` gives them (`nward:E05000001`).
    """
    run = asked.run()
    if shape[:1] == _NAMED:
        area = area_named(asked.ws, run, shape[1:])
        return summed(squares(run, squares_in(run, area), f"{_NAMED}{area.key}"), step) | {"name": area.title}
    return summed(read_shape(run, shape), step)


@router.get("/{run}/areas")
def read_areas(
    asked: Annotated[Asked, Depends(asks("consultation", "named areas"))],
) -> dict[str, Any]:
    """List the areas held here with a square of the run in them: wards, beats, LSOAs, a force's own."""
    found = areas_of(asked.ws, asked.run())
    return {"areas": [{"key": one.key, "name": one.name, "kind": one.kind} for one in found]}
