"""What the map promises, against the forecast file itself rather than what the API says of it."""

from __future__ import annotations

import io

import numpy as np
import polars as pl
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from peelian.api.projection import lonlat
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from tests.api.run_folder import STEPS, UNHELD, mask

from .conftest import RUN, opened, settle

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("watch")]
EARTH_M = 40_075_016.686


def of_step(forecast: pl.DataFrame, step: int = 0) -> pl.DataFrame:
    start = sorted(forecast["period_start"].unique())[step]
    return forecast.filter(pl.col("period_start") == start).sort("mean", descending=True)


def picture(page: Page) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)


def jump(page: Page, cell: int, zoom: float = 13) -> tuple[float, float]:
    """Look at a cell's true centre (OSTN15) from above; give that centre's longitude and latitude."""
    lon, lat = (float(part[0]) for part in lonlat(GRID.crs, *GRID.centre(np.array([cell]))))
    page.evaluate("([x, y, z]) => window.__peelian.jumpTo(x, y, z)", [lon, lat, zoom])
    page.wait_for_timeout(300)
    settle(page)
    return lon, lat


def place_name(page: Page, served: str, cell: int) -> str:
    return str(page.request.get(f"{served}/api/v1/runs/latest/places/{cell}").json()["name"])


def test_the_first_grid_is_drawn(page: Page, served: str) -> None:
    opened(page, served)
    assert page.evaluate("() => window.__peelian.marks.firstGridMs") > 0
    box = page.locator("#map canvas").first.bounding_box()
    assert box is not None
    shot = picture(page)[int(box["y"]) :, int(box["x"]) :]
    assert len(np.unique(shot.reshape(-1, 3), axis=0)) > 50


def test_the_page_holds_what_the_file_says(page: Page, served: str, forecast: pl.DataFrame) -> None:
    opened(page, served)
    layer = page.request.get(f"{served}/api/v1/runs/latest").json()["layers"][0]
    assert layer["id"] == "expected"
    for step in range(STEPS):
        rows = of_step(forecast, step)
        drawn = page.evaluate(
            "([cells, step]) => cells.map((cell) => window.__peelian.byte(cell, step))",
            [rows["cell"].to_list(), step],
        )
        assert [byte >> 3 for byte in drawn] == (np.digitize(rows["mean"], layer["breaks"]) + 1).tolist()
    for cell in mask()[UNHELD]:
        assert 1 <= page.evaluate("(cell) => window.__peelian.byte(cell, 0)", int(cell)) <= 7


def test_a_step_changes_the_picture_and_the_list(page: Page, served: str, forecast: pl.DataFrame) -> None:
    opened(page, served)
    before = picture(page)
    slider = page.locator("#step-slider")
    slider.focus()
    for _ in range(STEPS - 1):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_value(str(STEPS - 1))
    top = of_step(forecast, STEPS - 1)["cell"][0]
    expect(page.locator("tr[data-cell]").first).to_have_attribute("data-cell", str(top))
    settle(page)
    page.wait_for_timeout(300)
    box = page.locator("#map canvas").first.bounding_box()
    assert box is not None
    part = (
        slice(int(box["y"]), int(box["y"] + box["height"])),
        slice(int(box["x"]), int(box["x"] + box["width"])),
    )
    assert (picture(page)[part] != before[part]).any(), "the map did not change"
    assert page.evaluate("() => window.__peelian.marks.stepMs") is not None


@pytest.mark.parametrize("rank", [0, 12, 40])
def test_a_cell_is_drawn_within_ten_metres(
    page: Page, served: str, forecast: pl.DataFrame, rank: int
) -> None:
    opened(page, served)
    cell = int(of_step(forecast)["cell"][rank])
    lon, lat = jump(page, cell)
    drawn = page.evaluate("(cell) => window.__peelian.cellCentreLngLat(cell)", cell)
    east = (drawn[0] - lon) * EARTH_M / 360 * np.cos(np.radians(lat))
    assert float(np.hypot(east, (drawn[1] - lat) * EARTH_M / 360)) < 10
    at = page.evaluate("(cell) => window.__peelian.cellCentreScreen(cell)", cell)
    box = page.locator("#map canvas").first.bounding_box()
    assert box is not None
    off = np.hypot(at["x"] - box["x"] - box["width"] / 2, at["y"] - box["y"] - box["height"] / 2)
    assert off * EARTH_M * np.cos(np.radians(lat)) / (512 * 2**13) < 10


@pytest.mark.parametrize("key", [False, True], ids=["mouse", "keyboard"])
def test_a_cell_opens(page: Page, served: str, forecast: pl.DataFrame, key: bool) -> None:
    opened(page, served)
    cell = int(of_step(forecast)["cell"][7 if key else 5])
    jump(page, cell)
    page.locator(".close").click()
    if key:
        page.locator("#map canvas").first.focus()
        page.keyboard.press("Enter")
    else:
        at = page.evaluate("(cell) => window.__peelian.cellCentreScreen(cell)", cell)
        page.mouse.click(at["x"], at["y"])
    expect(page.locator("#place")).to_have_attribute("data-cell", str(cell))
    name = place_name(page, served, cell)
    expect(page.locator("#place")).to_contain_text(name)


def test_the_list_says_what_the_file_says(page: Page, served: str, forecast: pl.DataFrame) -> None:
    opened(page, served)
    api = page.request.get(f"{served}/api/v1/runs/{RUN}/table?step=0&limit=50").json()["rows"]
    listed = page.locator("tr[data-cell]").evaluate_all(
        "rows => rows.map(r => [Number(r.dataset.cell), Number(r.dataset.mean)])"
    )
    file = of_step(forecast).select("cell", "mean").rows()
    assert len(listed) >= 10
    for shown, said, written in zip(listed, api, file, strict=False):
        assert tuple(shown) == (said["cell"], said["mean"]) == written


def test_the_first_minute_tells_the_story(page: Page, served: str) -> None:
    opened(page, served)
    story = page.request.get(f"{served}/api/v1/runs/latest").json()["story"]
    text = page.locator("body").inner_text()
    assert "SIMULATED" in text
    assert "fictional" in text.lower()
    for words in (
        story["sentence"],
        story["plain_sentence"],
        story["certain"]["words"],
        story["doubtful"]["words"],
    ):
        assert words in text
