"""One place: forecast, doubt, history and reasons."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from peelian.api.asking import Asked, asks
from peelian.api.places import place_detail

router = APIRouter(prefix="/api/v1/runs", tags=["places"])


@router.get("/{run}/places/{cell}")
def read_place(
    cell: int, asked: Annotated[Asked, Depends(asks("consultation", "place"))], step: int = 0
) -> dict[str, Any]:
    """Give all that is known of one place."""
    return place_detail(asked.run(), cell, step)
