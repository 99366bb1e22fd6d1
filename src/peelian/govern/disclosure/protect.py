"""Counts made fit to release: noise, floor, rounding, and what else must be withheld for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from peelian.domain.tier import Tier
from peelian.govern.disclosure.attack import Floats, Known, bounds
from peelian.govern.disclosure.cell_key import WIDEST, noised
from peelian.govern.disclosure.overlap import Span, atoms_of


@dataclass(frozen=True)
class Cell:
    """One figure of a table to be: its code, what it counts, the true count, the sum of its record keys."""

    code: str
    span: Span
    count: int
    key: int = 0
    never: bool = False
    """Never shown by itself: a protected site stands there."""


@dataclass(frozen=True)
class Told:
    """What a released figure told: bounds on the true count, for whoever knows the rules."""

    span: Span
    least: float
    most: float


@dataclass(frozen=True)
class Made:
    """A table fit to release, what it tells, and the codes that earlier releases give away in any case."""

    shown: dict[str, int]
    withheld: dict[str, str]
    """Code to reason: small, protected, or others could be worked out from it. For the force's own eyes."""
    told: tuple[Told, ...]
    unsafe: tuple[str, ...]


def protect(cells: Sequence[Cell], tier: Tier, before: Sequence[Told] = (), *, noise: bool = True) -> Made:
    """Choose what to show.

    `before` is what every table released so far told, to whichever tier: an attacker may hold them all.
    Figures that narrow the bounds on a small count are withheld as well (complementary suppression), the
    smallest first, until none can be bounded more narrowly than half the floor.
    """
    counts = np.array([cell.count for cell in cells], np.int64)
    values = noised(counts, np.array([cell.key for cell in cells], np.int64)) if noise else counts
    shown = {
        cell.code: tier.round_to * round(int(value) / tier.round_to)
        for cell, value in zip(cells, values, strict=True)
        if not cell.never and cell.count >= tier.least and value >= tier.least
    }
    why = {cell.code: "protected" if cell.never else "small" for cell in cells if cell.code not in shown}
    by_code = {cell.code: cell for cell in cells}
    unsafe: tuple[str, ...] = ()
    narrow = [cell for cell in cells if cell.code in why and cell.count < tier.least]
    while narrow:  # withholding more only widens bounds: what was wide once needs no second look
        held = [*before, *told(by_code, shown, why, tier, noise)]
        found = attacked(held, [cell.span for cell in narrow])
        narrow = [cell for cell, (a, b) in zip(narrow, found, strict=True) if b - a < tier.least // 2]
        dropped = _nearest(narrow, by_code, shown) if narrow else None
        if dropped is None:
            unsafe = tuple(cell.code for cell in narrow)
            break
        del shown[dropped]
        why[dropped] = "others could be worked out from it"
    return Made(shown, why, told(by_code, shown, why, tier, noise), unsafe)


def attacked(held: Sequence[Told], asked: Sequence[Span]) -> Floats:
    """Give an attacker's bounds on what spans count, (A, 2), with all of `held` in hand."""
    atoms, wide = atoms_of([*(one.span for one in held), *asked])
    known = [Known(part, one.least, one.most) for part, one in zip(atoms, held, strict=False)]
    return bounds(known, atoms[len(held) :], wide)


def told(
    cells: Mapping[str, Cell], shown: Mapping[str, int], why: Mapping[str, str], tier: Tier, noise: bool
) -> tuple[Told, ...]:
    """Give what a table tells of each count.

    A figure withheld as small is taken as known to be small, though a reader is never told why one is
    withheld: some are large.
    """
    slack = tier.round_to // 2 + (WIDEST if noise else 0)
    out = [
        Told(cells[code].span, max(value - slack, tier.least), value + slack) for code, value in shown.items()
    ]
    most = tier.least - 1 + (WIDEST if noise else 0)
    return (*out, *(Told(cells[code].span, 0, most) for code, reason in why.items() if reason == "small"))


def _nearest(narrow: Sequence[Cell], cells: Mapping[str, Cell], shown: Mapping[str, int]) -> str | None:
    """Choose the shown figure to withhold next: the smallest that counts something a narrow one does."""
    places = frozenset().union(*(cell.span.places for cell in narrow))
    near = [code for code in shown if places & cells[code].span.places]
    size = {code: len(cells[code].span.places) for code in near or shown}
    return min(size, key=lambda code: (-size[code], shown[code], code)) if size else None
