"""The map in Welsh: every text of its source has a Welsh one, and the page and its data are in it."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from peelian.api import elsewhere
from peelian.api.map_page import FORMS, TEXTS, messages
from peelian.api.routes.pages import WEB
from peelian.domain.forecast import CONTRIBUTIONS
from peelian.domain.target import TARGETS
from peelian.models import MODELS

from .conftest import RUN

SOURCE = Path(__file__).parents[2] / "web" / "src"
_TEXT = r'"((?:[^"\\]|\\.)*)"'
_ONE = re.compile(rf"\b(?:t|woven)\(\s*{_TEXT}")
_MANY = re.compile(rf"\bmany\(\s*[^\"]*?{_TEXT},\s*{_TEXT}")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def texts() -> tuple[set[str], dict[str, str]]:
    """Give the texts of the map's source: plain ones, and those of a number with their plural."""
    one: set[str] = set()
    many: dict[str, str] = {}
    for path in SOURCE.rglob("*.ts*"):
        code = path.read_text("utf-8")
        one |= {json.loads(f'"{text}"') for text in _ONE.findall(code)}
        many |= {json.loads(f'"{a}"'): json.loads(f'"{b}"') for a, b in _MANY.findall(code)}
    return one, many


def test_every_text_of_the_map_has_a_welsh_one_and_none_is_left_over() -> None:
    one, many = texts()
    assert len(one) > 300
    held = messages()
    assert set(held) == one | set(many)
    for text in one:
        found = held[text]
        assert isinstance(found, str), text
        assert found, text
        assert sorted(_PLACEHOLDER.findall(found)) == sorted(_PLACEHOLDER.findall(text)), text
    for text, more in many.items():
        forms = held[text]
        assert isinstance(forms, dict), text
        assert tuple(forms) == FORMS
        for found in forms.values():
            assert set(_PLACEHOLDER.findall(found)) == set(_PLACEHOLDER.findall(more)), text


def test_no_text_of_the_map_is_put_together_before_it_is_looked_up() -> None:
    for path in SOURCE.rglob("*.ts*"):
        if path.name != "language.ts":
            assert not re.search(r"(?<![\w.])(?:t|woven)\((?!\s*\")", path.read_text("utf-8")), path


def test_an_english_page_is_the_built_file_and_carries_no_welsh(client: TestClient) -> None:
    assert client.get("/").content == (WEB / "index.html").read_bytes()


def test_a_welsh_page_says_its_own_texts_and_the_maps_in_welsh(client: TestClient) -> None:
    page = client.get("/", params={"lang": "cy"})
    client.cookies.clear()
    assert '<html lang="cy">' in page.text
    built = unescape((WEB / "index.html").read_text("utf-8"))
    for text in (*TEXTS[:3], TEXTS[4]):
        assert text in built
        assert text not in unescape(page.text).split('<script id="words"')[0], text
    assert "The map needs JavaScript" not in page.text.split("<body>")[1]
    assert 'href="./list"' in page.text
    block = re.findall(r'<script id="words" type="application/json">(.*?)</script>', page.text)
    assert json.loads(block[0]) == messages()
    assert "<" not in block[0]


@pytest.mark.parametrize(("asked", "story"), [({}, "Half of"), ({"lang": "cy"}, "Mae hanner")])
def test_data_is_in_the_language_its_address_asks_for(
    client: TestClient, asked: dict[str, str], story: str
) -> None:
    headers = {"accept-language": "cy", "cookie": "lang=cy"}
    body = client.get(f"/api/v1/runs/{RUN}", params=asked, headers=headers).json()
    assert body["story"]["sentence"].startswith(story)
    assert body["story"]["hatched"] is True


def test_welsh_data_holds_the_same_numbers(client: TestClient) -> None:
    english, welsh = (
        client.get(f"/api/v1/runs/{RUN}/table", params={"limit": 20, **asked}).json()["rows"]
        for asked in ({}, {"lang": "cy"})
    )
    words = [(mine.pop("words"), theirs.pop("words")) for mine, theirs in zip(english, welsh, strict=True)]
    assert english == welsh
    assert all(" in " in mine and " o bob " in theirs for mine, theirs in words if mine != "no data held")


def test_layers_have_as_many_classes_in_both(client: TestClient) -> None:
    english, welsh = (
        client.get(f"/api/v1/runs/{RUN}", params=asked).json()["layers"] for asked in ({}, {"lang": "cy"})
    )
    for mine, theirs in zip(english, welsh, strict=True):
        assert (mine["url"], mine["breaks"]) == (theirs["url"], theirs["breaks"])
        assert len(mine["labels"]) == len(theirs["labels"])
        assert mine["title"] != theirs["title"]
    assert english[0]["labels"][0].startswith("under ")
    assert welsh[0]["labels"][0].startswith("dan ")


def test_words_of_other_layers_are_all_declared() -> None:
    said = {
        target.title(known, some, checked)
        for target in TARGETS.values()
        for known in (True, False)
        for some in (True, False)
        for checked in (True, False)
    } - {""}
    assert said == set(elsewhere.COUNTED)
    assert set(elsewhere.PARTS) == set(CONTRIBUTIONS)
    assert set(elsewhere.FORECASTERS) == {model.SPEC.title for model in MODELS.values()}
