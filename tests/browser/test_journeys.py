"""The map and its list, by mouse, by keyboard and against the numbers behind them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import RUN, opened

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("watch")]
API = f"/api/v1/runs/{RUN}"


def asked(page: Page, served: str, path: str) -> Any:
    return page.request.get(f"{served}{path}").json()


def chosen(page: Page) -> int:
    page.wait_for_selector("#place[data-cell]")
    return int(page.get_attribute("#place", "data-cell") or -1)


def test_opens_on_the_top_place_with_nothing_from_elsewhere(page: Page, served: str) -> None:
    opened(page, served)
    top = asked(page, served, f"{API}/table?limit=1")["rows"][0]
    assert chosen(page) == top["cell"]
    assert page.locator("tr[aria-current=true]").get_attribute("data-cell") == str(top["cell"])
    assert page.locator("#place-name").inner_text().startswith(top["name"].split(",")[0])
    assert page.locator("text=SIMULATED, fictional place").first.is_visible()
    assert "Not grounds for stop, search, entry, arrest or eviction" in page.locator("#place").inner_text()


def test_list_says_what_the_api_says(page: Page, served: str) -> None:
    opened(page, served)
    rows = asked(page, served, f"{API}/table?limit=25")["rows"]
    shown = page.locator("table.list tbody tr")
    assert shown.count() == len(rows)
    for k, row in enumerate(rows):
        line = shown.nth(k)
        assert line.get_attribute("data-cell") == str(row["cell"])
        assert float(line.get_attribute("data-mean") or "nan") == row["mean"]
        assert row["words"] in line.inner_text()
        assert row["name"].split(",")[0] in line.inner_text()


def test_slider_buttons_and_number_move_the_forecast(page: Page, served: str) -> None:
    opened(page, served)
    steps = asked(page, served, API)["steps"]
    page.click("button[aria-label='Later period']")
    assert page.locator(".time-words").inner_text().startswith(steps[1]["label"])
    page.fill("#step-number", "4")
    page.press("#step-number", "Enter")
    assert page.input_value("#step-slider") == "3"
    page.focus("#step-slider")
    page.keyboard.press("ArrowLeft")
    assert page.locator(".time-words").inner_text().startswith(steps[2]["label"])
    top = asked(page, served, f"{API}/table?limit=1&step=2")["rows"][0]
    page.wait_for_selector(f"table.list tbody tr:first-child[data-mean='{top['mean']}']")
    assert "step=2" in page.url


def test_mouse_opens_the_cell_it_points_at(page: Page, served: str) -> None:
    opened(page, served)
    row = asked(page, served, f"{API}/table?limit=9")["rows"][8]
    page.evaluate("([x, y]) => __peelian.jumpTo(x, y, 13)", [row["lon"] - 0.02, row["lat"]])
    page.wait_for_selector('#map[data-map-state="idle"]')
    page.evaluate("([x, y]) => __peelian.jumpTo(x, y, 13)", [row["lon"], row["lat"]])
    page.wait_for_selector('#map[data-map-state="idle"]')
    page.click(".close")
    at = page.evaluate("cell => __peelian.cellCentreScreen(cell)", row["cell"])
    page.mouse.click(at["x"], at["y"])
    page.wait_for_selector(f"#place[data-cell='{row['cell']}']")
    assert f"cell={row['cell']}" in page.url


def test_keyboard_alone_opens_steps_and_leaves(page: Page, served: str) -> None:
    opened(page, served)
    row = asked(page, served, f"{API}/table?limit=5")["rows"][4]
    page.evaluate("([x, y]) => __peelian.jumpTo(x, y, 13)", [row["lon"], row["lat"]])
    page.locator("#map canvas").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#place[data-cell='{row['cell']}']")
    page.locator("#place-name:focus").wait_for()
    page.locator("#map canvas").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_selector(f"#place[data-cell='{row['cell'] + 2800}']")
    page.locator("[role=status]:not(:empty)").wait_for(state="attached")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="hidden")
    page.locator("#map canvas").focus()
    page.keyboard.press("Escape")
    page.wait_for_selector("#place", state="detached")
    assert page.locator("#place").count() == 0


def test_link_reproduces_the_view(page: Page, served: str) -> None:
    row = asked(page, served, f"{API}/table?limit=3")["rows"][2]
    opened(page, f"{served}/?layer=chance&step=1&cell={row['cell']}&view=map")
    assert page.locator("input[name=layer]:checked").input_value() == "chance"
    assert page.input_value("#step-slider") == "1"
    assert chosen(page) == row["cell"]
    page.locator("fieldset label", has_text="List").first.click()
    assert "view=list" in page.url


def test_place_panel_equals_the_api(page: Page, served: str) -> None:
    opened(page, served)
    place = asked(page, served, f"{API}/places/{chosen(page)}?step=0")
    page.click(".why")
    text = page.locator("#place").inner_text()
    assert f"likely {place['q05']} to {place['q95']}" in text
    held = [one for one in place["history"] if one["count"] is not None]
    page.locator("#place summary").click()
    numbers = page.locator(".numbers tbody td").all_inner_texts()
    assert len(numbers) == len(place["history"])
    assert sum(float(n) for n in numbers if n != "not published") == sum(one["count"] for one in held)
    assert json.dumps(numbers).count("not published") == len(place["history"]) - len(held)
