"""Accessibility, narrow screens and no JavaScript."""

from __future__ import annotations

import polars as pl
import pytest
from playwright.sync_api import Browser, Page

from .conftest import opened
from .sound import looks, serious
from .watching import Watch

pytestmark = pytest.mark.browser


def test_axe_finds_nothing_serious_on_the_map(page: Page, served: str, watch: Watch) -> None:
    page.set_viewport_size({"width": 1440, "height": 800})
    opened(page, served)
    assert serious(page) == []
    row = page.locator("tr[data-cell]").nth(2)
    cell = row.get_attribute("data-cell")
    row.locator("button").click()
    page.wait_for_selector(f"#place[data-cell='{cell}']")
    page.click(".why")
    page.wait_for_selector(".reasons")
    assert serious(page) == []
    seen = looks(page)
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert serious(page, seen) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


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
