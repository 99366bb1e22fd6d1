"""Help, glossary, search, model and audit in a browser: sound by axe, narrow, and by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from .test_pages import serious
from .watching import Watch

pytestmark = pytest.mark.browser
PAGES = ("/help", "/glossary", "/search?q=mill", "/model", "/audit", "/start", "/help?lang=cy")


def test_small_pages_are_sound_and_narrow(page: Page, served: str, watch: Watch) -> None:
    for path in PAGES:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(served + path)
        page.locator("details.more summary").click()
        assert serious(page) == [], path
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("() => document.scrollingElement.scrollWidth") <= 320, path
    page.context.clear_cookies()


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
