"""Which kind of feed a file is, from its columns' words, its name, and what its codes say."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml

from peelian.propose.column import Column
from peelian.propose.offences import read_codes
from peelian.propose.tokens import tokens

AREA_FEEDS: Final = frozenset({"social_care", "school_exclusions", "known_offending"})
KIND_FEEDS: Final = frozenset({"patrols", "sites"})
_STREET_ARCHIVE: Final = {
    "crime id",
    "month",
    "reported by",
    "falls within",
    "longitude",
    "latitude",
    "crime type",
}
_SHARPNESS: Final = 1.3


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (resources.files("peelian.propose") / "feeds.yaml").read_text("utf-8")
    )
    return content


def kinds(columns: list[Column], stem: str, found: dict[str, Column]) -> list[tuple[str, float]]:
    """Give the kinds of feed, likeliest first, with probabilities that sum to 1.

    `found` are the best columns per field before the kind was known.
    """
    names = {column.name.lower() for column in columns}
    if names >= _STREET_ARCHIVE:
        return [("police_uk", 0.98), ("police_crime", 0.02)]
    words = {word for column in columns for word in (*column.words, *_raw(column.name))}
    title = set(tokens(stem)) | set(_raw(stem))
    coded = found.get("offence") or found.get("kind") or found.get("measure")
    values = coded.distinct[:80] if coded else []
    scores = {
        feed: _score(feed, table, words, title, values, set(found)) for feed, table in _tables().items()
    }
    top = max(scores.values())
    weights = {feed: math.exp(_SHARPNESS * (score - top)) for feed, score in scores.items()}
    total = sum(weights.values())
    return sorted(((feed, weight / total) for feed, weight in weights.items()), key=lambda pair: -pair[1])


def _raw(name: str) -> list[str]:
    return [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]


def _score(
    feed: str, table: dict[str, Any], words: set[str], title: set[str], values: list[str], found: set[str]
) -> float:
    said = table.get("words", {})
    score = float(table.get("base", 0.0))
    score += sum(float(weight) for word, weight in said.items() if str(word) in words)
    score += sum(0.8 * float(weight) for word, weight in said.items() if str(word) in title and weight > 0)
    score += sum(float(weight) for field, weight in table.get("found", {}).items() if field in found)
    if values:
        reads = read_codes(values, "ambulance" if feed == "ambulance" else "fire" if feed == "fire" else "")
        groups = Counter(read.group for read in reads)
        weights = table.get("groups", {})
        score += sum(float(w) * min(1.0, 2 * groups[g] / len(values)) for g, w in weights.items())
        score += float(table.get("unread", 0)) * min(1.0, 2 * groups[None] / len(values))
        if pattern := table.get("wording"):
            share = sum(bool(re.search(pattern, value.lower())) for value in values) / len(values)
            score += 2.5 * share
    return score
