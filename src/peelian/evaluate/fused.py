"""One forecaster on two sets of feeds, held against true events that a simulator knows: does fusing help?

The surfaces are compared as places to look, not as counts: each is normalised to sum to one over the area, so
that knowing more events does not score by itself. Simulated truth says nothing of accuracy on a real place.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from peelian.domain.grid import Cells, Floats
from peelian.evaluate.capture import selection
from peelian.evaluate.interval import DRAWS, Interval, block_weights, ratio_interval

FUSED_SHARES: Final = (0.01, 0.02, 0.05)
FLOOR: Final = 0.001
"""Share of every surface spread evenly, so that no event has probability zero; the same for both."""


@dataclass(frozen=True)
class HitGain:
    """Share of true events in the places ranked highest: alone, fused, and the difference."""

    share: float
    alone: float
    fused: float
    gain: Interval


@dataclass(frozen=True)
class Fused:
    """What fusing gained: `log_gain` in nats a true event; `by_origin` the same at each origin.

    `left_out` is the log gain over all origins but that one.
    """

    origins: tuple[date, ...]
    events: float
    cells: int
    log_alone: float
    log_fused: float
    log_gain: Interval
    hits: tuple[HitGain, ...]
    by_origin: tuple[float, ...]
    left_out: tuple[float, ...]
    how: str

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON: days as text, intervals as value, low, high."""
        return asdict(self) | {"origins": [str(day) for day in self.origins]}


def normalised(mean: Floats) -> Floats:
    """Give each place's share of the expected events, with `FLOOR` of it spread evenly: (..., C).

    >>> normalised(np.array([3.0, 1.0])).round(3).tolist()
    [0.75, 0.25]
    """
    total = np.maximum(mean.sum(axis=-1, keepdims=True), 1e-300)
    out: Floats = (1 - FLOOR) * mean / total + FLOOR / mean.shape[-1]
    return out


def fused_gain(
    origins: tuple[date, ...],
    alone: Floats,
    fused: Floats,
    events: Floats,
    blocks: Cells,
    *,
    seed: int = 1,
    block_km: float = 2.0,
) -> Fused:
    """Compare two surfaces at O origins over C places with the true events there, all (O, C).

    `blocks` (C,) numbers each place's square of the map. With the few origins of such a check, squares are
    drawn anew with all their origins (paired: both surfaces see the same draw), as in `compare.resampling`.
    """
    wide = int(blocks.max()) + 1 if len(blocks) else 1
    weights = block_weights(wide, DRAWS, np.random.default_rng([seed, 11]))
    by_block = _by(blocks, events.sum(axis=0), wide)
    log_alone, log_fused = np.log(normalised(alone)), np.log(normalised(fused))
    gain = (log_fused - log_alone) * events
    total = max(float(events.sum()), 1e-12)
    hits = []
    for share in FUSED_SHARES:
        chosen = [
            np.stack([selection(mean, [share])[0] for mean in surface]) * events for surface in (alone, fused)
        ]
        difference = _by(blocks, (chosen[1] - chosen[0]).sum(axis=0), wide)
        interval = ratio_interval(difference, by_block, weights, float(wide))
        hits.append(HitGain(share, chosen[0].sum() / total, chosen[1].sum() / total, interval))
    each, number = gain.sum(axis=1), events.sum(axis=1)
    rest = np.maximum(number.sum() - number, 1e-12)
    return Fused(
        origins, float(events.sum()), events.shape[1],
        float((log_alone * events).sum() / total), float((log_fused * events).sum() / total),
        ratio_interval(_by(blocks, gain.sum(axis=0), wide), by_block, weights, float(wide)),
        tuple(hits), tuple((each / np.maximum(number, 1e-12)).tolist()),
        tuple(((each.sum() - each) / rest).tolist()) if len(origins) > 1 else (),
        f"{DRAWS:,} paired draws of {wide:,} squares of {block_km:g} km, each with all its origins",
    )  # fmt: skip


def _by(blocks: Cells, values: Floats, wide: int) -> Floats:
    return np.bincount(blocks, values, wide).astype(np.float64)
