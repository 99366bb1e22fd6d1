"""The map's tools by mouse and by keyboard, beside the numbers they must show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from peelian.pipeline.basemaps import import_file
from peelian.pipeline.context import Context
from peelian.store.workspace import Workspace
from tests import map_world
from tests.api.run_folder import ORIGIN, UNHELD, mask
from tests.api.test_basemap import roads
from tests.serving import serving

from .conftest import opened, settle
from .watching import Watch

pytestmark = pytest.mark.browser
API = f"/api/v1/runs/{map_world.RUN}"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("tools")
    ws = map_world.build(folder / "home")
    import_file(Context(ws), roads(folder / "oproad.gpkg"), (499_000, 249_000, 501_000, 251_000))
    return ws


@pytest.fixture(scope="module")
def at(held: Workspace) -> Iterator[str]:
    with serving(held) as address:
        yield address


@pytest.fixture(autouse=True)
def watched(page: Page, at: str) -> Iterator[Watch]:
    made = Watch(at)
    made.on(page)
    yield made
    assert made.faults == []


def asked(page: Page, at: str, path: str) -> Any:
    return page.request.get(f"{at}{path}").json()


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


def of_file(held: Workspace, cells: list[int], step: int = 0) -> float:
    rows = pl.read_parquet(held.runs / map_world.RUN / "forecast.parquet")
    start = sorted(rows["period_start"].unique())[step]
    kept = [cell for cell in cells if cell not in set(mask()[UNHELD].tolist())]
    return float(rows.filter((pl.col("period_start") == start) & pl.col("cell").is_in(kept))["mean"].sum())


def told_mean(page: Page) -> float:
    page.wait_for_selector(".area-result")
    return float(page.get_attribute(".area-result .figures", "data-mean") or "nan")


def test_an_area_is_drawn_by_mouse_added_up_and_shared(page: Page, at: str, held: Workspace) -> None:
    opened(page, at)
    page.evaluate("([x, y]) => __peelian.jumpTo(x, y, 12.4)", list(centre(page, at)))
    settle(page)
    page.click("button[data-tool=area]")
    page.click("text=Draw a line")
    box = page.locator("#map canvas").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for dx, dy in ((-90, -70), (90, -70), (90, 70)):
        page.mouse.click(x + dx, y + dy)
    page.mouse.dblclick(x - 90, y + 70)
    mean = told_mean(page)
    shape = page.get_attribute(".area-result", "data-area")
    found = asked(page, at, f"{API}/drawn?shape={shape}")
    assert len(found["cells"]) > 20
    assert mean == found["mean"] == pytest.approx(of_file(held, found["cells"]), rel=1e-12)
    assert "area=p" in page.url
    page.fill(".save input", "My square mile")
    page.press(".save input", "Enter")
    page.goto(page.url)
    settle(page)
    assert told_mean(page) == mean, "the link gives the same area"
    page.click("text=Clear")
    expect(page.locator(".area-result")).to_have_count(0)
    page.click(".saved-list button:has-text('My square mile')")
    assert told_mean(page) == mean
    assert serious(page) == []


def centre(page: Page, at: str) -> tuple[float, float]:
    west, south, east, north = asked(page, at, API)["bounds"]
    return (west + east) / 2, (south + north) / 2


def test_an_area_is_drawn_and_picked_by_keyboard_alone(page: Page, at: str, held: Workspace) -> None:
    opened(page, at)
    page.evaluate("([x, y]) => __peelian.jumpTo(x, y, 12.4)", list(centre(page, at)))
    settle(page)
    page.focus("button[data-tool=area]")
    page.keyboard.press("Enter")
    page.focus("text=Draw a line")
    page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press("Space")
        page.keyboard.press(key)
        page.wait_for_timeout(450)
        settle(page)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    mean = told_mean(page)
    found = asked(page, at, f"{API}/drawn?shape={page.get_attribute('.area-result', 'data-area')}")
    assert mean == pytest.approx(of_file(held, found["cells"]), rel=1e-12)
    # And with no map at all: two places of the list, one by one.
    page.focus("input[name=view] >> nth=1")
    page.keyboard.press("Space")
    rows = asked(page, at, f"{API}/table?limit=2")["rows"]
    page.click("text=Clear")
    for row in rows:
        page.focus(f"tr[data-cell='{row['cell']}'] button")
        page.keyboard.press("Enter")
        page.focus("text=Add the chosen place")
        page.keyboard.press("Enter")
    want = f"c{rows[0]['cell']},{rows[1]['cell']}"
    page.wait_for_selector(f".area-result[data-area='{want}']")
    assert told_mean(page) == pytest.approx(rows[0]["mean"] + rows[1]["mean"], rel=1e-12)


def test_two_periods_are_compared_by_swipe_and_side_by_side(page: Page, at: str) -> None:
    opened(page, at)
    page.click("button[data-tool=compare]")
    page.click("text=Start to compare")
    page.wait_for_selector('#map-beside[data-map-state="idle"]', timeout=60_000)
    assert "with=expected&with_step=3" in page.url
    page.focus("#swipe")
    before = page.get_attribute("#map-beside", "style")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#map-beside", "style") != before
    then = {row["cell"]: row["mean"] for row in asked(page, at, f"{API}/table?step=3&limit=1000")["rows"]}
    now = asked(page, at, f"{API}/table?limit=10")["rows"]
    cells = page.locator("table.both tbody tr")
    expect(cells).to_have_count(10 if page.locator("tr[data-cell]").count() >= 10 else 8)
    for k, row in enumerate(now[: cells.count()]):
        text = cells.nth(k).locator("td").all_inner_texts()
        assert text == [written(row["mean"]), written(then[row["cell"]])]
    page.check("text=Side by side, not one over the other")
    page.wait_for_timeout(400)
    first, second = (page.locator(f"{one} canvas").first.bounding_box() for one in ("#map", "#map-beside"))
    assert first
    assert second
    assert abs(first["width"] - second["width"]) < 4
    assert second["x"] > first["x"] + first["width"] - 2
    assert serious(page) == []


def written(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def test_what_lies_over_the_map_is_in_lists_too(page: Page, at: str) -> None:
    opened(page, at)
    page.click("button[data-tool=over]")
    for kind in ("warnings", "interventions", "plan"):
        page.check(f"input[name=over][value={kind}]")
    expect(page.locator("[data-over=interventions] li")).to_have_count(2)
    expect(page.locator("[data-over=plan] li")).to_have_count(3)
    assert map_world.POWER not in page.content()
    assert "Left out: 1 of powers" in page.locator("#tool-panel").inner_text()
    assert "in the list alone" in page.locator("#tool-panel").inner_text()
    page.click(f"[data-over=interventions] button:has-text('{map_world.LAMP}')")
    page.wait_for_selector(f"#place[data-cell='{mask()[100]}']")
    assert "over=warnings%2Cinterventions%2Cplan" in page.url
    assert serious(page) == []


@pytest.mark.parametrize(
    ("words", "cell"), [("zebra", int(mask()[200])), ("EH99 1ZZ", int(mask()[201]))], ids=["name", "postcode"]
)
def test_a_place_is_found_by_keyboard(page: Page, at: str, words: str, cell: int) -> None:
    opened(page, at)
    page.focus("#find")
    page.keyboard.type(words)
    page.wait_for_selector("#found li[aria-selected=true]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#place[data-cell='{cell}']")


def test_numbers_are_equal_everywhere(page: Page, at: str, held: Workspace) -> None:
    """Random squares: map, list, place panel, place page, export and API beside the file itself."""
    opened(page, at)
    rows = pl.read_parquet(held.runs / map_world.RUN / "forecast.parquet")
    rows = rows.filter((pl.col("period_start") == ORIGIN) & pl.col("mean").is_not_null())
    known = rows.filter(~pl.col("cell").is_in(mask()[UNHELD].tolist()))
    file = {cell: (mean, p_any) for cell, mean, p_any in known.select("cell", "mean", "p_any").iter_rows()}
    api = {row["cell"]: row for row in asked(page, at, f"{API}/table?limit=1000")["rows"]}
    text = page.request.get(f"{at}{API}/table?limit=1000&format=csv").text()
    export = {row["cell"]: row for row in pl.read_csv(text.encode()).iter_rows(named=True)}
    layers = {one["id"]: one for one in asked(page, at, API)["layers"]}
    for cell in np.random.default_rng(11).choice(sorted(file), 12, replace=False).tolist():
        mean, p_any = file[cell]
        assert (api[cell]["mean"], api[cell]["p_any"]) == (mean, p_any)
        assert export[cell]["mean"] == pytest.approx(mean, rel=1e-15)
        assert asked(page, at, f"{API}/places/{cell}")["mean"] == mean
        assert asked(page, at, f"{API}/drawn?shape=c{cell}")["mean"] == mean
        byte = page.evaluate("cell => __peelian.byte(cell, 0)", cell)
        assert byte >> 3 == int(np.digitize(mean, layers["expected"]["breaks"])) + 1
        said = f"Expected number {spoken(mean)}"
        assert said in page.request.get(f"{at}/runs/{map_world.RUN}/places/{cell}").text()
    page.goto(f"{at}/?cell={cell}&view=map")
    page.wait_for_selector(f"#place[data-cell='{cell}']")
    assert f"Expected number {spoken(file[cell][0])}" in page.locator("#place").inner_text()


def spoken(value: float) -> str:
    return "under 0.01" if value < 0.01 else written(value)


def test_layers_colours_and_narrow_screens(page: Page, at: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 1000})
    opened(page, at)
    for layer in ("change", "harm", "coverage"):
        page.locator(f"input[name=layer][value={layer}]").check()
        expect(page.locator("#map")).to_have_attribute("data-layer", layer)
    top = asked(page, at, f"{API}/table?sort=harm&limit=1")["rows"][0]
    page.locator("input[name=layer][value=harm]").check()
    expect(page.locator("tr[data-cell]").first).to_have_attribute("data-cell", str(top["cell"]))
    before = page.locator(".legend i").first.get_attribute("style")
    page.click(".legend summary")
    page.check("text=Colours for colour blindness")
    assert page.locator(".legend i").first.get_attribute("style") != before
    assert "colours=safe" in page.url
    page.set_viewport_size({"width": 320, "height": 640})
    for tool in ("over", "area", "compare"):
        page.click(f"button[data-tool={tool}]")
        page.wait_for_selector("#tool-panel h2")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert serious(page) == []


def test_counts_on_or_near_streets_are_in_the_list_by_keyboard(page: Page, at: str, held: Workspace) -> None:
    opened(page, at)
    cell = asked(page, at, f"{API}/table?sort=last_year&limit=1")["rows"][0]["cell"]
    page.goto(f"{at}/?cell={cell}&view=map&over=streets")
    settle(page)
    page.wait_for_selector("[data-over=streets] li")
    assert page.locator("#tool-panel").get_by_text("The first").count() <= 1
    page.focus("#street-period")
    page.keyboard.type("The days")
    expect(page.locator(".street-total")).to_contain_text("2025")
    assert "days=before" in page.url
    told = asked(page, at, f"{API}/street-counts.geojson?place={cell}")
    last = pl.read_parquet(held.runs / map_world.RUN / "last_year.parquet").filter(pl.col("cell") == cell)
    assert told["total"] == float(last["count"][0]) == sum(f["properties"]["count"] for f in told["features"])
    page.evaluate("([x, y]) => __peelian.jumpTo(x, y, 9)", list(centre(page, at)))
    expect(page.locator("#tool-panel")).to_contain_text("For the chosen place")
    assert serious(page) == []


def test_an_area_is_made_by_name_reference_and_list_without_a_pointer(page: Page, at: str) -> None:
    opened(page, at)
    page.focus("button[data-tool=area]")
    page.keyboard.press("Enter")
    page.focus("summary:has-text('Around a place')")
    page.keyboard.press("Enter")
    page.focus("input[name=where]")
    page.keyboard.type("Zebra Street")
    page.keyboard.press("Enter")
    page.wait_for_selector(".area-result")
    found = asked(page, at, f"{API}/drawn?shape={page.get_attribute('.area-result', 'data-area')}")
    assert int(mask()[200]) in found["cells"]
    assert len(found["cells"]) <= 25
    page.focus("text=Clear")
    page.keyboard.press("Enter")
    listed = page.locator("tr[data-cell]").count()
    page.focus("text=places of the list")
    page.keyboard.press("Enter")
    page.wait_for_selector(".area-result[data-area^=c]")
    assert len((page.get_attribute(".area-result", "data-area") or "").split(",")) == listed


def test_the_key_and_the_place_panel_stay_as_they_were_left(page: Page, at: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    opened(page, at)
    frame, card, key = (page.locator(one).bounding_box() for one in (".map-frame", "#place", ".legend"))
    assert frame
    assert card
    assert key
    covered = (card["width"] * card["height"] + key["width"] * key["height"]) / (
        frame["width"] * frame["height"]
    )
    assert covered < 0.35, "folded, they leave the map free: open, they cover half of it"
    page.focus(".legend summary")
    page.keyboard.press("Enter")
    page.focus("text=More figures")
    page.keyboard.press("Enter")
    expect(page.locator("#place .figures").first).to_be_visible()
    page.reload()
    settle(page)
    expect(page.locator(".legend table")).to_be_visible()
    expect(page.locator("#place .figures").first).to_be_visible()


def test_the_forces_page_is_sound_and_narrow(page: Page, at: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{at}/forces")
    expect(page.locator("tr[data-force]")).to_have_count(44)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert serious(page) == []


def test_a_basemap_lies_beneath_and_is_credited(page: Page, at: str) -> None:
    opened(page, at)
    expect(page.locator(".map-credit")).to_contain_text("Contains OS data © Crown copyright")
