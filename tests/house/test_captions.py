"""A caption holds no link: in a table stacked on a phone axe finds it a child that no table may have."""

from __future__ import annotations

import re
from importlib import resources

import pytest

CAPTION = re.compile(r"<caption.*?</caption>", re.DOTALL)
PAGES = sorted(
    (one.name, one.read_text("utf-8")) for one in resources.files("peelian.api.pages_html").iterdir()
    if one.name.endswith(".html")
)  # fmt: skip


@pytest.mark.parametrize("text", [text for _, text in PAGES], ids=[name for name, _ in PAGES])
def test_no_caption_holds_a_link_or_a_button(text: str) -> None:
    for caption in CAPTION.findall(text):
        assert "<a " not in caption, caption
        assert "<button" not in caption, caption
