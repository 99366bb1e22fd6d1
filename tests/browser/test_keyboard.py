"""The main task of each page by keyboard alone: Tab, letters, arrows, Enter; the pointer is never used."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.runs import add_run
from peelian.store.warnings import keep_warnings
from tests.api.run_folder import write_run
from tests.api.signing import PASSWORD, SECRET, account, app_of, with_password
from tests.serving import serving, serving_app
from tests.warnings_made import made
from tests.workspaces import fresh

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of these tests' own: they write into it."""
    ws = fresh(tmp_path_factory.mktemp("keyboard") / "home")
    add_run(ws, "run", write_run(ws.runs / "run"))
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [made()])
    with serving(ws) as address:
        yield address


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def reach(page: Page, what: str) -> None:
    """Press Tab until what has the focus is the first of its kind in the page's order."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
    raise AssertionError(f"{what} cannot be reached by Tab")


def write(page: Page, what: str, text: str) -> None:
    reach(page, what)
    page.keyboard.type(text)


def press(page: Page, what: str) -> None:
    reach(page, what)
    page.keyboard.press("Enter")


def test_list_leads_to_a_place_where_something_looks_wrong(tab: Page, at: str) -> None:
    tab.goto(f"{at}/list")
    press(tab, "main tbody a")
    tab.wait_for_url("**/places/**")
    write(tab, "#text", "the street is named twice")
    press(tab, "form.sheet button")
    expect(tab.locator("[role=status]")).to_contain_text("Kept as request")
    tab.goto(f"{at}/corrections")
    write(tab, "form textarea", "one name is of the footpath")
    press(tab, "form.noprint button")
    expect(tab.locator("main")).to_contain_text("one name is of the footpath")


def test_briefing_is_asked_for_another_time(tab: Page, at: str) -> None:
    tab.goto(f"{at}/briefing")
    reach(tab, "#shift")
    tab.keyboard.press("ArrowDown")
    press(tab, "form.pick button")
    tab.wait_for_url("**/briefing?*")
    expect(tab.locator("h1")).to_contain_text("Briefing")
    reach(tab, "a[href*='briefing.pdf']")


def test_a_warning_is_found_by_its_state(tab: Page, at: str) -> None:
    tab.goto(f"{at}/warnings")
    reach(tab, "select[name=state]")
    tab.keyboard.press("End")
    press(tab, "form button")
    tab.wait_for_url("**/warnings?*")
    tab.goto(f"{at}/warnings")
    press(tab, "main a[href^='/warnings/']")
    tab.wait_for_url("**/warnings/*")


def test_a_visit_is_logged(tab: Page, at: str) -> None:
    tab.goto(f"{at}/today")
    press(tab, "main li summary, main summary")
    press(tab, "button[name=minutes]")
    expect(
        tab.locator("[role=status]").filter(has_text=re.compile("[Vv]isit|[Ll]ogged|[Kk]ept"))
    ).to_have_count(1)


def test_a_problem_is_opened_and_decided(tab: Page, at: str) -> None:
    tab.goto(f"{at}/problems")
    write(tab, "#title", "fights at closing time by the station")
    write(tab, "#owner_agency", "council")
    write(tab, "#warnings", "w1")
    press(tab, "form.sheet button")
    tab.wait_for_url("**/problems/1**")
    tab.goto(f"{at}/decisions")
    write(tab, "#about_kind", "problem")
    write(tab, "#about", "1")
    write(tab, "#decided", "light the square, look again in March")
    write(tab, "#by_role", "partnership chair")
    write(tab, "#why", "it is dark there")
    write(tab, "#options", "do nothing")
    press(tab, "form.sheet button")
    expect(tab.locator("main")).to_contain_text("light the square, look again in March")


def test_audit_says_who_asked_for_the_audit(tab: Page, at: str) -> None:
    tab.goto(f"{at}/audit")
    write(tab, "#what", "audit page")
    press(tab, "form.filters button")
    tab.wait_for_url("**/audit?*")
    assert set(tab.locator("tbody th").all_inner_texts()) == {"audit page"}


@pytest.mark.parametrize(
    ("path", "aim"),
    [
        ("/evaluation", "main a"),
        ("/forces", "main a"),
        ("/help", "main a[href='/glossary']"),
        ("/start", "main input[type=file]"),
        ("/use-your-own-data", "main a[href='/start']"),
        ("/returns", "main select"),
    ],
)
def test_what_a_page_leads_to_is_reached(tab: Page, at: str, path: str, aim: str) -> None:
    tab.goto(at + path)
    reach(tab, aim)
    width = "() => parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
    assert tab.evaluate(width) > 0, f"{path}: the focus does not show"


def test_signing_in_lands_on_a_page_that_is_open(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ws = fresh(tmp_path_factory.mktemp("keyboard-in") / "home")
    with_password(ws, account(ws, "p1007", role="partner", agency="council"))
    context = browser.new_context()
    page = context.new_page()
    with serving_app(app_of(ws)) as address:
        page.goto(f"{address}/sign-in")
        write(page, "#account", "p1007")
        write(page, "#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/sign-in/code")
        write(page, "#code", pyotp.TOTP(SECRET).now())
        page.keyboard.press("Enter")
        page.wait_for_url("**/problems")
        expect(page.locator("h1")).to_have_text("Problems")
    context.close()
