"""Welsh: every message has an entry, what has no Welsh is marked English, and a person's choice holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from peelian.api import languages
from peelian.api.languages import welsh

PAGES = Path(languages.__file__).parent / "pages_html"
_CALL = re.compile(r"""\b(?:_|heading|plain)\(\s*"((?:[^"\\]|\\.)*)"\s*\)""")
_VOID = {"meta", "link", "br", "input", "img", "hr"}


def messages() -> Iterator[str]:
    for path in PAGES.glob("*.html"):
        yield from _CALL.findall(path.read_text("utf-8"))


class Spoken(HTMLParser):
    """Collects texts with the language they are marked in, and whether they stand in `main`."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        before = self.stack[-1][1] if self.stack else ""
        if tag not in _VOID:
            self.stack.append((tag, dict(attrs).get("lang") or before))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self.stack:
            inside = any(tag == "main" for tag, _ in self.stack)
            self.texts.append((data.strip(), self.stack[-1][1], inside))


def spoken(text: str) -> list[tuple[str, str, bool]]:
    parser = Spoken()
    parser.feed(text)
    return parser.texts


def test_every_message_has_an_entry_and_none_is_left_over() -> None:
    assert set(messages()) <= set(welsh())
    assert sum(bool(text) for text in welsh().values()) >= 10


@pytest.mark.parametrize("path", ["/help", "/list", "/glossary", "/start", "/audit", "/nowhere"])
def test_what_is_said_in_english_is_marked_english(client: TestClient, path: str) -> None:
    text = client.get(path, params={"lang": "cy"}).text
    assert '<html lang="cy">' in text
    checked = {one for one in welsh().values() if one}
    for said, lang, inside in spoken(text):
        if lang == "cy":
            assert said in checked or said == "Peelian", said
        else:
            assert lang == "en-GB", said
            assert inside or said not in checked
    assert ("Map", "cy", False) in spoken(text)
    assert ("Chwilio", "cy", False) in spoken(text)
    assert "not yet reviewed by a Welsh speaker" in text


def test_english_pages_hold_no_welsh_but_the_way_to_it(client: TestClient) -> None:
    said = [one for one in spoken(client.get("/help").text) if one[1] == "cy"]
    assert said == [("Cymraeg", "cy", False)]


def test_the_choice_is_kept_and_the_browser_asked_first(client: TestClient) -> None:
    assert '<html lang="en-GB">' in client.get("/help").text
    asked = {"accept-language": "fr, cy-GB;q=0.8, en;q=0.5"}
    first = client.get("/help", headers=asked)
    assert '<html lang="cy">' in first.text
    assert "Accept-Language" in first.headers["vary"]
    chosen = client.get("/help?lang=en", headers=asked)
    assert '<html lang="en-GB">' in chosen.text
    assert "SameSite=Lax" in chosen.headers["set-cookie"]
    assert '<html lang="en-GB">' in client.get("/help", headers=asked).text  # the cookie wins
    client.cookies.clear()


@pytest.mark.parametrize("asked", ["xx", "cy'><script>", "", "../cy", "CY"])
def test_another_language_is_english(client: TestClient, asked: str) -> None:
    answer = client.get("/help", params={"lang": asked})
    assert '<html lang="en-GB">' in answer.text
    assert "set-cookie" not in answer.headers


def test_the_switch_keeps_what_was_asked(client: TestClient) -> None:
    text = client.get("/search?q=mill%20%22%3E&lang=cy").text
    assert 'href="?q=mill+%22%3E&amp;lang=en"' in text
    assert client.get("/api/v1/health?lang=cy").headers.get("set-cookie") is None
    client.cookies.clear()
