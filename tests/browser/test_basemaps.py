"""Each kind of basemap in a real browser: its tiles come from this origin only, under the strict policy."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Page, expect

from peelian.api.basemap import Basemap, folder
from peelian.pipeline.basemaps import import_file
from peelian.pipeline.context import Context
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace, open_workspace
from tests.api.run_folder import write_run
from tests.browser.tiny_tiles import road_tile, write_mbtiles, write_pmtiles
from tests.serving import serving

from .conftest import opened
from .watching import Watch

pytestmark = pytest.mark.browser


class Far(BaseHTTPRequestHandler):
    """A far map: a style, and the tile it names."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        road = {"id": "road", "type": "line", "source": "far", "source-layer": "roads", "paint": {}}
        source = {"type": "vector", "tiles": [f"{base}/tiles/{{z}}/{{x}}/{{y}}.pbf"], "maxzoom": 0}
        style = {"version": 8, "sources": {"far": source}, "layers": [road]}
        tile = self.path.endswith(".pbf")
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf" if tile else "application/json")
        self.end_headers()
        self.wfile.write(road_tile() if tile else json.dumps(style).encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def far() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Far)
    Far.asked.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def lay(ws: Workspace, kind: str, far: str, made: Path) -> None:
    if kind == "style":
        folder(ws.home).mkdir(parents=True)
        setting = Basemap("style", "a credit", far, "style.json", private=True)  # the command: https alone
        (folder(ws.home) / "basemap.json").write_text(json.dumps(vars(setting)))
        return
    write = {"pmtiles": write_pmtiles, "mbtiles": write_mbtiles}[kind]
    import_file(Context(ws), write(made / f"map.{kind}"), None, credit="a credit")


@pytest.mark.parametrize(
    ("kind", "part"), [("pmtiles", "map.pmtiles"), ("mbtiles", "/tiles/0/0/0"), ("style", "far/tiles/0/0/0")]
)
def test_its_tiles_come_from_here(page: Page, tmp_path: Path, far: str, kind: str, part: str) -> None:
    ws = open_workspace(tmp_path / "home")
    add_run(ws, "run-1", write_run(ws.runs / "run-1"))
    lay(ws, kind, far, tmp_path)
    with serving(ws) as address:
        watch = Watch(address)
        watch.on(page)
        came: list[int] = []
        page.on("response", lambda answer: came.append(answer.status) if part in answer.url else None)
        opened(page, address)
        expect(page.locator(".map-credit")).to_have_text("a credit")
        for _ in range(50):
            if came:
                break
            page.wait_for_timeout(100)
        page.wait_for_timeout(200)
        assert came
        assert set(came) <= {200, 206}
        assert watch.faults == []
    assert bool(Far.asked) == (kind == "style")
