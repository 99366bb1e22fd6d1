"""The map's page in Welsh: the built page with its few texts put into Welsh, and the map's messages in it.

English pays nothing: its page is the built file as it is. The messages stand in a block of data (no script,
so the content policy takes it), there before the page's code runs.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from markupsafe import escape

from peelian.api.languages import later
from peelian.api.messages import catalogues, welsh

FORMS: Final = ("zero", "one", "two", "few", "many", "other")
"""Kinds of number that Welsh tells apart (CLDR), in the catalogue's order; browsers use the same names."""
TEXTS: Final = (
    later("Where violence is likely to concentrate, how sure we are, and why. About places, never people."),
    later("Skip to the list of places"),
    later("Peelian is opening the latest forecast."),
    later("The map needs JavaScript. The same numbers are in {list}."),
    later("the list of places"),
)
_NOSCRIPT: Final = re.compile(
    r'The map needs JavaScript\. The same numbers are in\s+<a href="(\S+)">the list of places</a>\.'
)


@lru_cache(maxsize=1)
def messages() -> dict[str, str | dict[str, str]]:
    """Give the map's Welsh by its English: a text, or one for each kind of number."""
    found: dict[str, str | dict[str, str]] = {}
    for one in catalogues()["map.po"]:
        if isinstance(one.id, tuple):
            found[str(one.id[0])] = dict(zip(FORMS, one.string or (), strict=True))
        elif one.id:
            found[str(one.id)] = str(one.string)
    return found


@lru_cache(maxsize=2)
def welsh_page(index: Path, _changed: float) -> str:
    """Give the built page in Welsh; `_changed` is when the file was, so that a new one is read."""
    text = index.read_text(encoding="utf-8")
    about, skip, opening, needs, there = (str(escape(welsh().gettext(one))) for one in TEXTS)
    text = _NOSCRIPT.sub(lambda found: needs.replace("{list}", f'<a href="{found[1]}">{there}</a>'), text)
    for old, new in zip(TEXTS[:3], (about, skip, opening), strict=True):
        text = text.replace(old, new)
    block = f'<script id="words" type="application/json">{_data(messages())}</script>\n  </head>'
    return text.replace('<html lang="en-GB">', '<html lang="cy">').replace("</head>", block, 1)


def _data(value: Any) -> str:
    """Write JSON that cannot end the block it stands in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
