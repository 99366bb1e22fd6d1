"""A release takes two people: each with an account and a browser of their own, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from peelian.store.accounts import Account
from peelian.store.catalogue import transaction
from peelian.store.releases import get_release, propose
from peelian.store.workspace import Workspace
from tests.api.signing import account, app_of, signed_in
from tests.serving import serving_app
from tests.workspaces import fresh

from .sound import serious
from .test_keyboard import press, reach, write

pytestmark = pytest.mark.browser
PROPOSED = {
    "id": "kept", "tier": "public", "kind": "counts", "area": "kent", "target": "violence",
    "start": date(2026, 7, 1), "end": date(2026, 10, 1), "told": {},
    "table": {"title": "Violence", "simulated": False, "note": "", "shown": [{"n": 20}], "withheld": []},
}  # fmt: skip


@pytest.fixture
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return fresh(tmp_path_factory.mktemp("keyboard-release") / "home")


@contextmanager
def browser_of(browser: Browser, app: FastAPI, address: str, who: Account) -> Iterator[Page]:
    """A browser in which an account has signed in; signing in by keyboard is in `test_keyboard`."""
    token = signed_in(app, who, "analysis").cookies["peelian"]
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "peelian", "value": token, "url": address}])
    yield context.new_page()
    context.close()


def answers(page: Page) -> list[str]:
    return [str(one) for one in page.locator("#state-1 option").evaluate_all("all => all.map(o => o.value)")]


def test_who_proposed_cannot_approve_and_another_does(browser: Browser, ws: Workspace) -> None:
    app, proposer, approver = app_of(ws), account(ws), account(ws, "b2002", role="supervisor")
    with transaction(ws) as conn:
        propose(conn, proposer.actor, "analysis", PROPOSED)
    with serving_app(app) as at:
        with browser_of(browser, app, at, proposer) as first:
            first.goto(f"{at}/releases")
            expect(first.locator("main")).to_contain_text("another person must approve it")
            assert answers(first) == ["", "refused"]
        with browser_of(browser, app, at, approver) as second:
            second.goto(f"{at}/releases")
            assert answers(second) == ["", "approved", "refused"]
            reach(second, "#state-1")
            second.keyboard.press("ArrowDown")
            write(second, "#why-1", "checked against the figures of last quarter")
            press(second, "section.card button")
            expect(second.locator("section.card h2")).to_contain_text("approved")
            assert serious(second) == []
    held = get_release(ws, "kept")
    assert (held.state, held.proposed_by, held.second_by) == ("approved", "a1001", "b2002")
