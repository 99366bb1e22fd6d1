"""Early warnings by API: listed, one in full, on the map, and a step further. A step tasks nobody."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from peelian.api.asking import Asked, asks
from peelian.api.warning_shapes import collection
from peelian.api.warning_view import detail_of, summary_of
from peelian.guard.typed import sound_step
from peelian.store.outbox import list_messages
from peelian.store.warning_life import steps_of, take_step
from peelian.store.warning_records import get_warning, list_warnings

router = APIRouter(prefix="/api/v1", tags=["warnings"])
StateAsked = Literal["open", "all", "new", "seen", "assigned", "acted", "closed"]
Code = Annotated[str | None, Query(max_length=80)]
Words = Annotated[str, Field(max_length=1000)]


class NewStep(BaseModel):
    """A step: `version` is the warning's as it was looked at; what a state needs besides, see the docs."""

    model_config = ConfigDict(extra="forbid")

    step: Annotated[str, Field(max_length=10)]
    reason: Words
    version: Annotated[int, Field(ge=0)]
    agency: Words = ""
    team: Words = ""
    intervention: Words = ""
    outcome: Words = ""


@router.get("/warnings")
def read_warnings(
    asked: Annotated[Asked, Depends(asks("consultation", "early warnings"))],
    state: StateAsked = "open", target: Code = None, area: Code = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1, limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> dict[str, Any]:  # fmt: skip
    """List warnings, those not closed first, the newest first; `total` counts all that were asked for."""
    found = list_warnings(
        asked.ws, state=None if state == "all" else state, target=target, area=area, last=limit,
        skip=(page - 1) * limit,
    )  # fmt: skip
    return {"warnings": [summary_of(one) for one in found.rows], "total": found.total, "page": page}


@router.get("/warnings.geojson")
def read_shapes(
    asked: Annotated[Asked, Depends(asks("consultation", "early warnings on the map"))],
    state: StateAsked = "open", target: Code = None, area: Code = None,
) -> JSONResponse:  # fmt: skip
    """Give up to 500 warnings as GeoJSON (WGS84): circles or areas; repeats by LSOA, or undrawn."""
    wanted = None if state == "all" else state
    found = list_warnings(asked.ws, state=wanted, target=target, area=area, last=500)
    return JSONResponse(collection(asked.ws, found.rows), media_type="application/geo+json")


@router.get("/warnings/{warning}")
def read_warning(
    warning: str, asked: Annotated[Asked, Depends(asks("consultation", "early warning"))]
) -> dict[str, Any]:
    """Give one warning: its card, its life so far, the steps that may follow, and who was told."""
    one = get_warning(asked.ws, warning)
    return detail_of(one, steps_of(asked.ws, warning), list_messages(asked.ws, warning=warning))


@router.post("/warnings/{warning}/steps", status_code=201)
def write_step(
    warning: str, new: NewStep, asked: Annotated[Asked, Depends(asks("alteration", "early warning"))]
) -> dict[str, Any]:
    """Take a step with its reason: 409 when it may not follow, or the warning has changed since `version`."""
    words = {name: getattr(new, name) for name in ("reason", "agency", "team", "intervention", "outcome")}
    step = sound_step(new.step, **words)
    return summary_of(take_step(asked.ws, asked.actor, asked.purpose, warning, step, version=new.version))
