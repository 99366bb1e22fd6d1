"""The map in Welsh, in a browser: its words, its live region, the way back, and nothing serious for axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import settle
from .sound import serious
from .watching import Watch

pytestmark = pytest.mark.browser


def test_the_map_speaks_welsh_and_leads_back(page: Page, served: str, watch: Watch) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{served}/?lang=cy&layer=expected&step=0&view=map")
    settle(page)
    assert page.evaluate("document.documentElement.lang") == "cy"
    expect(page.locator(".segments.layers")).to_contain_text("Nifer disgwyliedig")
    expect(page.locator("#places-title")).to_have_text("Ble disgwylir y mwyaf")
    expect(page.locator("#story-line")).to_contain_text("Mae hanner yr hyn a ddisgwylir")
    canvas = page.locator("canvas.maplibregl-canvas")
    expect(canvas).to_have_attribute("aria-label", re.compile("Map o'r rhagolwg"))
    expect(page.locator("footer")).to_contain_text("nid yw siaradwr Cymraeg wedi'i hadolygu eto")
    data = [one for one in asked if "/api/v1/runs/" in one and ".u8" not in one]
    assert data
    assert all("lang=cy" in one for one in data)

    row = page.locator("tr[data-cell]").nth(1)
    row.locator("button").click()
    expect(page.locator("[role=status]")).to_contain_text("y siawns o un neu fwy")
    page.click(".why")
    expect(page.locator(".reasons")).to_contain_text("Yn ychwanegu")
    page.locator("input[name=layer]").nth(1).check(force=True)
    expect(page.locator("[role=status]")).to_have_text("Mae'r map yn dangos: Siawns o un neu fwy.")
    assert serious(page) == []

    page.set_viewport_size({"width": 1280, "height": 800})
    sticking_out = """() => {
      const row = document.querySelector('.segments.layers'), box = row.getBoundingClientRect()
      const card = document.querySelector('.card').getBoundingClientRect()
      const inside = one => one.left >= box.left && one.right <= box.right && one.bottom <= box.bottom
      const all = [...row.querySelectorAll('label span')]
      const out = all.filter(one => !inside(one.getBoundingClientRect()) || card.top < box.bottom)
      return out.map(one => one.textContent)
    }"""
    assert page.evaluate(sticking_out) == [], "each layer is seen whole, and the place's card is under them"
    expect(page.locator("header nav [aria-current=page]")).to_have_text("Map")

    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        page.wait_for_function("wide => document.documentElement.scrollWidth <= wide", arg=width)
    page.set_viewport_size({"width": 1440, "height": 900})

    page.click("a.language")  # English, and the same view
    settle(page)
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    assert "layer=chance" in page.url
    expect(page.locator("#places-title")).to_have_text("Where most is expected")
    assert page.locator("#words").count() == 0


def test_what_the_server_refuses_is_marked_english_on_the_welsh_map(page: Page, served: str) -> None:
    refusal = {"message": "this is not allowed for this purpose"}
    page.route("**/api/v1/runs/latest*", lambda route: route.fulfill(status=403, json=refusal))
    page.goto(f"{served}/?lang=cy")
    expect(page.locator("main.waiting p").first).to_have_text(refusal["message"])
    expect(page.locator("main.waiting p").first).to_have_attribute("lang", "en-GB")
