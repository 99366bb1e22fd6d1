"""States that a person meets on a bad day: each is said in words, is sound, fits, and can be pictured.

PEELIAN_PICTURES=DIR writes a picture of each.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.runs import add_run
from peelian.store.warnings import keep_warnings
from peelian.store.workspace import Workspace
from tests.api.run_folder import ORIGIN, write_run
from tests.api.signing import account, app_of, signed_in
from tests.browser.country import write_country
from tests.serving import serving, serving_app
from tests.warnings_made import made
from tests.workspaces import fresh

from .conftest import opened
from .sound import drawn, looks, serious

pytestmark = pytest.mark.browser
YEARS = 60


def seen(page: Page, name: str) -> None:
    """What every state must keep to, wide and on a phone."""
    before: list[str] | None = None
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        drawn(page)
        assert serious(page, before) == [], name
        assert page.evaluate("() => document.scrollingElement.scrollWidth") <= width, name
        if to := os.environ.get("PEELIAN_PICTURES"):
            page.screenshot(path=Path(to) / f"state-{name}-{width}.png")
        before = looks(page)


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return fresh(tmp_path / "home")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(fresh(tmp_path_factory.mktemp("empty") / "home")) as address:
        yield address


@pytest.mark.parametrize(
    "path", ["/", "/list", "/briefing", "/today", "/warnings", "/plans", "/model", "/data"]
)
def test_nothing_is_held_yet(page: Page, empty: str, path: str) -> None:
    page.goto(empty + path)
    said = re.compile("[Nn]o run|[Nn]othing|No |Use your own data")
    expect(page.locator("body")).to_contain_text(said, use_inner_text=True)
    seen(page, "empty" + path.replace("/", "-").rstrip("-"))


def test_a_page_that_is_not_open_to_someone_says_why(page: Page, ws: Workspace) -> None:
    add_run(ws, "run", write_run(ws.runs / "run"))
    app = app_of(ws)
    client = signed_in(app, account(ws, role="public"))
    with serving_app(app) as address:
        page.context.add_cookies([{"name": "peelian", "value": client.cookies["peelian"], "url": address}])
        page.goto(f"{address}/audit")
        expect(page.locator("h1")).to_have_text("This is not open to you")
        assert page.locator("nav a[href='/account']").count() == 1
        seen(page, "no-permission")


def test_a_thousand_warnings_stay_readable(page: Page, ws: Workspace) -> None:
    add_run(ws, "run", write_run(ws.runs / "run"))
    keep_warnings(
        ws,
        LOCAL_ANALYST,
        "prevention",
        [made(f"w{k}", title=f"More reports near High Street, part {k}") for k in range(1000)],
    )
    with serving(ws) as address:
        page.goto(f"{address}/warnings")
        assert page.locator(".inbox tbody tr").count() >= 10
        seen(page, "thousand-warnings")


def test_a_five_year_clock_can_be_read_and_moved(page: Page, ws: Workspace) -> None:
    folder = ws.runs / "run"
    card = write_run(folder)
    rows = pl.read_parquet(folder / "forecast.parquet")
    first = rows.filter(pl.col("period_start") == ORIGIN)
    spans = [timedelta(weeks=4 * k) for k in range(YEARS)]
    parts = [first.with_columns(pl.col("period_start") + by, pl.col("period_end") + by) for by in spans]
    pl.concat(parts).write_parquet(folder / "forecast.parquet")
    card["horizon"] = YEARS
    (folder / "run.json").write_text(json.dumps(card))
    (folder / "levels.parquet").unlink()
    add_run(ws, "run", card)
    with serving(ws) as address:
        opened(page, address)
        page.locator("#step-slider").focus()
        page.keyboard.press("End")
        expect(page.locator("#step-slider")).to_have_value(str(YEARS - 1))
        seen(page, "five-years")


def test_a_force_of_four_hundred_kilometres_opens_on_its_first_place(page: Page, ws: Workspace) -> None:
    folder = ws.runs / "run"
    write_country(folder)
    add_run(ws, "run", json.loads((folder / "run.json").read_text()))
    with serving(ws) as address:
        opened(page, address)
        assert page.locator("#place").get_attribute("data-cell")
        seen(page, "wide-force")


def test_a_server_that_stopped_is_said(page: Page, ws: Workspace) -> None:
    add_run(ws, "run", write_run(ws.runs / "run"))
    with serving(ws) as address:
        opened(page, address)
        page.context.set_offline(True)
        page.locator("#step-slider").focus()
        page.keyboard.press("ArrowRight")
        expect(
            page.get_by_text("The server does not answer. What is on this page stays as it was")
        ).to_be_visible()
        seen(page, "server-stopped")
        page.context.set_offline(False)
