"""Welsh pages: what is said in each language is marked in it, and English pages hold no Welsh."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from peelian import pipeline, plan
from peelian.api import overlap
from peelian.api.challenge_view import STATES as CHALLENGE_STATES
from peelian.api.messages import known
from peelian.domain import problem, returns, warning_life, warning_words
from peelian.domain.actor import PURPOSES
from peelian.domain.decision import ABOUT_KINDS
from peelian.domain.warning import STATES
from peelian.govern.policy import VERBS
from peelian.govern.roles import TITLES
from peelian.plan.catalogue.words import PATTERNS, SETTINGS, STRENGTHS
from peelian.store.challenges import KINDS

from .conftest import RUN
from .spoken import misspoken, spoken

AREA = "Easthaven and Westhaven"
PAGES = [
    "/help", "/list", "/briefing", "/today", "/plans", "/warnings", "/problems", "/decisions", "/returns",
    "/interventions", "/data", "/model", "/audit", "/start", "/search?q=mill", "/nowhere",
    f"/runs/{RUN}/places/12",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_each_text_is_marked_in_its_own_language(client: TestClient, path: str) -> None:
    page = client.get(path, params={"lang": "cy"}).text
    assert '<html lang="cy">' in page
    assert "Peiriant a wnaeth y Gymraeg hon." in page  # made by machine, not reviewed
    assert misspoken(page, AREA) == []


@pytest.mark.parametrize("path", ["/help", "/list", "/plans"])
def test_english_pages_hold_no_welsh_but_the_way_to_it(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert [text for text, lang in spoken(page) if lang == "cy"] == ["Cymraeg"]
    assert misspoken(page) == []


def test_no_heading_button_or_label_of_a_welsh_page_is_english(client: TestClient) -> None:
    page = client.get("/interventions", params={"lang": "cy"}).text
    for tag in ("h1", "h2", "th", "label", "button", "caption", "legend"):
        for inside in re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", page, re.DOTALL):
            assert "en-GB" not in inside, inside


def listed() -> set[str]:
    """Give the words of lists kept in layers that know no language, as pages show them."""
    found = {
        *STATES,
        *warning_life.OUTCOMES,
        warning_words.NOT_MEANT,
        returns.NOTICE,
        overlap.NOTE,
    }
    found |= {*KINDS, *CHALLENGE_STATES.values(), *problem.PARTS, *problem.ASKS.values(), *PURPOSES}
    found |= {
        *VERBS,
        *TITLES.values(),
        *ABOUT_KINDS,
        *PATTERNS,
        *STRENGTHS,
        *overlap.PATTERNS,
        *returns.FLOORS,
        *SETTINGS,
    }
    for path in (Path(plan.__file__).parent / "catalogue" / "kinds").glob("*.toml"):
        kind = tomllib.loads(path.read_text("utf-8"))
        found |= {kind["id"], kind["title"], kind["lead_agency"]}
    for path in (Path(pipeline.__file__).parent / "returning" / "templates").glob("*.toml"):
        template = tomllib.loads(path.read_text("utf-8"))
        found |= {template["title"], template.get("text", "")}
        for block in template["block"]:
            found |= {block["title"], block.get("text", "")} | {one["what"] for one in block.get("lines", ())}
    return found - {""}


def test_the_words_of_lists_have_welsh() -> None:
    assert listed() - known() == set()
