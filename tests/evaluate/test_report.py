from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import numpy as np
import pytest

from peelian.domain.time import period_starts, step
from peelian.evaluate.backtest import backtest
from peelian.evaluate.concentration import concentration
from peelian.evaluate.report import write_html
from tests.evaluate.worlds import FIRST, Rates, count, oracle, uneven, uniform, world

VOID = {"meta", "br", "link", "img", "hr"}


class _Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [v for k, v in attrs if k == "id" and v]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [v for k, v in attrs if k == "id" and v]

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    w = world(uneven(), 24, 1)
    old = Rates("old", lambda p: w.rate, needs_years=9.0)
    result = backtest(
        w.panel_at, w.truth_at,
        {"u": uniform(), "c": count(), "o": oracle(w), "old": old},
        period_starts(step(FIRST, "month", 15), 6, "month"),
        warmup=period_starts(step(FIRST, "month", 12), 3, "month"),
    )  # fmt: skip
    counts = w.counts[:24].reshape(2, 12, -1).sum(axis=1).astype(float)
    held = {"cell": concentration(counts, np.ones((2, 1), bool)).to_json()}
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_html(result, path, title="All <recorded> violence", area="Anyshire", concentration=held)
    return path.read_text()


def test_it_asks_nothing_from_outside_and_runs_nothing(page: str) -> None:
    assert "<script" not in page
    assert not re.search(r'\bstyle="', page)
    assert not re.search(r'(src|href)="(?!#)', page)
    assert not re.search(r"https?://(?!www\.w3\.org/)", page)
    assert "@import" not in page


def test_it_is_well_formed_with_ids_of_its_own(page: str) -> None:
    parser = _Balanced()
    parser.feed(page)
    assert parser.stack == []
    assert len(parser.ids) == len(set(parser.ids))
    drawings = re.findall(r"<svg.*?</svg>", page, flags=re.S)
    assert len(drawings) == 8
    for drawing in drawings:
        root = ET.fromstring(drawing)
        assert root.attrib["role"] == "img"
        assert root[0].text
        used = set(re.findall(r'(?:href="|url\()#([^")]+)', drawing))
        assert used <= set(re.findall(r'\bid="([^"]+)"', drawing))


def test_it_says_what_counts(page: str) -> None:
    assert '<html lang="en-GB">' in page
    assert "All &lt;recorded&gt; violence, Anyshire" in page
    for words in (
        "Noise ceiling",
        "Lag 0",
        "needs 9 years",
        "not who will do or suffer",
        "By chance alone",
        "Could the forecast",
        "Is it as sure",
        "hold still",
        "needs 24 forecast dates",
        "Not drawn by population",
    ):
        assert words in page
    assert page.index("Verdict") < page.index("The figures") < page.index("How it was done")
    assert page.count("<th scope=") > 30
    assert page.count("<caption>") == 7
