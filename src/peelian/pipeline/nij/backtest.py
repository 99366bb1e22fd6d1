"""Rolling origins scored: the challenge's five windows from the first of each month, beside the raw count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from peelian.evaluate.interval import Interval, moving_block_weights, origin_block_length, ratio_interval
from peelian.pipeline.nij.cells import CellTable
from peelian.pipeline.nij.ranking import RAW, Ranker, highest
from peelian.pipeline.nij.rules import HORIZONS, Aim, Horizon, cells_to_flag
from peelian.pipeline.nij.scoring import Score, flag_with_ties, score

Scores = dict[str, dict[date, Score]]
"""By horizon's name and origin."""
TableAt = Callable[[date], CellTable]


@dataclass(frozen=True)
class Summary:
    """One horizon over its origins: mean and standard deviation of PAI, mean PEI*, hits and events pooled."""

    origins: int
    caught: float
    events: int
    pai: float
    pai_sd: float
    pei_star: float
    pooled_pai: float

    def to_json(self) -> dict[str, float]:
        """Give the numbers, rounded."""
        return {name: round(float(value), 4) for name, value in vars(self).items()}


def play(
    table_at: TableAt, ranker: Ranker, origins: Sequence[date], end: date, square_miles: float, area: float
) -> Scores:
    """Flag at each origin and score each window that ends by `end`. The raw count shares its ties."""
    out: Scores = {h.name: {} for h in HORIZONS}
    for origin in origins:
        table = table_at(origin)
        cell = table.tessellation.area
        chosen = cells_to_flag(square_miles, cell)
        value = ranker.values(table, origin)
        flags = flag_with_ties(value, chosen) if ranker == RAW else highest(value, chosen)
        for horizon in HORIZONS:
            last = horizon.end(origin)
            if last <= end:
                happened = table.happened(origin, last)
                out[horizon.name][origin] = score(flags, happened, chosen, chosen * cell / area)
    return out


def summary(scores: Scores, horizon: Horizon) -> Summary:
    """Sum up one horizon; origins whose window held no event are left out of the means."""
    one = [s for s in scores[horizon.name].values() if s.events]
    caught, events = sum(s.caught for s in one), sum(s.events for s in one)
    pai = np.array([s.pai for s in one])
    pooled = caught / max(sum(s.events * s.share for s in one), 1e-12)
    return Summary(
        len(one), caught, events, float(pai.mean()), float(pai.std(ddof=1)) if len(one) > 1 else 0.0,
        float(np.mean([s.pei_star for s in one])), pooled,
    )  # fmt: skip


def difference(ours: Scores, theirs: Scores, horizon: Horizon, aim: Aim = "pai", seed: int = 1) -> Interval:
    """Give the mean paired difference of PAI (or PEI*) over origins, with a block bootstrap interval."""
    pairs = [(s, theirs[horizon.name][o]) for o, s in ours[horizon.name].items() if s.events]
    gain = np.array([a.pai - b.pai if aim == "pai" else a.pei_star - b.pei_star for a, b in pairs])
    length = origin_block_length(len(gain), max(horizon.months, 1), 1)
    weights = moving_block_weights(len(gain), length, 2000, np.random.default_rng(seed))
    return ratio_interval(gain, np.ones(len(gain)), weights, len(gain) / length)
