"""The grid is drawn where its cells are: measured on the picture itself, not on what the page says of it."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from .conftest import opened
from .test_journeys import API, asked

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("watch")]


def test_cells_are_drawn_where_they_are(page: Page, served: str) -> None:
    """The centroid of a cell's own pixels at zoom 13 lies within 10 m of its OSTN15 centre."""
    opened(page, served)
    manifest = asked(page, served, API)
    layer = next(one for one in manifest["layers"] if one["id"] == "expected")
    grid = manifest["grid"]
    raw = page.request.get(f"{served}{layer['url']}").body()
    step = np.frombuffer(raw, np.uint8).reshape(-1, grid["rows"], grid["cols"])[0].astype(int)
    rows = asked(page, served, f"{API}/table?limit=200")["rows"]
    page.click(".close")
    checked = 0
    for row in rows[5:]:
        column = row["cell"] % grid["columns"] - grid["first_column"]
        line = row["cell"] // grid["columns"] - grid["first_row"]
        if not (0 < column < grid["cols"] - 1 and 0 < line < grid["rows"] - 1):
            continue
        around = step[line - 1 : line + 2, column - 1 : column + 2] >> 3
        if (around == around[1, 1]).sum() > 1:
            continue
        page.evaluate("([x, y]) => __peelian.jumpTo(x, y, 13)", [row["lon"], row["lat"]])
        page.wait_for_selector('#map[data-map-state="idle"]')
        metres = centroid(page) * 40075016.686 * math.cos(math.radians(row["lat"])) / (512 * 2**13)
        assert np.abs(metres).max() < 10, (row["cell"], metres)
        checked += 1
        if checked == 4:
            break
    assert checked == 4


def centroid(page: Page) -> np.ndarray:
    """Pixels from the map's middle to the centroid of what has the middle's colour around it."""
    box = page.locator("#map canvas").bounding_box()
    assert box
    half = 40
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    left, top = math.floor(x) - half, math.floor(y) - half
    page.mouse.move(5, 5)
    shot = page.screenshot(clip={"x": left, "y": top, "width": 2 * half, "height": 2 * half})
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)
    same = np.abs(pixels - pixels[half, half]).max(axis=2) < 6
    down, across = np.nonzero(same)
    return np.array([across.mean() + 0.5 + left - x, down.mean() + 0.5 + top - y])
