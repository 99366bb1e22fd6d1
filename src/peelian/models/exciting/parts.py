"""The process on a panel: what each past place, delay and type would add to each cell, period by period.

An event of a period excites later periods only. Memories are decayed counts at several half-lives, in the
cell itself and around it at two widths, of the target and of the other types.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models.hierarchy import shrink
from peelian.models.memory import FOREVER, decayed
from peelian.models.past import seen_periods
from peelian.models.surroundings import Surroundings, shares_of

_WEEKS: Final = (2.0, 8.0, 26.0)
"""Half-lives of own memories tried, in weeks; those shorter than half a period are dropped."""
_YEARS: Final = (1.0, FOREVER)
"""Half-lives of the background tried, in years."""
_TRUST: Final = (0.1, 1.0)
"""Events' worth of trust that the surroundings get in the background's prior."""
_FARTHEST: Final = 6.0
_OTHERS: Final = 3
"""How many other types, the busiest, may feed the target."""


@dataclass(frozen=True)
class Part:
    """One thing that a cell's rate is made of, and the reason it is told as."""

    name: str
    reason: str
    kind: int
    half_life: float  # periods
    width: float  # cells; 0 is the cell itself
    trust: float = 0.0  # of a background


def widths_of(panel: Panel) -> tuple[float, float]:
    """Choose near and wide from the density: the wide one holds some 20 events around an active cell.

    >>> float(round(_wide(400.0, 100.0), 2))
    1.26
    """
    total = float(panel.target_counts.sum(dtype=np.float64))
    active = max(int(panel.target_counts.any(axis=0).sum()), 1)
    return 0.8, float(np.clip(_wide(total, active), 1.6, _FARTHEST))


def _wide(total: float, active: float) -> float:
    return float(np.sqrt(20.0 * active / (np.pi * max(total, 1.0))))


def parts_of(panel: Panel) -> list[Part]:
    """List the parts a panel can tell of."""
    year = YEAR_PERIODS[panel.every]
    week = year / 52.1775
    near, wide = widths_of(panel)
    lives = [w * week for w in _WEEKS if w * week >= 0.4]
    out = [
        Part(f"background {years:g}y {trust:g}", "long-run place", 0, years * year, wide, trust)
        for years in _YEARS
        for trust in _TRUST
    ]
    out += [Part(f"own {life:.2g}", "recent events", 0, life, 0.0) for life in lives]
    out += [
        Part(f"around {life:.2g} {width:.2g}", "neighbours", 0, life, width)
        for life in (*lives, year)
        for width in (near, wide)
    ]
    totals = panel.counts[1:].sum(axis=(1, 2), dtype=np.float64)
    busiest = [int(k) + 1 for k in np.argsort(-totals, kind="stable")[:_OTHERS] if totals[k] > 0]
    for kind in busiest:
        for life in (lives[-1], year):
            out += [
                Part(f"type {kind} {life:.2g} {w:.2g}", "other types", kind, life, w) for w in (0.0, near)
            ]
    return out


def read(panel: Panel, parts: list[Part], cuts: list[int]) -> tuple[dict[int, Floats], dict[int, Floats]]:
    """Give each cut's parts (K, C), in the target's events a period, and the evidence (C,) behind each cell.

    A background adds up to one; an excitement to what decayed memory holds, over what it would hold had the
    past been even. Both are shares of the target's total when the past was even.
    """
    kinds = sorted({part.kind for part in parts})
    active = np.flatnonzero(panel.counts[kinds].any(axis=(0, 1)))
    widths = tuple(sorted({part.width for part in parts} - {0.0}))
    around = Surroundings.of(panel.grid, panel.cells, active, widths)
    memories: dict[tuple[int, float], tuple[Floats, Floats]] = {}
    for kind in kinds:
        lives = sorted({part.half_life for part in parts if part.kind == kind})
        seen = seen_periods(panel, kind)
        state, _ = decayed(panel.counts[kind], seen, lives, cuts)
        for life, one in zip(lives, state, strict=True):
            memories[kind, life] = one.astype(np.float64), _steady(panel, kind, life, cuts)
    out = {}
    evidence = {}
    for m, cut in enumerate(cuts):
        rows = [_row(part, memories[part.kind, part.half_life], m, around) for part in parts]
        out[cut] = np.stack(rows)
        evidence[cut] = memories[0, parts[0].half_life][0][m]
    return out, evidence


def _steady(panel: Panel, kind: int, life: float, cuts: list[int]) -> Floats:
    """Give what the whole area's memory would hold at each cut if the past had been even, (M,)."""
    seen = seen_periods(panel, kind)
    totals = panel.counts[kind].sum(axis=1, dtype=np.float64)
    keep = 0.5 ** (1.0 / life)
    out = []
    for cut in cuts:
        known = seen[:cut]
        mean = totals[:cut][known].mean() if known.any() else 0.0
        weight = keep ** np.arange(cut - 1, -1, -1.0)
        out.append(max(mean * float(weight[known].sum()), 1e-9))
    return np.array(out)


def _row(part: Part, memory: tuple[Floats, Floats], m: int, around: Surroundings) -> Floats:
    held, steady = memory[0][m], memory[1][m]
    if part.trust:
        near = shares_of(around.smooth(held.astype(np.float32), part.width))
        prior = 0.98 * near + 0.02 / len(near)
        return shares_of(shrink(held, float(held.sum()), prior, part.trust))
    spread = held if part.width == 0 else around.smooth(held.astype(np.float32), part.width)
    out: Floats = spread.astype(np.float64) / steady
    return out
