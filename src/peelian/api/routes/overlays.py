"""What lies over the map: interventions recorded here, and a plan's visits."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse

from peelian.api.asking import Asked, asks
from peelian.api.overlays import interventions, plan_of

router = APIRouter(prefix="/api/v1/runs", tags=["overlays"])
_GEOJSON = "application/geo+json"


@router.get("/{run}/interventions.geojson")
def read_interventions(
    asked: Annotated[Asked, Depends(asks("consultation", "interventions on the map"))],
) -> JSONResponse:
    """Give the area's interventions as done (WGS84); powers that are only recorded are left out."""
    return JSONResponse(interventions(asked.ws, asked.run()), media_type=_GEOJSON)


@router.get("/{run}/plan.geojson")
def read_plan_shapes(
    asked: Annotated[Asked, Depends(asks("consultation", "plan on the map"))],
    plan: Annotated[str | None, Query(max_length=120)] = None,
) -> JSONResponse:
    """Give a plan's visits by place (WGS84): of `plan`, else of the area's newest."""
    return JSONResponse(plan_of(asked.ws, asked.run(), plan), media_type=_GEOJSON)
