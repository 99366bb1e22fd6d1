"""Misspelt words: which known words are near enough, and how near.

Known words that share pairs of letters are compared by the number of letters changed, left out, added or
swapped with a neighbour (the distance after Damerau, each pair swapped at most once).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Final

_QUALITY: Final = {1: 0.92, 2: 0.82}
_MOST: Final = 3


class Speller:
    """Known words, for finding those near an unknown one. Answers are remembered."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = sorted(w for w in words if w.isalpha() and len(w) >= 3)
        self._by_gram: dict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self._words):
            for gram in _grams(word):
                self._by_gram[gram].append(i)
        self._known: dict[str, list[tuple[str, float]]] = {}

    def near(self, word: str) -> list[tuple[str, float]]:
        """Give the nearest known words with their quality (0 to 1); none for short or odd words."""
        if word not in self._known:
            self._known[word] = self._near(word)
        return self._known[word]

    def _near(self, word: str) -> list[tuple[str, float]]:
        if len(word) < 3 or not word.isalpha():
            return []
        most = 2 if len(word) >= 8 else 1
        shared: dict[int, int] = defaultdict(int)
        for gram in _grams(word):
            for i in self._by_gram.get(gram, ()):
                shared[i] += 1
        found = []
        for i, n in shared.items():
            other = self._words[i]
            if n >= max(1, min(len(word), len(other)) - 3 * most) and abs(len(word) - len(other)) <= most:
                distance = edits(word, other, most)
                if distance <= most and _plausible(word, other):
                    found.append((distance, other))
        best = sorted(found)[:_MOST]
        return [(other, _QUALITY[distance]) for distance, other in best if distance == best[0][0]]


def _plausible(word: str, other: str) -> bool:
    """A short word with another letter in it is another word: `mill` is not `hill`."""
    if len(word) <= 4 and len(word) == len(other):
        return sorted(word) == sorted(other)
    return len(word) > 3 or len(other) > 3


def _grams(word: str) -> set[str]:
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
