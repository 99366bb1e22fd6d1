"""Each forecaster beside the rival plain count: gains with paired block-bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from peelian.evaluate.interval import (
    DRAWS,
    FEW_ORIGINS,
    Interval,
    block_weights,
    moving_block_weights,
    origin_block_length,
    ratio_interval,
)
from peelian.evaluate.rounds import Sums

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Resampling:
    """How the scores are redrawn, the same for every comparison: `weights` over origins or over blocks."""

    by: str  # "origins" or "blocks"
    weights: Floats
    units: float
    length: int
    words: str

    def interval(self, above: Floats, below: Floats) -> Interval:
        """Give the interval of sum(above) / sum(below), both (O, B)."""
        axis = 1 if self.by == "origins" else 0
        return ratio_interval(above.sum(axis=axis), below.sum(axis=axis), self.weights, self.units)


@dataclass(frozen=True)
class LeftOut:
    """The gain over the rival with one origin left out: whether one origin alone carries it."""

    origin: date
    gain: float


def resampling(
    sums: Sums, *, window: int, horizon: int, block_km: float, seed: int, draws: int = DRAWS
) -> Resampling:
    """Choose how to redraw: moving blocks of origins from 24 on; fewer, squares of the map.

    With few origins each square of `block_km` is drawn with all its origins, because an error about a
    place returns every month: drawing it anew within each origin would make the intervals too narrow.
    """
    origins, blocks = sums.events.shape
    rng = np.random.default_rng([seed, 7])
    if origins >= FEW_ORIGINS:
        length = origin_block_length(origins, window, horizon)
        words = f"{draws:,} draws of blocks of {length} neighbouring origins"
        weights = moving_block_weights(origins, length, draws, rng)
        return Resampling("origins", weights, origins / length, length, words)
    words = f"{draws:,} draws of {blocks:,} squares of {block_km:g} km, each with all its origins"
    return Resampling("blocks", block_weights(blocks, draws, rng), float(blocks), 1, words)


def log_gain(sums: Sums, model: str, rival: str, how: Resampling) -> Interval:
    """Give the log score gained per event over the rival, in nats."""
    return how.interval(sums.log_score[model] - sums.log_score[rival], sums.events)


def hit_gain(sums: Sums, model: str, rival: str, share: int, how: Resampling) -> Interval:
    """Give the hit rate gained over the rival at the `share`-th share of the area."""
    return how.interval(sums.hits[model][share] - sums.hits[rival][share], sums.events)


def leave_one_out(sums: Sums, model: str, rival: str, origins: tuple[date, ...]) -> tuple[LeftOut, ...]:
    """Give the log-score gain per event without each origin in turn; empty for a single origin."""
    gain = (sums.log_score[model] - sums.log_score[rival]).sum(axis=1)
    events = sums.events.sum(axis=1)
    if len(origins) < 2:
        return ()
    rest = np.maximum(events.sum() - events, 1e-12)
    return tuple(LeftOut(o, float(g)) for o, g in zip(origins, (gain.sum() - gain) / rest, strict=True))


def best_by_log_score(sums: Sums, models: list[str]) -> str:
    """Give the model of the highest log score; the first listed wins a tie."""
    return max(models, key=lambda m: float(sums.log_score[m].sum()))
