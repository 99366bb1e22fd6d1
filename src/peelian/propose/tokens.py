"""The words of a column's name, in one spelling, whatever the style, abbreviation or language."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml

_CAMEL: Final = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])"
)
_KEEP: Final = re.compile(r"(?i)(?:l|m)soa\d\dcd|(?:l|m)soa\d\d|wgs84")
_NOT_WORD: Final = re.compile(r"[^a-z0-9&#]+")


@lru_cache(maxsize=1)
def lexicon() -> dict[str, Any]:
    """Give the package's list of words."""
    text = (resources.files("peelian.propose") / "lexicon.yaml").read_text("utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    return {str(other): ours for ours, others in lexicon()["same"].items() for other in others}


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    words = {str(word) for weights in lexicon()["fields"].values() for word in weights}
    return frozenset(words | set(_spellings()) | set(lexicon()["same"]))


@lru_cache(maxsize=4096)
def tokens(name: str) -> tuple[str, ...]:
    """Give the words of a name in our spelling; a word run together is parted where the list allows.

    >>> tokens("OccStartDateTime"), tokens("Rhif y drosedd"), tokens("CRIMEREFNO")
    (('occurred', 'start', 'date', 'time'), ('number', 'y', 'crime'), ('crime', 'reference'))
    """
    kept = [found.group().lower() for found in _KEEP.finditer(name)]
    plain = unicodedata.normalize("NFKD", _KEEP.sub(" ", name))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = [w for w in _NOT_WORD.split(_CAMEL.sub(" ", plain).lower()) if w]
    parted = [part for word in words for part in (_part(word) if len(word) >= 5 else (word,))]
    return tuple(_spellings().get(word, word) for word in (*parted, *kept))


@lru_cache(maxsize=4096)
def _part(word: str) -> tuple[str, ...]:
    """Part a run-together word into known ones; a rest of up to two letters may stay. Else leave it."""
    known = _known()
    if word in known or word.removesuffix("s") in known:
        return (word if word in known else word.removesuffix("s"),)
    best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 14), end):
            piece = word[start:end]
            rest = end == len(word) and end - start <= 2 and start > 3
            if start in best and (rest or (piece in known and len(piece) > 1)):
                cost = best[start][0] + (1.0 if piece in known else 1.6) + (0.4 if len(piece) < 3 else 0.0)
                if end not in best or cost < best[end][0]:
                    best[end] = (cost, (*best[start][1], piece))
    found = best.get(len(word))
    return found[1] if found and found[0] <= 1.2 * len(found[1]) + 0.7 and len(found[1]) <= 4 else (word,)
