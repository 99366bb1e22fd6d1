"""The briefing and a place's page in a browser: sound for axe, narrow, without script, by keyboard."""

from __future__ import annotations

import polars as pl
import pytest
from playwright.sync_api import Browser, Page

from .sound import serious
from .watching import Watch

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 320])
def test_briefing_and_place_are_sound_and_fit(
    page: Page, served: str, watch: Watch, forecast: pl.DataFrame, width: int
) -> None:
    top = forecast.sort("mean", descending=True)["cell"][0]
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/briefing", f"/places/{top}", "/corrections"):
        page.goto(served + path)
        assert serious(page) == []
        wide = page.evaluate("() => document.scrollingElement.scrollWidth")
        assert wide <= width, path


def test_a_reader_goes_from_the_briefing_to_a_place_and_says_what_is_wrong(
    browser: Browser, served: str
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{served}/briefing")
    link = page.locator("tr[data-cell] a").first
    name = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=name).wait_for()
    page.get_by_label("What looks wrong about this place?").fill("The car park is not a street.")
    page.get_by_role("button", name="Send it").press("Enter")
    assert "Kept as request" in page.get_by_role("status").inner_text()
    assert page.get_by_text("The car park is not a street.").count() == 1
