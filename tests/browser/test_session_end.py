"""The end of a session is told before it comes, and put off by one key (WCAG 2.2, 2.2.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from peelian.store.runs import add_run
from peelian.store.sessions import Limits
from peelian.store.workspace import Workspace
from tests.api.run_folder import write_run
from tests.api.signing import account, app_of, signed_in
from tests.serving import serving_app
from tests.workspaces import fresh

from .sound import serious

pytestmark = pytest.mark.browser
ENDS = re.compile(r"You are signed in until \d\d:\d\d; each page you open puts that off\.")


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return fresh(tmp_path / "home")


def entered(page: Page, ws: Workspace, limits: Limits) -> Iterator[str]:
    """Give the address of a server at which the page's browser is signed in."""
    app = app_of(ws, limits=limits)
    client = signed_in(app, account(ws))
    with serving_app(app) as address:
        page.context.add_cookies([{"name": "peelian", "value": client.cookies["peelian"], "url": address}])
        yield address


def test_two_minutes_before_the_end_a_key_puts_it_off(page: Page, ws: Workspace) -> None:
    for address in entered(page, ws, Limits()):
        page.clock.install()
        page.goto(f"{address}/problems")
        page.fill("#title", "fights at closing time")
        told = page.locator("#session [role=status]")
        page.clock.run_for(timedelta(minutes=12, seconds=50) // timedelta(milliseconds=1))
        expect(told).to_have_text("")
        page.clock.run_for(15_000)
        expect(told).to_contain_text("You will be signed out in two minutes")
        assert serious(page) == []
        page.locator("#session a").focus()
        page.keyboard.press("Enter")
        expect(told).to_have_text("You stay signed in.")
        assert page.input_value("#title") == "fights at closing time"
        page.clock.run_for(60_000)
        expect(told).to_have_text("You stay signed in.")
        page.clock.run_for(16 * 60_000)
        expect(told).to_contain_text("You are signed out")


def test_what_cannot_be_put_off_is_told_too(page: Page, ws: Workspace) -> None:
    for address in entered(page, ws, Limits(absolute=timedelta(minutes=5))):
        page.clock.install()
        page.goto(f"{address}/problems")
        expect(page.locator("#session")).to_contain_text("and not longer")
        page.clock.run_for(timedelta(minutes=3, seconds=10) // timedelta(milliseconds=1))
        expect(page.locator("#session [role=status]")).to_contain_text("this cannot be put off")


def test_without_javascript_the_page_states_the_time(browser: Browser, ws: Workspace) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    add_run(ws, "run", write_run(ws.runs / "run"))
    for address in entered(page, ws, Limits()):
        page.goto(f"{address}/problems")
        expect(page.locator("#session")).to_have_text(ENDS)
        assert page.get_attribute("#session a", "href") == "/account"
        assert page.get_attribute("#session a", "target") == "_blank"
        page.goto(f"{address}/today")  # kept on the phone: it says nothing of whoever is signed in
        assert page.locator("#session").count() == 0
    context.close()


def test_nobody_is_told_of_a_session_that_is_not_there(page: Page, ws: Workspace) -> None:
    with serving_app(app_of(ws)) as address:
        page.goto(f"{address}/sign-in")
        assert page.locator("#session").count() == 0
