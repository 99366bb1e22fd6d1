"""The main task of the pages that plan, explain and answer, by keyboard alone; axe on each state, narrow."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from peelian.domain.actor import LOCAL_ANALYST
from peelian.pipeline.context import Context
from peelian.pipeline.jobs import work
from peelian.store.runs import add_run
from peelian.store.warnings import keep_warnings
from peelian.store.workspace import Workspace
from tests.acting_made import typed
from tests.api.run_folder import write_run
from tests.serving import serving
from tests.warnings_made import made
from tests.workspaces import fresh

from .sound import serious
from .test_keyboard import press, reach, write

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    home = fresh(tmp_path_factory.mktemp("keyboard-more") / "home")
    add_run(home, "run", write_run(home.runs / "run") | {"marks_known": True})
    keep_warnings(home, LOCAL_ANALYST, "prevention", [made()])
    return home


@pytest.fixture(scope="module")
def at(ws: Workspace) -> Iterator[str]:
    with serving(ws) as address:
        yield address


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def sound(page: Page) -> None:
    """Hold the state that is open against the whole of axe, at the width of a phone."""
    assert serious(page) == [], page.url
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= 390, page.url


def decide(page: Page) -> None:
    """Fill in and send the form of a decision that leads here from what it is about."""
    write(page, "#decided", "go as planned")
    write(page, "#by_role", "neighbourhood inspector")
    write(page, "#why", "most harm for the hours there are")
    write(page, "#options", "go, or leave it")
    press(page, "form.sheet button")
    page.wait_for_url("**/decisions?done=*")
    sound(page)


def test_a_plan_is_made_read_decided_and_printed(tab: Page, at: str, ws: Workspace) -> None:
    tab.goto(f"{at}/plans")
    write(tab, "#visits", "none")
    press(tab, "form.sheet button")
    expect(tab.locator("[role=alert]")).to_contain_text("a whole number")
    sound(tab)
    reach(tab, "#visits")
    tab.keyboard.press("Control+a")
    tab.keyboard.type("4")
    press(tab, "form.sheet button")
    expect(tab.locator("[role=status]")).to_contain_text("Queued as job")
    work(Context(ws))
    tab.reload()
    press(tab, "main a[href^='/plans/']")
    tab.wait_for_url("**/plans/*")
    expect(tab.locator("h1")).to_contain_text("4 visits for")
    sound(tab)
    place = tab.url
    press(tab, "main a[href*='about_kind=plan']")
    tab.wait_for_url("**/decisions?about_kind=plan*")
    decide(tab)
    tab.goto(place)
    press(tab, "main a[href*='/print']")
    tab.wait_for_url("**/print?decision=*")
    expect(tab.locator("main table").first).to_be_visible()
    sound(tab)


def test_what_a_forecast_rests_on_is_found_from_its_place(tab: Page, at: str) -> None:
    tab.goto(f"{at}/list")
    press(tab, "main tbody a")
    tab.wait_for_url("**/places/**")
    press(tab, "main a[href$='/lineage']")
    tab.wait_for_url("**/lineage")
    expect(tab.locator("h1")).to_contain_text("rests on")
    sound(tab)


@pytest.mark.parametrize(
    ("path", "aim", "there"),
    [
        ("/data", "main a, main .scroll, main summary, footer a", ""),
        ("/model", "main a, main .scroll, main summary, footer a", ""),
        ("/forces", "main a[href*='run=']", "**/?run=*"),
        ("/help", "main a[href='/glossary']", "**/glossary"),
        ("/releases", "footer a", "**/transparency"),
    ],
)
def test_what_a_page_is_for_is_reached_and_opened(
    tab: Page, at: str, path: str, aim: str, there: str
) -> None:
    tab.goto(at + path)
    sound(tab)
    reach(tab, aim)
    if there:
        tab.keyboard.press("Enter")
        tab.wait_for_url(there)


def test_a_return_is_asked_for_in_british_days(tab: Page, at: str) -> None:
    tab.goto(f"{at}/returns")
    reach(tab, "#name")
    tab.keyboard.press("ArrowDown")
    write(tab, "#start", "31 April 2025")
    press(tab, "form button")
    expect(tab.locator("[role=alert]")).to_contain_text("29 November 2026")
    assert tab.input_value("#start") == "31 April 2025"
    sound(tab)
    reach(tab, "#start")
    tab.keyboard.press("Control+a")
    tab.keyboard.type("1 April 2025")
    press(tab, "form button")
    expect(tab.locator("[role=status]")).to_contain_text("Queued as job")


def test_what_was_done_is_entered_and_an_error_is_said(tab: Page, at: str) -> None:
    tab.goto(f"{at}/interventions")
    entry = typed(start="1/10/2026", end="30 Octember 2026", area_kind="", places="")
    for name in ("title", "start", "end", "agency", "dose", "dose_unit", "reason", "decision_maker"):
        write(tab, f"#{name}", entry[name])
    for name in ("kind", "area"):
        reach(tab, f"#{name}")
        tab.keyboard.press("ArrowDown")
    press(tab, "form.sheet button")
    expect(tab.locator("[role=alert]")).to_contain_text("not a day")
    sound(tab)
    reach(tab, "#end")
    tab.keyboard.press("Control+a")
    tab.keyboard.type("30 October 2026")
    press(tab, "form.sheet button")
    expect(tab.locator("[role=status]")).to_contain_text(re.compile("Kept: entry i"))
    sound(tab)


def test_a_challenge_is_sent_found_by_the_menu_and_answered(tab: Page, at: str) -> None:
    tab.goto(f"{at}/about/SIM1")
    sound(tab)
    write(tab, "#place", "High Street")
    write(tab, "#text", "the car park is counted as a street")
    press(tab, "main form button")
    tab.wait_for_url("**/challenges/**")
    expect(tab.locator("main")).to_contain_text(re.compile("[2-9B-Z]{4}-[2-9B-Z]{4}"))
    sound(tab)
    press(tab, "details.more summary")
    press(tab, "header a[href='/challenges']")
    tab.wait_for_url("**/challenges")
    sound(tab)
    write(tab, "form textarea", "it was put right at its source")
    press(tab, "form.noprint button")
    tab.wait_for_url("**/challenges#c*")
    expect(tab.locator("main")).to_contain_text("it was put right at its source")
    sound(tab)


def test_a_tasking_pack_is_printed_by_its_decision(tab: Page, at: str) -> None:
    tab.goto(f"{at}/problems")
    write(tab, "#title", "fights at closing time")
    write(tab, "#owner_agency", "council")
    write(tab, "#warnings", "w1")
    press(tab, "form.sheet button")
    tab.wait_for_url("**/problems/1**")
    sound(tab)
    press(tab, "main a[href*='about_kind=problem']")
    tab.wait_for_url("**/decisions?about_kind=problem*")
    decide(tab)
    tab.goto(f"{at}/problems/1")
    press(tab, "main a[href*='tasking?decision']")
    tab.wait_for_url("**/tasking?decision=*")
    expect(tab.locator("h1")).to_be_visible()
    sound(tab)
