"""Find a good setting without trying them all: one thing at a time, up or down while it helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models.past import check_history, gap_of, pseudo_origins
from peelian.models.plain import Reader, Setting, weigh

_ORIGINS = 6
"""Past origins that a search looks at; the weights and the doubt are fitted on more."""


def best_setting(
    model: str,
    panel: Panel,
    reader: Reader,
    tried: Mapping[str, Sequence[float]],
    *,
    horizon: int,
    window: int,
) -> Setting:
    """Give the setting under which the panel's past events were likeliest, by a climb from the middle.

    `tried` lists each thing's candidates in order. One thing after another is moved to its better
    neighbour until no single move helps. The same panel gives the same setting.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    check_history(panel, model)
    gap = gap_of(panel) + (horizon - 1) // 2
    first = min(YEAR_PERIODS[panel.every], 8)
    origins = pseudo_origins(panel, first=first, span=window, gap=gap, most=_ORIGINS)
    truth = [panel.target_counts[t : t + window].sum(axis=0, dtype=np.float64) for t in origins]
    maps_at = reader(panel)
    known: dict[tuple[int, ...], float] = {}

    def score(at: tuple[int, ...]) -> float:
        if at not in known:
            setting = {name: tried[name][k] for name, k in zip(tried, at, strict=True)}
            known[at] = weigh([maps_at(t - gap, setting) for t in origins], truth)[0]
        return known[at]

    at = tuple(len(values) // 2 for values in tried.values())
    moved = True
    while moved:
        moved = False
        for axis, values in enumerate(tried.values()):
            while True:
                beside = [k for k in (at[axis] - 1, at[axis] + 1) if 0 <= k < len(values)]
                nexts = [(*at[:axis], k, *at[axis + 1 :]) for k in beside]
                best = max(nexts, key=score, default=at)
                if score(best) <= score(at):
                    break
                at, moved = best, True
    return {name: tried[name][k] for name, k in zip(tried, at, strict=True)}
