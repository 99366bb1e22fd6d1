"""The map in Chromium: first grid, a step, the list following the view, bytes of the first load.

usage: python benchmarks/map_speed.py [--home DIR] [--loads 3]

Serves the workspace (or a made-up run of 40,000 squares) with the real command and opens it in Debian's
Chromium with a fresh profile each time. Limits: first grid within 2.5 s, 1 ms of the main thread and no
request a step, the first 50 rows of the list within 50 ms of the view's change, 650 kB compressed. Without a
GPU the drawing itself is done in software; the machine's load is printed beside the figures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.api.run_folder import write_run  # noqa: E402

from peelian.store.runs import add_run, latest_run  # noqa: E402
from peelian.store.workspace import open_workspace  # noqa: E402

FLAGS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip
LIMIT_GRID_MS, LIMIT_STEP_MS, LIMIT_KB = 2500, 1.0, 650
LIMIT_TABLE_MS = 50
ROWS = 50
_MEASURED = "() => performance.getEntriesByName('peelian:table').map(one => one.duration)"


def main() -> None:
    """Time one visit after another and print the medians beside their limits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--loads", type=int, default=3)
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is missing: apt-get install -y --no-install-recommends chromium")
    with tempfile.TemporaryDirectory() as made:
        home = asked.home or made_up(Path(made))
        run = latest_run(open_workspace(home))
        if run is None:
            sys.exit(f"{home} holds no run: make one with `peelian demo --no-serve`")
        with served(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            visits = [visit(browser, address) for _ in range(asked.loads)]
            browser.close()
    report(int(run.card["area"]["cells"]), visits)


def made_up(home: Path) -> Path:
    """Make a small simulated workspace where no real one is given."""
    ws = open_workspace(home)
    add_run(ws, "made-up", write_run(ws.runs / "made-up", columns=200, rows=200))
    return home


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of the real command, serving on a free port."""
    command = [sys.executable, "-m", "peelian", "--home", str(home), "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        if "http://" not in line:
            sys.exit("the server did not start")
        yield "http://" + line.split("http://")[1].split()[0].rstrip("/")
    finally:
        server.terminate()
        server.wait(20)


def visit(browser: Browser, address: str) -> dict[str, Any]:
    """One first visit with an empty cache: the grid, ten steps, ten moves of the view."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    weight = Weight(context.new_cdp_session(page))
    page.goto(f"{address}/")
    page.wait_for_selector('#map[data-map-state="idle"]', timeout=120_000)
    first = page.evaluate("() => window.__peelian.marks.firstGridMs")
    kilobytes, requests = weight.bytes / 1000, weight.requests
    busy = steps(page)
    follow = moves(page)
    context.close()
    return {"first": first, "kb": kilobytes, "requests": requests, "busy": busy, "follow": follow}


def steps(page: Page) -> list[float]:
    """Main-thread milliseconds of ten steps of the slider."""
    slider = page.locator("#step-slider")
    busy = []
    if slider.count():
        slider.focus()
        for k in range(10):
            page.keyboard.press("ArrowRight" if k % 6 < 3 else "ArrowLeft")
            page.wait_for_timeout(300)
            busy.append(page.evaluate("() => window.__peelian.marks.stepMainMs"))
    return busy


def moves(page: Page) -> list[float]:
    """Milliseconds from the view's change to 50 rows on the page, over ten moves."""
    while page.locator("tr[data-cell]").count() < ROWS and page.locator("text=Show more").count():
        page.click("text=Show more")
        page.wait_for_timeout(300)
    page.check("text=Only what the map shows")
    page.wait_for_timeout(500)
    before = len(page.evaluate(_MEASURED))
    for k in range(10):
        page.click(f".at-{'right' if k % 2 else 'left'}")
        page.wait_for_timeout(700)
    return list(page.evaluate(_MEASURED)[before:])


class Weight:
    """Bytes on the wire, as compressed."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes, self.requests = 0, 0
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += event["encodedDataLength"]
        self.requests += 1


def report(cells: int, visits: list[dict[str, Any]]) -> None:
    """Print the medians beside their limits."""
    first = [one["first"] for one in visits]
    busy = [ms for one in visits for ms in one["busy"] if ms is not None]
    follow = [ms for one in visits for ms in one["follow"]]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{cells:,} squares, {len(visits)} first visits, Chromium without a GPU, 1280 x 800; load {load}")
    say("first grid, median ms", statistics.median(first), LIMIT_GRID_MS)
    if busy:
        say("slider step, main thread, median ms", statistics.median(busy), LIMIT_STEP_MS)
    if follow:
        say("list follows the view, median ms", statistics.median(follow), LIMIT_TABLE_MS)
        print(f"  {'list follows the view, slowest ms':40} {max(follow):10.1f}")
    say("first load, kB compressed", max(one["kb"] for one in visits), LIMIT_KB)
    print(f"  {'requests':40} {visits[0]['requests']:10d}")


def say(name: str, value: float, limit: float) -> None:
    """Print one figure beside its limit."""
    print(f"  {name:40} {value:10.1f}   limit {limit:g}: {'held' if value <= limit else 'NOT held'}")


if __name__ == "__main__":
    main()
