"""Every page in a browser: nothing serious by axe, nothing lost at 320 px, one order of links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.runs import add_run
from peelian.store.warnings import keep_warnings
from peelian.store.workspace import open_workspace
from tests.api.run_folder import write_run
from tests.serving import serving
from tests.warnings_made import made, repeats

from .conftest import opened
from .every_page import FIXED, found_pages
from .sound import looks, serious
from .watching import Watch

pytestmark = pytest.mark.browser
PLAIN = [path for path in FIXED if path != "/"]
SPACED = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
"""The distances of 1.4.12 Text Spacing, put on by the test as a reader's own style."""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose workspace holds a run and two warnings."""
    ws = open_workspace(tmp_path_factory.mktemp("every-page"))
    add_run(ws, "run", write_run(ws.runs / "run"))
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [made(), repeats()])
    with serving(ws) as address:
        yield address


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One page for all, in its own context: a new one for each path would take most of the time."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def wide(page: Page) -> int:
    return int(page.evaluate("() => document.scrollingElement.scrollWidth"))


def lost(page: Page) -> list[str]:
    """What sticks out of the window and cannot be scrolled to: outside any part that scrolls by itself."""
    return list(
        page.evaluate("""() => [...document.querySelectorAll('main *')].filter(one => {
        const box = one.getBoundingClientRect()
        const apart = '.scroll, pre, svg, .unseen, .sr, thead, details:not([open])'
        if (!box.width || one.closest(apart)) return false
        return box.right > innerWidth + 1 || box.left < -1
      }).map(one => one.outerHTML.slice(0, 120))""")
    )


def one_of_each(page: Page, path: str) -> None:
    assert page.locator("h1").count() == 1, path
    assert page.locator("main").count() == 1, path
    assert "Peelian" in page.title(), path


def sound_wide_and_narrow(page: Page, path: str) -> None:
    """Hold an open page against axe, wide with all of its menu shown and on a phone."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("details.more summary").click()
    assert serious(page) == [], path
    one_of_each(page, path)
    seen = looks(page)
    page.locator("details.more summary").click()
    page.set_viewport_size({"width": 390, "height": 844})
    assert serious(page, seen) == [], f"{path}, narrow"


def nothing_lost_at_320(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 x 1024 at 400 %
    assert wide(page) <= 320, path
    assert lost(page) == [], path


@pytest.mark.parametrize("path", PLAIN)
def test_page_is_sound_wide_and_narrow(tab: Page, at: str, path: str) -> None:
    watch = Watch(at)
    tab.goto(at + path)
    watch.on(tab)
    sound_wide_and_narrow(tab, path)
    nothing_lost_at_320(tab, path)
    tab.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s] }",
        SPACED,
    )
    assert wide(tab) <= 320, f"{path}, spaced"
    tab.context.clear_cookies()
    assert watch.faults == []


def test_pages_with_names_of_their_own_are_sound(tab: Page, at: str) -> None:
    own = [path for path in found_pages(tab, at) if path not in FIXED]
    assert any("/places/" in path for path in own)
    assert any("/warnings/" in path for path in own)
    for path in [*own, "/runs/run/report"]:
        tab.goto(at + path)
        sound_wide_and_narrow(tab, path)
        nothing_lost_at_320(tab, path)


def order(page: Page, nav: str) -> list[str]:
    links = page.locator(nav).evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return [str(one) for one in links if one and not one.startswith(("#", "?"))]  # ?: the other language


def test_the_links_stand_in_the_same_order_on_the_map_and_on_every_page(page: Page, at: str) -> None:
    opened(page, at)
    on_map = order(page, "header nav a")
    page.goto(f"{at}/help")
    plain = order(page, "header nav a")
    assert [one for one in plain if one != "/"] == on_map
    assert "/account" not in plain
    page.goto(f"{at}/audit")
    assert order(page, "header nav a") == plain


def test_more_opens_and_leads_on_by_keyboard_alone(page: Page, at: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{at}/list")
    page.locator("details.more summary").focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('href')") == "/corrections"
    page.keyboard.press("Enter")
    page.wait_for_url("**/corrections")


def test_motion_is_left_out_where_it_is_not_wanted(browser: Browser, at: str) -> None:
    context: Any = browser.new_context(reduced_motion="reduce")
    page = opened(context.new_page(), at)
    moving = page.evaluate("() => document.getAnimations().filter(one => one.playState === 'running').length")
    assert moving == 0
    context.close()


def test_the_pages_font_is_the_maps(page: Page, at: str) -> None:
    """The style sheet names built files by hash: a new font must not leave the pages on another one."""
    page.goto(f"{at}/list")
    assert page.evaluate(
        "() => document.fonts.ready.then(all => [...all].some(one => one.status === 'loaded'))"
    )
