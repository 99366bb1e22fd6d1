"""What the records say of every workspace of this version: `words.toml`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return tomllib.loads((resources.files("peelian.govern.records") / "words.toml").read_text("utf-8"))


def system_words(powers: str) -> dict[str, str]:
    """Give the texts by name; `powers` names those that are never proposed."""
    return {name: str(text).replace("{powers}", powers) for name, text in _words()["system"].items()}


def risks(powers: str) -> str:
    """Give the risks that were thought of, each with what meets it, one a line."""
    lines = [f"{one['kind']}: {one['risk']}. Met by: {one['met']}." for one in _words()["risk"]]
    return "\n".join(lines).replace("{powers}", powers)
