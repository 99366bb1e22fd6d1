"""The word lists of the detectors, as data files beside this one."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any, Final

_HERE: Final = resources.files(__name__)


@lru_cache(maxsize=8)
def word_list(name: str) -> frozenset[str]:
    """Give the words of `<name>.txt`; lines that begin with # are notes."""
    lines = (_HERE / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=8)
def word_table(name: str) -> dict[str, Any]:
    """Give the tables of `<name>.toml`."""
    return tomllib.loads((_HERE / f"{name}.toml").read_text("utf-8"))
