"""What lies over the map: interventions recorded here, a plan's visits, and counts on or near streets."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse

from peelian.api.asking import Asked, asks
from peelian.api.listing import parse_bbox
from peelian.api.overlays import interventions, plan_of
from peelian.api.street_points import Period, street_counts

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


@router.get("/{run}/street-counts.geojson")
def read_street_counts(
    asked: Annotated[Asked, Depends(asks("consultation", "street-level counts"))],
    bbox: Annotated[str | None, Query(max_length=120)] = None,
    place: int | None = None,
    period: Period = "year",
    step: int = 0,
) -> JSONResponse:
    """Give how many were recorded on or near each street (WGS84), within a box or in a place of the view."""
    found = street_counts(asked.run(), bbox=parse_bbox(bbox), place=place, period=period, step=step)
    return JSONResponse(found, media_type=_GEOJSON)
