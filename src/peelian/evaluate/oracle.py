"""How much of what the true rates would have scored a forecast reached: only a simulated world can say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain import negative_binomial as nb
from peelian.evaluate.capture import selection

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reached:
    """A forecast beside the true rates over some windows of a simulated world.

    `hit_rate` and `oracle_hit_rate` at a share of the area; `gain` and `oracle_gain` in nats an event over an
    even spread of the same total; `noise` is the standard error of a hit rate of `share`.
    """

    share: float
    events: float
    hit_rate: float
    oracle_hit_rate: float
    gain: float
    oracle_gain: float

    @property
    def hits_reached(self) -> float:
        """Share of the oracle's hit rate."""
        return self.hit_rate / self.oracle_hit_rate

    @property
    def gain_reached(self) -> float:
        """Share of the oracle's gain in log score over the even spread."""
        return self.gain / self.oracle_gain

    @property
    def pai(self) -> float:
        """Prediction accuracy index: 1 where the ranking is worth nothing."""
        return self.hit_rate / self.share

    @property
    def pai_noise(self) -> float:
        """Standard error of the PAI of a ranking that is worth nothing."""
        return float(np.sqrt(self.share * (1 - self.share) / self.events) / self.share)


def reached(
    counts: Floats, mean: Floats, dispersion: Floats, truth: Floats, *, share: float = 0.01
) -> Reached:
    """Score N windows of C places: counts, forecast (mean and dispersion) and true rates, all (N, C).

    The even spread has the true total of each window, as does the oracle, which is Poisson; so the
    forecast alone pays for a wrong total.

    >>> rate = np.array([[0.1, 0.1, 0.1, 3.0]])
    >>> one = reached(np.array([[0.0, 0.0, 0.0, 3.0]]), rate, np.zeros((1, 4)), rate, share=0.25)
    >>> one.hits_reached, one.gain_reached, one.pai
    (1.0, 1.0, 4.0)
    """
    even = np.broadcast_to(truth.mean(axis=1, keepdims=True), truth.shape)
    none = np.zeros(1)
    base = nb.log_pmf(counts, even, none).sum()
    gain = nb.log_pmf(counts, mean, dispersion).sum() - base
    best = nb.log_pmf(counts, truth, none).sum() - base
    events = float(counts.sum())
    hits = [
        sum(float(selection(m, [share])[0] @ c) for m, c in zip(rates, counts, strict=True)) / events
        for rates in (mean, truth)
    ]
    return Reached(share, events, hits[0], hits[1], float(gain) / events, float(best) / events)
