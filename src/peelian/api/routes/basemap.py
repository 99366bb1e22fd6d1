"""The map beneath the map, from this origin only."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.basemap import FAR, held_file, os_key, read_basemap
from peelian.api.far_map import fetch
from peelian.domain.errors import NotFound
from peelian.store.tile_file import tile

router = APIRouter(prefix="/api/v1/basemap", tags=["basemap"])
_Level = Annotated[int, Path(ge=0, le=22)]
_Place = Annotated[int, Path(ge=0, lt=1 << 22)]
_DAY = {"cache-control": "private, max-age=86400"}


@router.get("")
def read_setting(asked: Annotated[Asked, Depends(asks("consultation", "basemap"))]) -> dict[str, Any]:
    """Say which basemap is in use and where its parts are, on this origin."""
    return read_basemap(asked.ws.home).told(asked.ws.home)


@router.get("/scene.geojson")
def read_scene(asked: Annotated[Asked, Depends(asks("consultation", "basemap"))]) -> FileResponse:
    """Give the scene made from local OS files (WGS84)."""
    return FileResponse(held_file(asked.ws.home, "scene"), media_type="application/geo+json")


@router.get("/map.pmtiles")
def read_archive(asked: Annotated[Asked, Depends(asks("consultation", "basemap"))]) -> FileResponse:
    """Give the tile archive, in the parts asked for by Range."""
    return FileResponse(held_file(asked.ws.home, "pmtiles"), media_type="application/octet-stream")


@router.get("/tiles/{z}/{x}/{y}")
def read_tile(
    z: _Level, x: _Place, y: _Place, asked: Annotated[Asked, Depends(asks("consultation", "basemap"))]
) -> Response:
    """Give a vector tile of the MBTiles file; 204 where it holds none."""
    found = tile(held_file(asked.ws.home, "mbtiles"), z, x, y)
    if found is None:
        return Response(status_code=204, headers=_DAY)
    headers = _DAY | ({"content-encoding": "gzip"} if found[1] else {})
    return Response(found[0], media_type="application/x-protobuf", headers=headers)


@router.get("/far/{path:path}")
def read_far(
    request: Request, path: str, asked: Annotated[Asked, Depends(asks("consultation", "basemap"))]
) -> Response:
    """Give a part of the far style in use, fetched by the server from its one fixed address."""
    setting = read_basemap(asked.ws.home)
    if setting.kind not in {"style", "os"}:
        raise NotFound("no far basemap is in use here", do="see: peelian basemap show")
    key = os_key() if setting.kind == "os" else ""
    own = f"{str(request.base_url).rstrip('/')}{FAR}"
    body, kind = fetch(setting.base, path, request.url.query, key, own, private=setting.private)
    return Response(body, media_type=kind, headers=_DAY)
