"""Per cent is written one way where people read it, and nought has no sign."""

from __future__ import annotations

import re
from pathlib import Path

import peelian
from peelian.domain.per_cent import change, change_per_cent, per_cent

ROOT = Path(peelian.__file__).parent
GLUED = re.compile(r"\.\d%\}")
APART = 'replace("%", " %")'
TABLES = ("warnings_words.py", "validation_words.py")
"""Markdown of benchmarks; and one that sets the signs apart at its end."""


def test_a_change_that_rounds_to_nought_has_no_sign() -> None:
    assert [change_per_cent(one) for one in (0.996, 1.004, 0.994, 2.0)] == ["0 %", "0 %", "-1 %", "+100 %"]
    assert [change(one) for one in (-0.4, 0.0, 1500.2, -1500.2)] == ["0", "0", "+1,500", "-1,500"]
    assert [per_cent(-0.0001, 1), per_cent(0.0501, 1)] == ["0.0 %", "5.0 %"]


def test_no_sentence_that_a_page_may_show_glues_the_sign_to_its_figure() -> None:
    rooms = [room for room in ROOT.iterdir() if room.is_dir() and room.name != "cli"]
    glued = [
        f"{path.name}: {line.strip()}"
        for room in rooms
        for path in room.rglob("*.py")
        if path.name not in TABLES
        for line in path.read_text(encoding="utf-8").splitlines()
        if GLUED.search(line) and APART not in line
    ]
    assert glued == []
    pages = (ROOT / "api" / "pages_html").glob("*.html")
    assert [page.name for page in pages if '"%+.0f' in page.read_text(encoding="utf-8")] == []
