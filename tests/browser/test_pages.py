"""Accessibility, narrow screens and no JavaScript."""

from __future__ import annotations

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .conftest import RUN, opened
from .watching import Watch

pytestmark = pytest.mark.browser
PAGES = ("/list", f"/runs/{RUN}/report", "/use-your-own-data", "/nowhere")


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["wide", "narrow"])
def sized(page: Page, request: pytest.FixtureRequest) -> Page:
    width, height = request.param
    page.set_viewport_size({"width": width, "height": height})
    return page


def test_axe_finds_nothing_serious_on_the_map(sized: Page, served: str, watch: Watch) -> None:
    opened(sized, served)
    assert serious(sized) == []
    sized.locator("tr[data-cell] button").nth(2).click()
    sized.wait_for_timeout(500)
    assert serious(sized) == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_on_plain_pages(sized: Page, served: str, path: str) -> None:
    sized.goto(served + path)
    assert serious(sized) == []


def test_a_place_page_is_sound(sized: Page, served: str, forecast: pl.DataFrame) -> None:
    sized.goto(f"{served}/runs/{RUN}/places/{forecast['cell'][0]}")
    assert serious(sized) == []


def test_narrow_pages_do_not_scroll_sideways(page: Page, served: str, watch: Watch) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    for path in ("/", *PAGES[:3]):
        page.goto(served + path)
        page.wait_for_timeout(300)
        wide = page.evaluate("() => document.scrollingElement.scrollWidth")
        assert wide <= 320, path


def test_without_javascript_the_list_is_there(browser: Browser, served: str, forecast: pl.DataFrame) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    watch = Watch(served)
    watch.on(page)
    page.goto(served)
    page.locator("noscript a[href$='list']").click()
    start = forecast["period_start"].min()
    top = forecast.filter(pl.col("period_start") == start).sort("mean", descending=True).head(50)
    rows = page.locator("tr[data-cell]")
    assert rows.count() == 50
    assert [int(row.get_attribute("data-cell") or 0) for row in rows.all()] == top["cell"].to_list()
    assert [float(row.get_attribute("data-mean") or 0) for row in rows.all()] == top["mean"].to_list()
    rows.first.locator("a").click()
    assert page.locator("h1").count() == 1
    assert watch.faults == []
    context.close()
