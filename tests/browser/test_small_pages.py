"""Search in a browser, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from .watching import Watch

pytestmark = pytest.mark.browser


def test_a_place_is_found_by_keyboard_alone(page: Page, served: str, watch: Watch) -> None:
    page.goto(f"{served}/help")
    tab_to(page, "More")
    page.keyboard.press("Enter")
    tab_to(page, "Search")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.id") == "q":
            break
    page.keyboard.type("mill street")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=mill+street")
    found = page.locator("main ul.rows a").first
    name = found.inner_text()
    tab_to(page, name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/**")
    assert name.split(",")[0] in page.locator("h1").inner_text()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what holds these words has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.innerText || ''").strip() == words:
            return
    raise AssertionError(f"{words} cannot be reached by Tab")
