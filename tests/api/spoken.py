"""Reads a page as a screen reader speaks it: each text, and each label in an attribute, with its language."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_VOID: Final = {"meta", "link", "br", "input", "img", "hr", "rect", "path", "circle", "line"}
_SILENT: Final = {"code", "pre", "script", "style", "textarea"}
_LABELS: Final = ("aria-label", "alt", "title", "placeholder")
ENGLISH: Final = re.compile(r"\b(the|of|are|is|was|were|with|that|this|not|which|from|been|has)\b")
_WHERE: Final = re.compile(r" in the (?:north|south|east|west|middle|centre)[a-z-]*")
"""Part of the name a run gave a place: it is shown as kept."""
WELSH: Final = re.compile(r"\b(yn|yr|mae|wedi|gan|ei|eu|sydd|nid|fesul|ar gyfer)\b")


class Spoken(HTMLParser):
    """Collects texts with the language they are marked in; code and what people typed are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        spoken = held.get("lang") or (self.stack[-1][1] if self.stack else "")
        self.texts += [(held[name] or "", spoken) for name in _LABELS if held.get(name)]
        if tag not in _VOID:
            self.stack.append((tag, spoken))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if data.strip() and self.stack and not _SILENT & {tag for tag, _ in self.stack}:
            self.texts.append((" ".join(data.split()), self.stack[-1][1]))


def spoken(page: str) -> list[tuple[str, str]]:
    """Give each text of a page with its language."""
    parser = Spoken()
    parser.feed(page)
    return parser.texts


def misspoken(page: str, *names: str) -> list[tuple[str, str]]:
    """Give the texts marked in the wrong language, told by the small words of each; names are no language.

    >>> misspoken('<html lang="cy"><p>Mae hyn yn iawn.</p><p>The end of it</p><p lang="en">a map yn awr</p>')
    [('The end of it', 'cy'), ('a map yn awr', 'en')]
    """
    wrong = {"cy": ENGLISH, "en": WELSH}
    page = _WHERE.sub("", page)
    for name in names:
        page = page.replace(name, "")
    return [(text, lang) for text, lang in spoken(page) if wrong[lang[:2]].search(text.lower())]
