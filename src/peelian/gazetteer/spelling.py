"""Misspelt words: which known words are near enough, and how near.

Known words that share pairs of letters are compared by the number of letters changed, left out, added or
swapped with a neighbour (the distance after Damerau, each pair swapped at most once).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Final

import numpy as np
import numpy.typing as npt

_QUALITY: Final = {1: 0.92, 2: 0.82}
_MOST: Final = 3
_LOST: Final = 3  # one edit changes at most three pairs of neighbouring letters


class Speller:
    """Known words, for finding those near an unknown one. Answers are remembered."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = sorted(w for w in words if w.isalpha() and len(w) >= 3)
        self._lengths = np.array([len(w) for w in self._words], dtype=np.int64)
        by_pair: dict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self._words):
            for pair in _pairs(word):
                by_pair[pair].append(i)
        self._by_pair = {pair: np.array(held, dtype=np.int64) for pair, held in by_pair.items()}
        self._known: dict[str, list[tuple[str, float]]] = {}

    def near(self, word: str) -> list[tuple[str, float]]:
        """Give the nearest known words with their quality (0 to 1); none for short or odd words."""
        known = self._known
        if word not in known:
            known[word] = self._near(word)
        return known[word]

    def forget(self) -> None:
        """Forget what was asked: words of a text are not kept, in memory either."""
        self._known = {}

    def _near(self, word: str) -> list[tuple[str, float]]:
        if len(word) < 3 or not word.isalpha() or not self._words:
            return []
        shared = self._shared(word)
        for most in (1, 2) if len(word) >= 8 else (1,):
            longer = np.maximum(self._lengths, len(word)) + 1
            close = (shared >= np.maximum(longer - _LOST * most, 1)) & (
                np.abs(self._lengths - len(word)) <= most
            )
            others = [self._words[i] for i in np.flatnonzero(close)]
            found = sorted(o for o in others if _plausible(word, o) and edits(word, o, most) <= most)
            if found:
                return [(other, _QUALITY[most]) for other in found[:_MOST]]
        return []

    def _shared(self, word: str) -> npt.NDArray[np.int64]:
        """Give how many pairs of letters each known word shares with this one."""
        held = [self._by_pair[pair] for pair in _pairs(word) if pair in self._by_pair]
        if not held:
            return np.zeros(len(self._words), dtype=np.int64)
        return np.bincount(np.concatenate(held), minlength=len(self._words))


def _plausible(word: str, other: str) -> bool:
    """A short word with another letter in it is another word: `mill` is not `hill`."""
    if len(word) <= 4 and len(word) == len(other):
        return sorted(word) == sorted(other)
    return len(word) > 3 or len(other) > 3


def _pairs(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[i : i + 2] for i in range(len(padded) - 1)}


def edits(one: str, other: str, most: int) -> int:
    """Give the number of edits between two words, or `most` + 1 when it is more.

    >>> edits("statoin", "station", 2), edits("mill", "hill", 2), edits("abc", "xyz", 1)
    (1, 1, 2)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
