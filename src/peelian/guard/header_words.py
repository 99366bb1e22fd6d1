"""The words by which a column's name gives a person away, read from `words/header.toml`."""

from __future__ import annotations

from typing import Any, Final

from peelian.guard.words import word_table

_TABLE: Final[dict[str, Any]] = word_table("header")


def _set(name: str) -> frozenset[str]:
    return frozenset(_TABLE[name])


def _kinds(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((words, kind) for kind, several in _TABLE[name].items() for words in several)


ROLES: Final = _set("roles")
BARE_ROLES: Final = _set("bare")
THINGS: Final = _set("things")
NAME_PAIRS: Final = _set("name_pairs")
COUNTED: Final = _set("counted")
REFERENCES: Final = _set("references")
CLEARED: Final[tuple[str, ...]] = tuple(_TABLE["cleared"])
SINGLE: Final[dict[str, str]] = dict(_kinds("single"))
PHRASES: Final = _kinds("phrases")
TRAITS: Final[dict[str, str]] = dict(_kinds("traits"))
