"""What the user should hear that is no error: through `options["notice"]`, else the log."""

from __future__ import annotations

import logging
from typing import Any

_LOG = logging.getLogger("peelian.sources")


def notice(options: dict[str, Any], sentence: str) -> None:
    """Say one sentence (it never holds a row's value)."""
    say = options.get("notice")
    if callable(say):
        say(sentence)
    else:
        _LOG.warning("%s", sentence)
