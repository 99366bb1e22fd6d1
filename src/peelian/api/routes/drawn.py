"""An area someone drew or picked: one route adds it up, so that its figures are the file's."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from peelian.api.asking import Asked, asks
from peelian.api.drawn_area import read_shape, summed

router = APIRouter(prefix="/api/v1/runs", tags=["drawn areas"])


@router.get("/{run}/drawn")
def read_drawn(
    asked: Annotated[Asked, Depends(asks("consultation", "drawn area"))],
    shape: Annotated[str, Query(max_length=6000)],
    step: int = 0,
) -> dict[str, Any]:
    """Give counts, forecast, trend and share of an area: a polygon on the lattice, or places picked."""
    return summed(read_shape(asked.run(), shape), step)
