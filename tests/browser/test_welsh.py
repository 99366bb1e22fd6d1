"""Welsh pages in a browser: nothing serious to axe, and the longer words stay within a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from .sound import serious
from .watching import Watch

pytestmark = pytest.mark.browser
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_welsh_pages_are_sound_on_a_phone(page: Page, served: str, watch: Watch) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served}/briefing?lang=cy")
    found: dict[str, list[str]] = {}
    for path in ("/briefing", "/today", "/interventions"):  # the first left the choice in the cookie
        page.goto(served + path)
        assert page.evaluate("() => document.documentElement.lang") == "cy"
        found[path] = serious(page) + (["wider than the phone"] if page.evaluate(WIDER) else [])
    assert found == {path: [] for path in found}


def test_no_label_of_a_stacked_row_lies_over_its_value(page: Page, served: str, watch: Watch) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served}/briefing?lang=cy")
    over = page.evaluate("""() => [...document.querySelectorAll('table.stack .label')]
      .filter(one => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
      .map(one => one.textContent)""")
    assert sorted(set(over)) == []
