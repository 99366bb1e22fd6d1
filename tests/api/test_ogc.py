"""OGC API - Features Part 1: Core, as its published OpenAPI schemas ask, and read by GDAL's own driver."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import pyogrio
import pytest
import shapely
from pydantic import BaseModel, Field
from starlette.testclient import TestClient

from peelian.store.audit import list_audit
from peelian.store.workspace import Workspace
from tests.serving import serving

from .conftest import RUN
from .run_folder import mask


class Link(BaseModel):
    """`schemas/link` of ogcapi-features-1.yaml."""

    href: str
    rel: str
    type: str | None = None
    title: str | None = None


class Landing(BaseModel):
    links: list[Link]
    title: str | None = None


class Spatial(BaseModel):
    bbox: list[tuple[float, float, float, float]] = Field(min_length=1)
    crs: Literal["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]


class Temporal(BaseModel):
    interval: list[tuple[datetime | None, datetime | None]] = Field(min_length=1)


class Extent(BaseModel):
    spatial: Spatial
    temporal: Temporal


class Collection(BaseModel):
    id: str
    links: list[Link]
    extent: Extent
    itemType: Literal["feature"]  # noqa: N815
    crs: list[str]


class Collections(BaseModel):
    links: list[Link]
    collections: list[Collection]


class Feature(BaseModel):
    type: Literal["Feature"]
    geometry: dict[str, Any]
    properties: dict[str, Any]
    id: str | int


class Features(BaseModel):
    type: Literal["FeatureCollection"]
    features: list[Feature]
    links: list[Link]
    timeStamp: datetime  # noqa: N815
    numberMatched: int = Field(ge=0)  # noqa: N815
    numberReturned: int = Field(ge=0)  # noqa: N815


def href(links: list[Link], rel: str) -> str:
    return next(link.href for link in links if link.rel == rel)


@pytest.fixture
def cells(client: TestClient) -> str:
    held = Collections.model_validate(client.get("/ogc/collections").json()).collections
    return next(one.id for one in held if one.id.endswith(".cell"))


def test_the_walk_from_landing_page_to_features(client: TestClient, workspace: Workspace) -> None:
    landing = Landing.model_validate(client.get("/ogc").json())
    classes = client.get(href(landing.links, "conformance")).json()["conformsTo"]
    assert {one.rsplit("/", 1)[1] for one in classes} == {"core", "geojson"}
    api = client.get(href(landing.links, "service-desc"))
    assert "/ogc/collections/{collection}/items" in api.json()["paths"]
    assert api.headers["content-type"].startswith("application/vnd.oai.openapi+json")
    found = Collections.model_validate(client.get(href(landing.links, "data")).json()).collections
    assert [one.id.rsplit(".", 1)[1] for one in found] == ["cell", "block"]
    for one in found:
        assert Collection.model_validate(client.get(href(one.links, "self")).json()) == one
        answer = client.get(href(one.links, "items"))
        assert answer.headers["content-type"] == "application/geo+json"
        page = Features.model_validate(answer.json())
        assert page.numberReturned == len(page.features)
        first = page.features[0]
        alone = client.get(f"/ogc/collections/{one.id}/items/{first.id}")
        assert Feature.model_validate(alone.json()) == first
        row = list_audit(workspace, last=1)[0]
        assert (row.verb, row.window) == ("disclosure", RUN)


def test_paging_gives_each_feature_once(client: TestClient, cells: str) -> None:
    at, seen = f"/ogc/collections/{cells}/items?limit=500", []
    while True:
        page = Features.model_validate(client.get(at).json())
        seen += [one.id for one in page.features]
        following = [link.href for link in page.links if link.rel == "next"]
        if not following:
            break
        at = following[0]
    assert len(seen) == len(set(seen)) == page.numberMatched == len(mask()) * 4


def test_a_box_and_a_time_cut(client: TestClient, cells: str) -> None:
    items = f"/ogc/collections/{cells}/items"
    every = Features.model_validate(client.get(f"{items}?limit=10000").json()).features
    west, south, east, north = client.get(items[: -len("/items")]).json()["extent"]["spatial"]["bbox"][0]
    part = (west, south, (west + east) / 2, (south + north) / 2)
    box = shapely.box(*part)
    asked = {"bbox": ",".join(str(one) for one in part), "limit": "10000"}
    cut = Features.model_validate(client.get(items, params=asked).json())
    meant = [one.id for one in every if shapely.intersects(shapely.geometry.shape(one.geometry), box)]
    assert 0 < cut.numberMatched < len(every)
    assert [one.id for one in cut.features] == meant
    for when, steps in (("2026-11-02", {0}), ("2026-11-09T12:00:00Z", {0, 1}), ("../2026-11-10", {0, 1}),
                        ("2026-12-14/..", {3}), ("2030-01-01", set())):  # fmt: skip
        found = client.get(items, params={"datetime": when, "limit": "10000"}).json()["features"]
        assert {one["properties"]["step"] for one in found} == steps, when


@pytest.mark.parametrize(
    "asked",
    ["limit=0", "limit=x", "limit=-1", "bbox=1,2,3", "bbox=a,b,c,d", "datetime=soon", "datetime=1/2/3",
     "datetime=2026-12-01/2026-11-01", "unknown=1", "f=xml", "offset=-2", "level=block", "datetime=../.."],
)  # fmt: skip
def test_what_is_wrong_is_a_bad_request(client: TestClient, cells: str, asked: str) -> None:
    answer = client.get(f"/ogc/collections/{cells}/items?{asked}")
    assert answer.status_code == 400
    assert answer.json()["what"]


def test_what_is_not_there_is_not_found(client: TestClient, cells: str) -> None:
    for path in ("x", "x.cell", cells.replace(".cell", ".moon"), f"{cells}/items/1.0", f"{cells}/items/x"):
        assert client.get(f"/ogc/collections/{path}").status_code == 404, path
    assert client.get(f"/ogc/collections/{cells}/items?limit=99999999").json()["numberReturned"] <= 10_000


@pytest.fixture
def served(workspace: Workspace) -> Iterator[str]:
    with serving(workspace) as address:
        yield address


@pytest.mark.skipif("OAPIF" not in pyogrio.list_drivers(), reason="this GDAL has no OAPIF driver")
def test_gdal_reads_it_as_qgis_does(served: str, cells: str, client: TestClient) -> None:
    layers = [name for name, _ in pyogrio.list_layers(f"OAPIF:{served}/ogc")]
    assert layers[0] == cells
    _, table = pyogrio.read_arrow(
        f"OAPIF:{served}/ogc", layer=cells, columns=["place", "step", "expected"], max_features=20
    )
    rows = client.get(f"/api/v1/runs/{RUN}/table?limit=20").json()["rows"]
    assert table["place"].to_pylist() == [str(row["cell"]) for row in rows]
    assert table["expected"].to_pylist() == pytest.approx([row["mean"] for row in rows])
    assert shapely.from_wkb(table[-1].to_pylist()[0]).geom_type == "Polygon"
