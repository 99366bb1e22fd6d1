"""The allow-list of inputs: which may be forecast, which may explain, which only audit, which are refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final, Literal

from peelian.domain.errors import Refused
from peelian.guard.barred import barred_kinds, barred_name

Class = Literal["target", "feature", "audit", "display", "refused"]
CLASSES: Final[tuple[Class, ...]] = ("target", "feature", "audit", "display", "refused")


@dataclass(frozen=True)
class Entry:
    """One input: what it is, its class, and why."""

    name: str
    cls: Class
    reason: str


@lru_cache(maxsize=1)
def sources() -> dict[str, Entry]:
    """Give the entry of each source id that may come in."""
    return _read("source")


@lru_cache(maxsize=1)
def inputs() -> dict[str, Entry]:
    """Give the entry of each kind of input; feeds that are never taken come with the guard's reasons."""
    refused = {one.title: Entry(one.title, "refused", one.reason) for one in barred_kinds()}
    return _read("input") | refused


def check_source(source: str) -> Entry:
    """Give the entry of a source id.

    Raises:
        Refused: it is of a barred kind, or not on the list.
    """
    found = sources().get(source.replace("-", "_"))
    if found is not None:
        return found
    barred = barred_name(source)
    why = (
        f"Peelian never takes {barred.title}: {barred.reason}"
        if barred
        else f"{source} is not on the allow-list"
    )
    raise Refused(why, expected=", ".join(sources()), do="see docs/how-to/personal-data.md")


def _read(table: str) -> dict[str, Entry]:
    text = (resources.files("peelian.govern") / "scope.toml").read_text("utf-8")
    return {
        name: Entry(name, one["class"], one["reason"]) for name, one in tomllib.loads(text)[table].items()
    }
