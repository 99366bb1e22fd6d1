"""Chromium against a real server on loopback with a made-up run; what a page must not do is watched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Page

from peelian.store.runs import add_run
from peelian.store.workspace import Workspace, open_workspace
from tests.api.run_folder import UNHELD, mask, write_run
from tests.browser.watching import Watch
from tests.serving import serving

RUN = "sim1-violence-20261102"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# WebGL's are named so that a later Chromium cannot silently lose it where there is no GPU. Pages are put
# together without it: a GPU that is software takes several times as long for the same picture.
FLAGS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing", "--disable-gpu-rasterization", "--disable-accelerated-2d-canvas",
)  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def chromium() -> str:
    """The path of Chromium; without it these tests fail, unless they were left out on purpose."""
    if CHROMIUM:
        return CHROMIUM
    if os.environ.get("PEELIAN_NO_BROWSER") == "1":
        pytest.skip("no Chromium here, and PEELIAN_NO_BROWSER=1 leaves the browser tests out")
    return pytest.fail(
        "Chromium is missing: `apt-get install -y --no-install-recommends chromium` on Debian, "
        "or set PEELIAN_NO_BROWSER=1 to leave the browser tests out"
    )


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, Any]:
    return {"executable_path": chromium, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    ws = open_workspace(tmp_path_factory.mktemp("browser-home"))
    add_run(ws, RUN, write_run(ws.runs / RUN))
    return ws


@pytest.fixture(scope="session")
def served(workspace: Workspace) -> Iterator[str]:
    """The address of the app."""
    with serving(workspace, "demonstration") as address:
        yield address


@pytest.fixture(scope="session")
def forecast(workspace: Workspace) -> pl.DataFrame:
    """The forecast file's rows of places that hold data."""
    rows = pl.read_parquet(workspace.runs / RUN / "forecast.parquet")
    return rows.filter(~pl.col("cell").is_in(mask()[UNHELD].tolist()))


@pytest.fixture
def watch(page: Page, served: str) -> Iterator[Watch]:
    """Fails the test when its page asked anything of another origin or complained in the console."""
    made = Watch(served)
    made.on(page)
    yield made
    assert made.faults == []


def settle(page: Page) -> None:
    """Wait until the map is drawn."""
    page.wait_for_selector('#map[data-map-state="idle"]', timeout=60_000)


def opened(page: Page, address: str) -> Page:
    """Open an address and wait until its map is drawn."""
    page.goto(address)
    settle(page)
    return page


open_map = opened


@pytest.fixture(scope="session")
def address(served: str) -> str:
    """The same, by its other name."""
    return served
