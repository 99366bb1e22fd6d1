"""Pictures of every page, wide, tablet and phone, to be looked at: the whole page, as Chromium draws it.

usage: python benchmarks/screenshots.py [--home DIR] [--out DIR] [--only WORD] [--widths 1440,768,390]

Without --home a demo workspace is made by the demo's own pipeline (minutes). Prints each page's height and
tells when a page is wider than its window, when it was refused or when it complained in the console.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from tests.browser.every_page import found_pages  # noqa: E402

from map_speed import FLAGS, served  # noqa: E402

HEIGHTS = {1440: 900, 768: 1024, 390: 844}
TALLEST = 4000
"""A page is pictured down to here, pixels: a glossary need not be seen to its end."""


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="")
    parser.add_argument("--widths", default="1440,768,390")
    said = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is missing: apt-get install -y --no-install-recommends chromium")
    said.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        home = said.home or demo(Path(made) / "home")
        with served(home) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for path in found_pages(browser.new_page(), address):
                for width in [int(one) for one in said.widths.split(",")]:
                    if said.only in path:
                        picture(browser.new_page(), address, path, width, said.out)
            browser.close()


def demo(home: Path) -> Path:
    """Make a workspace as `make demo` does."""
    command = [sys.executable, "-m", "peelian", "--home", str(home), "demo", "--no-serve"]
    subprocess.run(command, check=True)
    return home


def picture(page: Page, address: str, path: str, width: int, out: Path) -> None:
    """Take one picture and say what a person would miss in it."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 900)})
    answer = page.goto(address + path)
    if page.locator("#map").count():
        page.wait_for_selector('#map[data-map-state="idle"]', timeout=120_000)
        page.wait_for_selector("tr[data-cell]", timeout=120_000)
        page.wait_for_selector("#place:not(:has-text('Opening the place'))", timeout=120_000)
        page.wait_for_timeout(400)
    tall, wide = page.evaluate(
        "() => [document.documentElement.scrollHeight, document.scrollingElement.scrollWidth]"
    )
    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")[-60:].strip("-") or "map"
    clip = {"x": 0, "y": 0, "width": width, "height": min(max(tall, HEIGHTS.get(width, 900)), TALLEST)}
    page.screenshot(path=out / f"{name}-{width}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
    faults = [f"WIDE {wide}"] if wide > width else []
    faults += [f"STATUS {answer.status}"] if answer and answer.status >= 400 else []
    print(f"{path:60} {width:5} {tall:6}  {'; '.join([*faults, *complaints])}", flush=True)
    page.close()


if __name__ == "__main__":
    main()
