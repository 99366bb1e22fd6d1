"""Figures over different places, days and kinds, cut into the atoms that any two of them have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product


@dataclass(frozen=True)
class Span:
    """What a figure counts: events in these places, on days of [start, end), of these kinds."""

    places: frozenset[str]
    start: date
    end: date
    kinds: frozenset[str]

    def meets(self, other: Span) -> bool:
        """Say whether an event may be counted by both."""
        days = self.start < other.end and other.start < self.end
        return days and bool(self.places & other.places and self.kinds & other.kinds)


def atoms_of(spans: Sequence[Span]) -> tuple[list[tuple[int, ...]], int]:
    """Give the atoms of each span, and how many there are.

    Places and kinds that always come together are one: an attacker cannot tell them apart either.
    """
    cuts = sorted({day for one in spans for day in (one.start, one.end)})
    places = _alike([one.places for one in spans])
    kinds = _alike([one.kinds for one in spans])
    numbers: dict[tuple[int, int, int], int] = {}
    out = []
    for one in spans:
        days = [k for k, cut in enumerate(cuts[:-1]) if one.start <= cut < one.end]
        mine = product({places[p] for p in one.places}, days, {kinds[k] for k in one.kinds})
        out.append(tuple(numbers.setdefault(atom, len(numbers)) for atom in sorted(mine)))
    return out, len(numbers)


def _alike(sets: Sequence[frozenset[str]]) -> dict[str, int]:
    """Number names, the same for names that stand in the same sets."""
    among: dict[str, list[int]] = {}
    for k, names in enumerate(sets):
        for name in names:
            among.setdefault(name, []).append(k)
    numbers: dict[tuple[int, ...], int] = {}
    return {name: numbers.setdefault(tuple(at), len(numbers)) for name, at in among.items()}
