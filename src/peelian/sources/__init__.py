"""The sources room: one module a feed, and the registry, a literal dict."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import Source
from peelian.sources import police_uk, table

SOURCES: Final[dict[str, Source]] = {
    "police_uk": police_uk,
    "table": table,
}
