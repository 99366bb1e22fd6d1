"""A newcomer's path in a browser: first-run page, a download, mapping confirmed, forecast shown."""

from __future__ import annotations

import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.pipeline.context import Context
from peelian.pipeline.jobs import _run
from peelian.store import jobs
from tests.api.police_zip import write_zip
from tests.conftest import SHARED
from tests.workspaces import fresh

from .conftest import settle
from .sound import serious
from .watching import Watch

pytestmark = pytest.mark.browser
REAL = SHARED / "police-uk" / "bedfordshire-2021-03-to-2023-10.zip"
real = pytest.mark.skipif(
    not REAL.is_file(), reason="real data absent: ../shared/data is not beside this checkout"
)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """A server on an empty workspace, with a worker beside."""
    ws = fresh(tmp_path / "home")
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="analysis")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    stop = threading.Event()

    def beside() -> None:
        for _ in ("look", "bring-in"):  # what is queued behind them is not at stake here
            while (job := jobs.claim(ws)) is None and not stop.is_set():
                time.sleep(0.1)
            if job is not None:
                _run(Context(ws), job, lambda: True)

    threads = [threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True),
               threading.Thread(target=beside, daemon=True)]  # fmt: skip
    for thread in threads:
        thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{held.getsockname()[1]}"
    stop.set()
    server.should_exit = True
    for thread in threads:
        thread.join(20)


def go(page: Page, address: str, path: Path, months: str) -> None:
    """Walk the path by its visible words only."""
    watch = Watch(address)
    watch.on(page)
    page.goto(address)
    assert page.url == f"{address}/start"
    assert serious(page) == []
    page.get_by_label("Files").set_input_files(path)
    page.get_by_role("button", name="Look at these files").click()
    page.get_by_role("heading", name="Confirm what the files say").wait_for(timeout=60_000)
    assert months in page.locator("main").inner_text()
    assert serious(page) == []
    page.get_by_role("button", name="This is right").click()
    page.get_by_role("heading", name="Your data are in").wait_for(timeout=600_000)
    assert serious(page) == []
    page.get_by_role("link", name="Open the map").click()
    settle(page)
    assert page.locator("tr[data-cell]").count() > 0
    assert "Bedfordshire" in page.locator("body").inner_text()
    page.goto(f"{address}/briefing")
    assert "Bedfordshire" in page.locator("main").inner_text()
    printed = page.request.get(f"{address}/api/v1/runs/latest/briefing.pdf")
    assert printed.body().startswith(b"%PDF")
    assert watch.faults == []


def test_a_newcomer_gets_to_a_map_with_no_command_line(page: Page, empty: str, tmp_path: Path) -> None:
    write_zip(tmp_path / "download.zip")
    go(page, empty, tmp_path / "download.zip", "14 months from June 2021 to July 2022")


@real
def test_a_newcomer_with_the_last_year_of_a_real_download(page: Page, empty: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(REAL) as whole, zipfile.ZipFile(tmp_path / "year.zip", "w") as year:
        for name in whole.namelist():
            if name >= "2022-11":
                year.writestr(name, whole.read(name))
    go(page, empty, tmp_path / "year.zip", "12 months from November 2022 to October 2023")


@real
@pytest.mark.soak
def test_a_newcomer_with_a_whole_real_download(page: Page, empty: str) -> None:
    go(page, empty, REAL, "32 months from March 2021 to October 2023")
