"""Health: whether the server answers and reads its records."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request

from peelian import __version__
from peelian.api.asking import Asked, asks

router = APIRouter(prefix="/api/v1", tags=["health"])


@router.get("/health")
def read_health(asked: Annotated[Asked, Depends(asks("consultation", "health"))]) -> dict[str, Any]:
    """Say that all is well and which run is the newest."""
    return {"status": "ok", "version": __version__, "latest_run": asked.run_id}


@router.get("/openapi.json", include_in_schema=False)
def read_description(
    request: Request, _asked: Annotated[Asked, Depends(asks("consultation", "api description"))]
) -> dict[str, Any]:
    """Describe the API (OpenAPI)."""
    return request.app.openapi()  # type: ignore[no-any-return]
