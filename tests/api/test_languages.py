"""Which language is asked for, and that a person's choice holds."""

from __future__ import annotations

import re
from datetime import date

import pytest
from starlette.testclient import TestClient

from peelian.api import languages


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


def asked_of(path: str, query: bytes, headers: list[tuple[bytes, bytes]]) -> str:
    """Give the language that a request leaves a page in."""
    found: list[str] = []

    async def page(*_: object) -> None:
        found.append(languages.language())

    scope = {"type": "http", "path": path, "query_string": query, "headers": headers}
    with pytest.raises(StopIteration):
        languages.Languages(page)(scope, None, None).send(None)  # type: ignore[arg-type]
    return found[0]


def test_data_has_one_language_an_address() -> None:
    welsh = [(b"cookie", b"lang=cy"), (b"accept-language", b"cy")]
    assert asked_of("/list", b"", welsh) == "cy"
    assert asked_of("/api/v1/runs", b"", welsh) == "en"
    assert asked_of("/api/v1/runs", b"lang=cy", []) == "cy"


def test_a_date_is_written_as_the_language_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [date(2026, month, 3) for month in range(1, 13)]
    assert [languages.day(one) for one in days] == [f"3 {one:%B %Y}" for one in days]
    monkeypatch.setattr(languages, "language", lambda: "cy")
    assert languages.day(date(2026, 11, 2)) == "2 Tachwedd 2026"
    assert languages.written(date(2026, 2, 1), "EEEE d MMMM") == "Dydd Sul 1 Chwefror"


def test_what_has_no_welsh_is_marked_english(monkeypatch: pytest.MonkeyPatch) -> None:
    assert languages.english("a < b") == "a &lt; b"
    monkeypatch.setattr(languages, "language", lambda: "cy")
    assert languages.english("Search") == "Chwilio"
    assert languages.english("a < b") == '<span lang="en-GB">a &lt; b</span>'
    assert re.fullmatch(r"\s*", languages.english(" "))
    assert languages.plain("") == ""  # not the catalogue's header
