"""OGC API - Features at /ogc: QGIS, ArcGIS and GDAL read the newest forecasts without a plug-in of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

import numpy as np
from fastapi import APIRouter, Depends
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from peelian import __version__
from peelian.api.asking import Asked, House, asks
from peelian.api.export_table import notice
from peelian.api.level_run import views
from peelian.api.ogc_features import CRS84, chosen, feature, items, parse_query
from peelian.api.run_folder import Run
from peelian.domain.errors import NotFound
from peelian.store.runs import RunRow, list_runs

router = APIRouter(prefix="/ogc", tags=["ogc-api-features"])
_CLASSES: Final = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
_GEOJSON: Final = "application/geo+json"


def _newest(house: House) -> dict[str, RunRow]:
    """Give the newest run of each area, target and period, by what its collections' names begin with."""
    out: dict[str, RunRow] = {}
    for row in list_runs(house.ws):
        out.setdefault(f"{row.area}.{row.target}.{row.every}", row)
    return out


def _level(collection: str, request: Request) -> str:
    """Give the level a collection's name ends with, and hand its run to the gate, which writes it down."""
    name, _, level = collection.rpartition(".")
    row = _newest(request.app.state.house).get(name)
    request.scope["path_params"]["run"] = row.run_id if row else "none"
    return level


Level = Annotated[str, Depends(_level)]
Seen = Annotated[Asked, Depends(asks("consultation", "OGC collection"))]
Given = Annotated[Asked, Depends(asks("disclosure", "OGC features"))]


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/ogc"


def _link(href: str, rel: str, kind: str, title: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind, "title": title}


@router.get("")
def read_landing(
    request: Request, _asked: Annotated[Asked, Depends(asks("consultation", "OGC landing page"))]
) -> dict[str, Any]:
    """Give the landing page."""
    base = _base(request)
    described = "application/vnd.oai.openapi+json;version=3.1"
    return {
        "title": "Peelian", "description": "Forecasts of places and times, never people.",
        "links": [
            _link(base, "self", "application/json", "this document"),
            _link(f"{base}/api", "service-desc", described, "the API definition"),
            _link(f"{base}/conformance", "conformance", "application/json", "conformance classes"),
            _link(f"{base}/collections", "data", "application/json", "the collections"),
        ],
    }  # fmt: skip


@router.get("/conformance")
def read_conformance(
    _asked: Annotated[Asked, Depends(asks("consultation", "OGC conformance"))],
) -> dict[str, Any]:
    """Give the conformance classes that hold."""
    return {"conformsTo": [f"{_CLASSES}/core", f"{_CLASSES}/geojson"]}


@router.get("/api")
def read_api(
    request: Request, _asked: Annotated[Asked, Depends(asks("consultation", "OGC API definition"))]
) -> Response:
    """Describe these routes (OpenAPI 3.1)."""
    said = get_openapi(title="Peelian, OGC API - Features", version=__version__, routes=router.routes)
    return JSONResponse(said, media_type="application/vnd.oai.openapi+json;version=3.1")


@router.get("/collections")
def read_collections(
    request: Request, asked: Annotated[Asked, Depends(asks("consultation", "OGC collections"))]
) -> dict[str, Any]:
    """List the collections: the newest run of each kind, by each of its views."""
    base, found = _base(request), []
    for name, row in _newest(asked.house).items():
        try:
            run = asked.house.shelf.read(row.folder)
        except NotFound:  # its folder is gone
            continue
        for view in views(run):
            of = asked.house.shelf.level(run, view["id"])
            found.append(_collection(base, f"{name}.{view['id']}", of, view["title"]))
    return {"links": [_link(f"{base}/collections", "self", "application/json", "this document")],
            "collections": found}  # fmt: skip


@router.get("/collections/{collection}")
def read_collection(collection: str, request: Request, level: Level, asked: Seen) -> dict[str, Any]:
    """Give one collection."""
    run = replace(asked, level=level).run()
    title = next(view["title"] for view in views(run) if view["id"] == level)
    return _collection(_base(request), collection, run, title)


@router.get("/collections/{collection}/items")
def read_items(collection: str, request: Request, level: Level, asked: Given) -> Response:
    """Give a page of features: `limit` (1 to 10,000), `offset`, `bbox`, `datetime`."""
    query = parse_query(request.query_params)
    run = replace(asked, level=level).run()
    at = f"{_base(request)}/collections/{quote(collection, safe='')}"
    here = f"{at}/items"
    asked_for = dict(request.query_params)
    links = [_link(f"{here}?{urlencode(asked_for)}" if asked_for else here, "self", _GEOJSON, "this page"),
             _link(at, "collection", "application/json", "the collection")]  # fmt: skip
    if query.offset + query.limit < len(chosen(run, query)):
        more = asked_for | {"limit": str(query.limit), "offset": str(query.offset + query.limit)}
        links.append(_link(f"{here}?{urlencode(more)}", "next", _GEOJSON, "the next page"))
    return Response(items(run, query, links), media_type=_GEOJSON)


@router.get("/collections/{collection}/items/{feature_id}")
def read_feature(collection: str, feature_id: str, request: Request, level: Level, asked: Given) -> Response:
    """Give one feature, by place and step (`PLACE.STEP`)."""
    run = replace(asked, level=level).run()
    at = f"{_base(request)}/collections/{quote(collection, safe='')}"
    links = [_link(f"{at}/items/{quote(feature_id, safe='')}", "self", _GEOJSON, "this feature"),
             _link(at, "collection", "application/json", "the collection")]  # fmt: skip
    return Response(feature(run, feature_id, links), media_type=_GEOJSON)


def _collection(base: str, id_: str, run: Run, title: str) -> dict[str, Any]:
    lon, lat = run.lonlat
    box = [round(float(one), 6) for one in (np.min(lon), np.min(lat), np.max(lon), np.max(lat))]
    at = f"{base}/collections/{quote(id_, safe='')}"
    span = [f"{str(run.starts[0])[:10]}T00:00:00Z", f"{str(run.ends[-1])[:10]}T00:00:00Z"]
    return {
        "id": id_, "title": f"{run.card['area']['name']}: {run.title}. {title}",
        "description": f"{notice(run)} Run {run.id}.", "itemType": "feature", "crs": [CRS84],
        "extent": {"spatial": {"bbox": [box], "crs": CRS84}, "temporal": {"interval": [span]}},
        "links": [
            _link(at, "self", "application/json", "this collection"),
            _link(f"{at}/items", "items", _GEOJSON, "its features"),
        ],
    }  # fmt: skip
