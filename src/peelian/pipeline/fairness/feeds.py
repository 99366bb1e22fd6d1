"""How much of each feed is known to be reported by the public, not found by officers."""

from __future__ import annotations

from typing import Any

from peelian.domain.reporters import reporter_words
from peelian.pipeline.context import Context
from peelian.store.discovered_by import who_reported


def feeds_said(ctx: Context) -> list[dict[str, Any]]:
    """Give a row a feed: reports held, known to be public-reported, officers' own, not known, in words."""
    rows = who_reported(ctx.ws)
    return [one | {"sentence": reporter_words(**one)}
            for one in rows]  # fmt: skip
