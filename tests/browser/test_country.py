"""Registration over the whole country: squares are drawn where they are, from Cornwall to Northumberland."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from peelian.api.projection import lonlat
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.store.runs import add_run
from peelian.store.workspace import open_workspace
from tests.browser.country import PLACES, write_country
from tests.serving import serving

from .conftest import opened, settle
from .test_drawing import centroid

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, int]]]:
    ws = open_workspace(tmp_path_factory.mktemp("country-home"))
    folder = ws.runs / "country-violence-20261102"
    hot = write_country(folder)

    add_run(ws, folder.name, json.loads((folder / "run.json").read_text()))
    with serving(ws) as address:
        yield address, hot


def test_squares_lie_within_ten_metres_at_six_places(page: Page, country: tuple[str, dict[str, int]]) -> None:
    """The centroid of a lone square's own pixels at zoom 13, beside its OSTN15 centre."""
    address, hot = country
    opened(page, address)
    page.locator(".close").first.click()
    off = {}
    for name in PLACES:
        lon, lat = (float(one[0]) for one in lonlat(GRID.crs, *GRID.centre(np.array([hot[name]]))))
        page.evaluate("([x, y]) => __peelian.jumpTo(x, y, 13)", [lon, lat])
        page.wait_for_timeout(150)
        page.wait_for_selector('#map[data-map-state="idle"]')
        scale = 40_075_016.686 * math.cos(math.radians(lat)) / (512 * 2**13)
        off[name] = float(np.hypot(*(centroid(page) * scale)))
    print({name: round(metres, 1) for name, metres in off.items()})
    assert max(off.values()) < 10, off


def test_a_very_wide_force_opens_on_its_first_place(page: Page, country: tuple[str, dict[str, int]]) -> None:
    address, hot = country
    opened(page, address)
    first = int(page.get_attribute("tr[data-cell]", "data-cell") or -1)
    assert first in hot.values()
    assert page.evaluate("() => __peelian.zoom()") >= 12
    assert page.evaluate("cell => __peelian.cellCentreScreen(cell) !== null", first)
    expect(page.locator(".too-far")).to_have_count(0)
    page.click("[aria-label='Show the whole area']")
    page.wait_for_selector(".too-far")
    assert page.evaluate("() => __peelian.zoom()") < 8
    page.focus(".too-far button")
    page.keyboard.press("Enter")
    expect(page.locator(".too-far")).to_have_count(0)
    settle(page)
    assert page.evaluate("() => __peelian.zoom()") >= 12
    at = page.evaluate("cell => __peelian.cellCentreScreen(cell)", first)
    frame = page.locator(".map-frame").bounding_box()
    assert frame
    assert frame["x"] < at["x"] < frame["x"] + frame["width"]
    assert frame["y"] < at["y"] < frame["y"] + frame["height"]
