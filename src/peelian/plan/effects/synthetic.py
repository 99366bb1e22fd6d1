"""Synthetic control (Abadie, Diamond & Hainmueller 2010): a mix of untreated places stands for a treated one.

The chance comes from placebos: every donor is treated on paper, and its gap is what chance alone gives.
"""

from __future__ import annotations

import numpy as np

from peelian.domain.errors import Refused
from peelian.plan.effects.effect import Effect, Floats, Whole, ratios

_DONORS = 19
_DRAWS = 1999


def simplex_weights(donors: Floats, own: Floats) -> Floats:
    """Give weights (J,), none under zero, summing to one, with the least squared error over periods (T, J).

    Non-negative least squares with the sum as one heavy row (Lawson & Hanson 1974), then scaled to one.
    """
    from scipy.optimize import nnls

    heavy = 1e3 * max(1.0, float(np.abs(donors).max()))
    rows = np.vstack([donors, np.full((1, donors.shape[1]), heavy)])
    weights, _ = nnls(rows, np.r_[own, heavy])
    return np.asarray(weights / weights.sum(), np.float64)


def synthetic_control(
    counts: Floats, start: int, treated: Whole, donors: Whole, *, seed: int, level: float = 0.95
) -> Effect:
    """Give the change after `start` against a synthetic control of each treated place.

    `counts` is (places, periods). Gaps are measured against the root of a place's level before, the size of
    Poisson noise, so that places of unlike level can be compared. Interval and chance are those of the
    placebos: sets of donors as large as the treated. Assumes that treated and donors are alike in noise.

    Raises:
        Refused: fewer than 19 donors (no chance under 5 % could be shown), or places no mix can match.
    """
    if len(donors) < max(_DONORS, 3 * len(treated)) or start < 6 or start >= counts.shape[1]:
        raise Refused(
            f"{len(donors)} donors and {start} periods before are too few for a synthetic control",
            expected="at least 19 donors, three for each treated place, and 6 periods before",
            do="use the weighted displacement difference (--method wdd)",
        )
    _check_reach(counts[:, :start].mean(axis=1), start, treated, donors)
    after = counts.shape[1] - start
    gaps = np.array([_gap(counts, start, int(i), donors) for i in treated]) * after
    sizes = _size(counts, start, treated, after)
    placebo = np.array([_gap(counts, start, int(j), donors[donors != j]) for j in donors]) * after
    noise = placebo / _size(counts, start, donors, after)
    spread = _spread(noise, sizes, seed)
    change = float(gaps.sum())
    p = (1 + int((spread >= abs(change)).sum())) / (1 + len(spread))
    rank = min(len(spread), int(np.ceil(level * (len(spread) + 1)))) - 1
    half = float(np.sort(spread)[rank])
    seen = float(counts[treated, start:].sum())
    return Effect(
        "synthetic", seen, seen - change, *ratios(seen, change, half), change, change - half, change + half,
        p, len(treated), len(donors), after, level, {"placebos": len(spread)},
    )  # fmt: skip


def _check_reach(levels: Floats, before: int, treated: Whole, donors: Whole) -> None:
    """Refuse places beyond every donor by more than three times the noise of a mean of Poisson counts."""
    noise = 3 * np.sqrt(levels / before)
    own, near = levels[treated], noise[treated]
    out = int(((own - near > levels[donors].max()) | (own + near < levels[donors].min())).sum())
    if out:
        raise Refused(
            f"{out} treated places had more or fewer events before than any donor: no mix can match them",
            do="use --method event-study, which needs like trends but not like levels",
        )


def _gap(counts: Floats, start: int, place: int, donors: Whole) -> float:
    """Give the mean of seen less synthetic, a period after the start."""
    weights = simplex_weights(counts[donors, :start].T, counts[place, :start])
    return float((counts[place, start:] - weights @ counts[donors, start:]).mean())


def _size(counts: Floats, start: int, places: Whole, after: int) -> Floats:
    """Give the size of chance in a place's total after: the root of what was to be expected."""
    level = counts[places, :start].mean(axis=1) + 1.0 / start
    return np.asarray(np.sqrt(level * after), np.float64)


def _spread(noise: Floats, sizes: Floats, seed: int) -> Floats:
    """Give |summed gap| of placebo sets: every donor for one treated place, else sets drawn by the seed."""
    if len(sizes) == 1:
        return np.asarray(np.abs(noise) * sizes[0], np.float64)
    rng = np.random.default_rng(seed)
    picks = np.array([rng.choice(len(noise), len(sizes), replace=False) for _ in range(_DRAWS)])
    return np.asarray(np.abs((noise[picks] * sizes).sum(axis=1)), np.float64)
