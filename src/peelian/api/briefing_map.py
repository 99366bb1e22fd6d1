"""A small map of a run as SVG: blocks of squares in five depths, the first places numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.api.briefing_places import Top
from peelian.api.languages import plain
from peelian.api.run_folder import Run
from peelian.domain.grid import Floats

MOST_ACROSS: Final = 72
"""Blocks along the longer side: more could not be told apart at the size printed."""
DEPTHS: Final = ("#edf2f6", "#c5d6e3", "#8fb1cb", "#4f83ab", "#123f63")
_NONE: Final = "#ffffff"
_SHARES: Final = (0.5, 0.8, 0.95, 0.99)


@dataclass(frozen=True)
class Block:
    """A square of the drawing: its corner in blocks from the top left, and its colour."""

    x: int
    y: int
    fill: str


@dataclass(frozen=True)
class Mark:
    """Numbered places so near to one another that one mark stands for them, in blocks from the top left."""

    label: str
    x: float
    y: float


@dataclass(frozen=True)
class SmallMap:
    """What is drawn, `wide` by `high` blocks of `metres` each."""

    wide: int
    high: int
    metres: float
    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...]
    words: str


def small_map(run: Run, step: int, tops: Sequence[Top]) -> SmallMap:
    """Lay the map out: each block holds the sum expected of its squares."""
    base = run.base
    column, row = base.grid.column_row(base.cells)
    left, bottom = int(column.min()), int(row.min())
    wide, high = int(column.max()) - left + 1, int(row.max()) - bottom + 1
    side = max(1, -(-max(wide, high) // MOST_ACROSS))
    x, y = (column - left) // side, (row - bottom) // side
    across, up = -(-wide // side), -(-high // side)
    at = y * across + x
    mean = base.mean[step]
    sums = np.bincount(at, np.nan_to_num(mean), across * up)
    held = np.bincount(at, np.isfinite(mean).astype(float), across * up) > 0
    there = np.bincount(at, minlength=across * up) > 0
    depth = np.digitize(sums, _breaks(sums[held]))
    blocks = tuple(
        Block(int(k % across), int(up - 1 - k // across), DEPTHS[depth[k]] if held[k] else _NONE)
        for k in np.flatnonzero(there)
    )
    metres = base.grid.size * base.grid.unit_m * side
    marks = _joined([_mark(run, one, left, bottom, side, up) for one in tops], _size(across, up))
    words = plain(
        "Map of {area} in blocks of {side} m: darker is more expected. The numbers are the places of the "
        "table.", area=run.card["area"]["name"], side=f"{metres:,.0f}",
    )  # fmt: skip
    return SmallMap(across, up, metres, blocks, marks, words)


def svg(small: SmallMap) -> str:
    """Give the drawing as a file of its own; it holds numbers only, never words from data."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {small.wide + 2} {small.high + 2}" '
        f'width="{small.wide * 8}" height="{small.high * 8}">'
    ]
    parts += [
        f'<rect x="{one.x}" y="{one.y}" width="1.02" height="1.02" fill="{one.fill}"/>'
        for one in small.blocks
    ]
    size = _size(small.wide, small.high)
    for one in reversed(small.marks):  # the first on top
        wide = size * (2 + 0.75 * (len(one.label) - 1))
        parts.append(
            f'<rect x="{one.x - wide / 2:.2f}" y="{one.y - size:.2f}" width="{wide:.2f}" '
            f'height="{2 * size:.2f}" rx="{size:.2f}" fill="#fff" stroke="#0b0c0c" '
            f'stroke-width="{size / 6:.2f}"/><text x="{one.x}" y="{one.y + size * 0.42:.2f}" '
            f'font-size="{size * 1.2:.2f}" text-anchor="middle" font-family="Noto Sans, sans-serif" '
            f'font-weight="700">{one.label}</text>'
        )
    return "".join([*parts, "</svg>"])


def _mark(run: Run, one: Top, left: int, bottom: int, side: int, up: int) -> Mark:
    base = run.base
    cells, _ = run.parts(one.row.cell)
    column, row = base.grid.column_row(np.asarray(cells, np.int64))
    x, y = (column.mean() + 0.5 - left) / side, (row.mean() + 0.5 - bottom) / side
    return Mark(str(one.row.rank), round(float(x), 2), round(float(up - y), 2))


def _size(wide: int, high: int) -> float:
    return max(wide, high) / 34


def _joined(marks: Sequence[Mark], size: float) -> tuple[Mark, ...]:
    """Put marks that would cover one another under the first of them, its label naming all."""
    groups: list[list[Mark]] = []
    for one in marks:
        near = (g for g in groups if abs(g[0].x - one.x) < 4 * size and abs(g[0].y - one.y) < 2 * size)
        found = next(near, None)
        found.append(one) if found else groups.append([one])
    return tuple(Mark(_ranks([int(one.label) for one in g]), g[0].x, g[0].y) for g in groups)


def _ranks(ranks: Sequence[int]) -> str:
    """Say some ranks shortly.

    >>> _ranks([1, 2, 3, 7]), _ranks([4]), _ranks([4, 5])
    ('1–3, 7', '4', '4, 5')
    """
    out: list[list[int]] = []
    for rank in ranks:
        if out and out[-1][-1] == rank - 1:
            out[-1].append(rank)
        else:
            out.append([rank])
    return ", ".join(
        f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in out
    )  # fmt: skip


def _breaks(values: np.ndarray) -> Floats:
    """Part the blocks at shares of them, so that the darkest is the first hundredth."""
    if len(values) == 0:
        return np.arange(1.0, 5.0)
    return np.asarray(np.maximum(np.quantile(values, _SHARES), 1e-9))
