"""Byte layers: immutable, so browsers keep them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from peelian.api.asking import Asked, asks

router = APIRouter(prefix="/api/v1/runs", tags=["layers"])


@router.get("/{run}/layers/{layer}.u8")
def read_layer(
    request: Request, layer: str, asked: Annotated[Asked, Depends(asks("consultation", "map layer"))]
) -> Response:
    """Give steps x rows x columns bytes, the southernmost row first."""
    drawn = asked.layer(asked.run(), layer)
    etag = f'"{drawn.etag}"'
    fixed = request.path_params["run"] != "latest" and request.query_params.get("v") == drawn.etag
    cache = "private, max-age=31536000, immutable" if fixed else "private, no-cache"
    headers = {"etag": etag, "cache-control": cache}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(drawn.body, media_type="application/octet-stream", headers=headers)
