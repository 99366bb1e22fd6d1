"""The map in Chromium: time to the first grid, time of a slider step, bytes of the first load.

usage: python benchmarks/first_grid.py [--home DIR] [--loads 5]

Serves the workspace (or a made-up run of 40,000 cells and 4 steps) with the real command and opens it in
Debian's Chromium with a fresh profile each time. Limits: first grid within 2.5 s, 1 ms of the main thread a
step, 650 kB compressed first load. Without a GPU the drawing itself is done in software.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, sync_playwright

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


def main() -> None:
    """Time the first grid and the first load, and print both beside their limits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--loads", type=int, default=5)
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
            loads = [load(browser, address) for _ in range(asked.loads)]
            browser.close()
        report(run.card["area"]["cells"], loads)


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


def load(browser: Browser, address: str) -> dict[str, Any]:
    """One first visit with an empty cache, and ten steps of the slider."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    weight = Weight(context.new_cdp_session(page))
    page.goto(f"{address}/")
    page.wait_for_selector('#map[data-map-state="idle"]', timeout=120_000)
    first = page.evaluate("() => window.__peelian.marks.firstGridMs")
    kilobytes, requests = weight.bytes / 1000, weight.requests
    slider = page.locator("#step-slider")
    drawn, busy = [], []
    if slider.count():
        slider.focus()
        for k in range(10):
            page.keyboard.press("ArrowRight" if k % 6 < 3 else "ArrowLeft")
            page.wait_for_timeout(400)
            marks = page.evaluate("() => window.__peelian.marks")
            drawn.append(marks["stepMs"])
            busy.append(marks["stepMainMs"])
    context.close()
    return {"first": first, "kb": kilobytes, "requests": requests, "drawn": drawn, "busy": busy}


class Weight:
    """Bytes on the wire, as compressed."""

    def __init__(self, session: CDPSession) -> None:
        self.bytes, self.requests = 0, 0
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += event["encodedDataLength"]
        self.requests += 1


def report(cells: int, loads: list[dict[str, Any]]) -> None:
    """Print the medians beside their limits."""
    first = [one["first"] for one in loads]
    drawn = [ms for one in loads for ms in one["drawn"] if ms is not None]
    busy = [ms for one in loads for ms in one["busy"] if ms is not None]
    kilobytes = max(one["kb"] for one in loads)
    print(f"{cells:,} cells, {len(loads)} first visits, Chromium without a GPU, 1280 x 800")
    say("first grid, median ms", statistics.median(first), LIMIT_GRID_MS)
    say("first grid, slowest ms", max(first), LIMIT_GRID_MS)
    if drawn:
        say("slider step, main thread, median ms", statistics.median(busy), LIMIT_STEP_MS)
        print(f"  {'slider step, until drawn, median ms':40} {statistics.median(drawn):10.1f}")
    say("first load, kB compressed", kilobytes, LIMIT_KB)
    print(f"  {'requests':40} {loads[0]['requests']:10d}")


def say(name: str, value: float, limit: float) -> None:
    """Print one figure beside its limit."""
    print(f"  {name:40} {value:10.1f}   limit {limit:g}: {'held' if value <= limit else 'NOT held'}")


if __name__ == "__main__":
    main()
