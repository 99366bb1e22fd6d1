"""The view by larger places: chosen by keyboard, said in words, the same numbers as the API's."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import RUN, opened, settle

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("watch")]
API = f"/api/v1/runs/{RUN}"


def rows(page: Page, served: str, step: int = 0) -> list[dict[str, Any]]:
    asked = page.request.get(f"{served}{API}/table?level=block&limit=1000&step={step}")
    return list(asked.json()["rows"])


def broken(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


def test_a_reader_changes_to_larger_places_and_back(page: Page, served: str) -> None:
    opened(page, served)
    page.locator("input[name=level][value=block]").focus()
    page.keyboard.press("Space")
    expect(page.locator("table.list tbody tr").first).to_contain_text("Around", timeout=30_000)
    settle(page)
    told = rows(page, served)
    shown = page.locator("table.list tbody tr")
    for k, row in enumerate(told[: min(5, shown.count())]):
        assert float(shown.nth(k).get_attribute("data-mean") or "nan") == row["mean"]
        assert row["words"] in shown.nth(k).inner_text()
    assert "level=block" in page.url
    assert "squares of 1 km" in page.locator("#story-line").inner_text()
    page.wait_for_selector(f"#place[data-cell='{told[0]['cell']}']")
    page.locator("input[name=level][value=cell]").check()
    expect(page.locator("table.list tbody tr").first).not_to_contain_text("Around", timeout=30_000)


def test_the_map_shows_and_finds_the_same_place(page: Page, served: str) -> None:
    opened(page, f"{served}/?run={RUN}&level=block&view=map")
    top = rows(page, served)[0]
    at = page.evaluate("cell => window.__peelian.cellCentreScreen(cell)", top["cell"])
    assert page.evaluate("p => window.__peelian.cellAtScreen(p.x, p.y)", at) == top["cell"]
    byte = page.evaluate("cell => window.__peelian.byte(cell, 0)", top["cell"])
    assert byte & 7 == top["certainty"]
    other = rows(page, served)[7]["cell"]
    at = page.evaluate("cell => window.__peelian.cellCentreScreen(cell)", other)
    page.mouse.click(at["x"], at["y"])
    page.wait_for_selector(f"#place[data-cell='{other}']")


@pytest.mark.parametrize("wide", [1400, 390])
def test_it_is_usable_by_all_at_any_width(page: Page, served: str, wide: int) -> None:
    page.set_viewport_size({"width": wide, "height": 860})
    page.goto(f"{served}/?run={RUN}&level=block")
    page.wait_for_selector("table.list tbody tr")
    page.wait_for_selector("#place[data-cell]")
    assert broken(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto(f"{served}/list?run={RUN}&level=block")
    assert broken(page) == []
