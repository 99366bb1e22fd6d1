"""The warnings' pages in a browser: sound for axe, by keyboard alone, without JavaScript, narrow and wide."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.warning_life import step_of
from peelian.store.catalogue import transaction
from peelian.store.outbox import Message, Outcome, enqueue, lease, settle
from peelian.store.warning_life import take_step
from peelian.store.warnings import Watched, keep_warnings
from peelian.store.workspace import Workspace, open_workspace
from tests.serving import serving
from tests.warnings_made import made, repeats

from .sound import serious
from .watching import Watch

pytestmark = pytest.mark.browser
PATHS = ("/warnings", "/warnings?state=all", "/warnings/w1", "/warnings/assigned", "/warnings/r1")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    ws = open_workspace(tmp_path_factory.mktemp("warnings-home"))
    raised = [made(), repeats(), made("assigned", places=("7",)), made("keys", places=("8",), strength=9.0)]
    looked = [Watched("SIM1", "asb", made().as_of, 214)]
    keep_warnings(ws, LOCAL_ANALYST, "prevention", raised, watched=looked)
    for step in (
        step_of("seen", reason="read"),
        step_of("assigned", reason="unlit", agency="council", team="ASB team"),
    ):
        take_step(ws, LOCAL_ANALYST, "prevention", "assigned", step)
    with transaction(ws) as conn:
        enqueue(conn, [Message("w1:raised", "webhook", "desk", "w1", {})])
    settle(ws, [Outcome(lease(ws)[0], "the webhook answered 500")], LOCAL_ANALYST, "prevention")
    return ws


@pytest.fixture(scope="module")
def at(held: Workspace) -> Iterator[str]:
    """The address of an app of its own: these tests change what it holds."""
    with serving(held) as address:
        yield address


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_pages_are_sound_and_do_not_scroll_sideways(page: Page, at: str, width: int) -> None:
    watch = Watch(at)
    watch.on(page)
    page.set_viewport_size({"width": width, "height": 844})
    for path in PATHS:
        page.goto(at + path)
        assert serious(page) == [], path
        assert page.evaluate("() => document.scrollingElement.scrollWidth") <= width, path
    assert watch.faults == []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no Tab leads to {selector}")


def test_a_warning_is_seen_by_keyboard_alone(page: Page, at: str) -> None:
    page.goto(at + "/warnings")
    tab_to(page, "a[href='/warnings/keys']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/warnings/keys")
    tab_to(page, "#seen-reason")
    page.keyboard.type("spoke to Mrs Smith")
    tab_to(page, "button")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert "a name" in page.locator("[role=alert]").inner_text()
    assert serious(page) == []
    tab_to(page, "#seen-reason")
    page.keyboard.press("Control+A")
    page.keyboard.type("read at the meeting")
    tab_to(page, "button")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    assert page.locator("strong.tag").first.inner_text() == "Seen"
    assert "read at the meeting" in page.locator(".life").inner_text()


def test_without_javascript_filters_and_steps_work(browser: Browser, at: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(at + "/warnings")
    page.get_by_label("State").select_option("assigned")
    page.get_by_role("button", name="Show").click()
    rows = page.locator("tr[data-warning]")
    assert [row.get_attribute("data-warning") for row in rows.all()] == ["assigned"]
    rows.first.locator("a").click()
    form = page.get_by_role("form", name="Close it")
    form.get_by_label("What it turned out to be").select_option("nothing found")
    form.get_by_label("Reason").fill("checked on site")
    form.get_by_role("button").click()
    assert "It is closed." in page.locator("main").inner_text()
    context.close()
