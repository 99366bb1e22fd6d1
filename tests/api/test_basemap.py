"""The basemap from this origin only: a far map through one fixed place, its key never seen."""

from __future__ import annotations

import gzip
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import shapely
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.api.basemap import OS_KEY, Basemap, folder
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse, Refused
from peelian.pipeline.basemaps import import_file, split_style, use
from peelian.pipeline.context import Context
from peelian.store.audit import list_audit
from peelian.store.workspace import Workspace, open_workspace

KEY = "k" * 32
BASE = "/api/v1/basemap"


class Far(BaseHTTPRequestHandler):
    """A far map's server: says what it was asked, and misbehaves where its path says so."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        here = f"http://127.0.0.1:{self.server.server_address[1]}/maps"
        if "elsewhere" in self.path:
            self.send_response(302)
            self.send_header("location", "http://127.0.0.1:1/inside")
            self.end_headers()
            return
        page = "page" in self.path
        body = b"<html>" if page else json.dumps({"tiles": [f"{here}/tile/{{z}}.pbf?key={KEY}"]}).encode()
        self.send_response(200)
        self.send_header("content-type", "text/html" if page else "application/json; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def far() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Far)
    Far.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/maps"
    server.shutdown()


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "home")


@pytest.fixture
def at(ws: Workspace) -> Iterator[TestClient]:
    with TestClient(
        create_app(ws, actor=LOCAL_ANALYST, purpose="prevention"), base_url="http://127.0.0.1:8000"
    ) as made:
        yield made


def put(ws: Workspace, setting: Basemap) -> None:
    folder(ws.home).mkdir(parents=True, exist_ok=True)
    (folder(ws.home) / "basemap.json").write_text(json.dumps(vars(setting)))


def test_none_is_the_default_and_a_far_map_is_not_asked(ws: Workspace, at: TestClient) -> None:
    assert at.get(BASE).json() == {"kind": "none", "attribution": "", "url": None}
    assert at.get(f"{BASE}/far/styles").status_code == 404
    assert at.get(f"{BASE}/scene.geojson").status_code == 404


def test_the_key_stays_here_and_addresses_become_ours(
    ws: Workspace, at: TestClient, far: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OS_KEY, KEY)
    put(ws, Basemap("os", "credit", far, "styles", private=True))
    assert KEY not in at.get(BASE).text
    answer = at.get(f"{BASE}/far/styles?srs=3857&key=mine")
    assert Far.asked == [f"/maps/styles?srs=3857&key={KEY}"]
    assert answer.json()["tiles"][0].startswith("http://127.0.0.1:8000/api/v1/basemap/far/tile/{z}.pbf")
    assert KEY not in answer.text
    assert far not in answer.text


@pytest.mark.parametrize(
    "path", ["..%2f..%2fsecret", "%2e%2e/x", "a/../../b", "//127.0.0.1:1/x", "a%00b", "x?u=http://inside/"]
)
def test_no_path_leaves_the_fixed_place(ws: Workspace, at: TestClient, far: str, path: str) -> None:
    put(ws, Basemap("style", "", far, "styles", private=True))
    assert at.get(f"{BASE}/far/{path}").status_code in {404, 422}
    assert Far.asked == []


@pytest.mark.parametrize(
    "base", ["", "http://169.254.169.254/maps", "http://localhost:1/maps", "http://[::1]:1/m"]
)
def test_a_name_that_leads_inside_is_not_asked(ws: Workspace, at: TestClient, far: str, base: str) -> None:
    put(ws, Basemap("style", "", base or far, "styles"))
    assert at.get(f"{BASE}/far/styles").status_code == 409
    assert Far.asked == []


@pytest.mark.parametrize("path", ["elsewhere", "page"])
def test_no_redirect_is_followed_and_no_page_passed_on(
    ws: Workspace, at: TestClient, far: str, path: str
) -> None:
    put(ws, Basemap("style", "", far, "styles", private=True))
    answer = at.get(f"{BASE}/far/{path}")
    assert answer.status_code >= 500
    assert "<html>" not in answer.text
    assert len(Far.asked) == 1


@pytest.mark.parametrize(
    "address",
    ["http://a.example/s", "https://10.0.0.1/s", "https://localhost/s", "https://u@a.example/s",
     "https://a.example:8443/s", "https://a.example/s?key=1", "https://a.example/", "file:///etc/passwd",
     "https://printer.local/s", "https://[::1]/s"],
)  # fmt: skip
def test_only_a_plain_public_address_is_a_style(address: str) -> None:
    with pytest.raises(Misuse):
        split_style(address)


def test_os_needs_its_key(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OS_KEY, raising=False)
    with pytest.raises(Refused, match="needs a key"):
        use(Context(ws), "os")
    monkeypatch.setenv(OS_KEY, KEY)
    assert use(Context(ws), "os").base == "https://api.os.uk/maps/vector/v1/vts"
    assert KEY not in (folder(ws.home) / "basemap.json").read_text()


def roads(path: Path) -> Path:
    import pyogrio

    lines = np.array([shapely.to_wkb(shapely.LineString([(5e5, 2.5e5 + 50 * k), (5.003e5, 2.5e5 + 50 * k)]))
                      for k in range(4)], object)  # fmt: skip
    names = np.array(["High Street", None, "Mill Lane", "Far Road"], object)
    classes = np.array(["A Road", "Unclassified", "B Road", "Unclassified"], object)
    for layer in ("road_link", "motorway_junction"):
        pyogrio.raw.write(
            path, lines, [names, classes], ["name_1", "road_classification"], layer=layer, driver="GPKG",
            crs="EPSG:27700", geometry_type="LineString", append=path.exists(),
        )  # fmt: skip
    return path


def test_open_roads_become_a_scene(ws: Workspace, at: TestClient, tmp_path: Path) -> None:
    made = import_file(Context(ws), roads(tmp_path / "oproad.gpkg"), (499_000, 249_000, 501_000, 250_120))
    assert made["counts"] == {"road": 3}
    assert at.get(BASE).json()["kind"] == "scene"
    scene = at.get(f"{BASE}/scene.geojson").json()
    named = {one["properties"].get("name"): one for one in scene["features"]}
    assert set(named) == {"High Street", None, "Mill Lane"}
    assert named["High Street"]["properties"]["class"] == "major"
    lon, lat = named["High Street"]["geometry"]["coordinates"][0]
    assert (round(lon, 3), round(lat, 3)) == (-0.540, 52.139)
    import_file(Context(ws), tmp_path / "oproad.gpkg", (499_000, 249_000, 501_000, 251_000))
    assert len(at.get(f"{BASE}/scene.geojson").json()["features"]) == 4, "the same file replaces its own"
    assert "basemap set: scene" in {one.what for one in list_audit(ws)}


def tiles(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("create table metadata (name text, value text)")
        made.execute("create table tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)")
        layers = json.dumps({"vector_layers": [{"id": "roads"}, {"id": "names"}]})
        made.executemany(
            "insert into metadata values (?, ?)", [("format", "pbf"), ("maxzoom", "14"), ("json", layers)]
        )
        made.execute("insert into tiles values (1, 0, 1, ?)", [gzip.compress(b"tile")])
    return path


def test_a_tile_file_is_served_as_it_is(ws: Workspace, at: TestClient, tmp_path: Path) -> None:
    import_file(Context(ws), tiles(tmp_path / "zoomstack.mbtiles"), None)
    told = at.get(BASE).json()
    assert (told["layers"], told["maxzoom"]) == (["roads", "names"], 14)
    assert at.get(f"{BASE}/tiles/1/0/0").content == b"tile", "MBTiles count rows from the south"
    assert at.get(f"{BASE}/tiles/1/1/1").status_code == 204


def test_an_archive_is_served_by_parts(ws: Workspace, at: TestClient, tmp_path: Path) -> None:
    file = tmp_path / "map.pmtiles"
    file.write_bytes(b"PMTiles\x03" + bytes(range(200)))
    import_file(Context(ws), file, None)
    answer = at.get(f"{BASE}/map.pmtiles", headers={"range": "bytes=8-11"})
    assert (answer.status_code, answer.content) == (206, bytes(range(4)))


@pytest.mark.parametrize("name", ["map.pmtiles", "map.mbtiles", "map.gpkg", "map.zip"])
def test_what_is_no_map_is_refused(ws: Workspace, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"this is no map at all, only words")
    with pytest.raises((Refused, Misuse)):
        import_file(Context(ws), tmp_path / name, (0, 0, 1000, 1000))
