"""The phone's page: nearest first without telling anyone, two taps, out of reach and back."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from peelian.store.interventions import list_entries
from peelian.store.workspace import Workspace

from .sound import serious
from .watching import Watch

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser, served: str) -> Iterator[Page]:
    """A phone that stands at the third place of the list and tells this origin so."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, permissions=["geolocation"])
    page = context.new_page()
    page.goto(f"{served}/today")
    yield page
    context.close()


def _kept(page: Page) -> None:
    """Wait until the worker holds the page: it takes hold at the second load."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    assert page.evaluate("() => caches.match('/today').then((kept) => Boolean(kept))")


def test_nearest_first_is_worked_out_on_the_phone(phone: Page, served: str) -> None:
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    assert serious(phone) == []
    third = phone.locator(".stop").nth(2)
    lat, lon = (float(third.get_attribute(f"data-{name}") or "nan") for name in ("lat", "lon"))
    cell = third.get_attribute("data-cell")
    phone.context.set_geolocation({"latitude": lat, "longitude": lon})
    phone.get_by_role("button", name="Nearest first").click()
    phone.get_by_text("The list is ordered: nearest first.").wait_for()
    assert phone.locator(".stop").first.get_attribute("data-cell") == cell
    assert "50 m away" in phone.locator(".stop").first.inner_text()
    assert not any(f"{lat:.3f}" in one for one in sent)
    assert all(f"{urlsplit(one).scheme}://{urlsplit(one).netloc}" == served for one in sent)


def test_out_of_reach_the_list_stays_and_a_visit_is_sent_once_back(
    phone: Page, served: str, workspace: Workspace
) -> None:
    before = len(list_entries(workspace, withdrawn=True))
    _kept(phone)
    phone.context.set_offline(True)
    phone.reload()
    assert "Out of reach" in phone.locator("#state").inner_text()
    stop = phone.locator(".stop").first
    stop.locator("summary").click()  # the first tap
    stop.get_by_role("button", name="15 min").click()  # the second
    phone.get_by_text("1 visit waits on this phone").wait_for()
    assert len(list_entries(workspace, withdrawn=True)) == before
    phone.context.set_offline(False)
    phone.get_by_text("1 visit logged.").wait_for()
    assert len(list_entries(workspace, withdrawn=True)) == before + 1
    assert phone.evaluate("() => localStorage.getItem('peelian-visits')") == "[]"
    cached = phone.evaluate(
        "() => caches.keys().then((n) => caches.open(n[0])).then((s) => s.keys())"
        ".then((k) => k.map((one) => new URL(one.url).pathname).sort())"
    )
    assert cached == ["/static/mark.svg", "/static/pages.css", "/static/today.js",
                      "/static/today.webmanifest", "/today"]  # fmt: skip


def test_no_complaint_on_the_phones_page(page: Page, served: str, watch: Watch) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{served}/today")
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= 320
