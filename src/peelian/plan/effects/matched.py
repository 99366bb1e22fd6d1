"""Matched controls: for each treated place the untreated ones most like it before, by level and trend."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from peelian.domain.errors import Refused
from peelian.plan.effects.effect import Effect, Floats, Whole
from peelian.plan.effects.event_study import quantile, tail

_FEWEST = 5
_BALANCE = 0.25  # standard deviations apart, beyond which groups do not look alike: our choice


@dataclass(frozen=True, eq=False)
class Sets:
    """Matched sets: `treated` (S,) and `controls` (S, k) rows; the balance left, in standard deviations."""

    treated: Whole
    controls: Whole
    balance: tuple[float, float]


def match(before: Floats, treated: Whole, pool: Whole, *, each: int = 2) -> Sets:
    """Match without replacement on level and trend before (places, periods); the hardest to match first.

    Level is the root of the count, so that its noise is alike everywhere; trend is the second half less the
    first in the same measure.

    Raises:
        Refused: too few treated or controls, or groups that stay unlike.
    """
    if len(treated) < _FEWEST or len(pool) < each * len(treated):
        raise Refused(
            f"{len(treated)} treated and {len(pool)} possible control places cannot be matched",
            expected=f"at least {_FEWEST} treated and {each} controls for each",
            do="use the weighted displacement difference (--method wdd), or wait for more places",
        )
    chosen, marks = alike(before, treated, pool, each=each)
    left = (marks[treated] - marks[chosen].mean(axis=1)).mean(axis=0)
    sets = Sets(treated, chosen, (float(left[0]), float(left[1])))
    if max(abs(left)) > _BALANCE:
        raise Refused(
            "no untreated places look like the treated ones before the start: "
            f"{left[0]:+.2f} standard deviations apart in level, {left[1]:+.2f} in trend",
            expected=f"under {_BALANCE} in both",
            do="use --method event-study, which needs like trends but not like levels",
        )
    return sets


def alike(before: Floats, treated: Whole, pool: Whole, *, each: int = 1) -> tuple[Whole, Floats]:
    """Give for each treated place its nearest free ones of the pool (S, each), and the marks compared."""
    marks = _marks(before)
    scale = marks[np.r_[treated, pool]].std(axis=0)
    marks = marks / np.where(scale > 0, scale, 1.0)
    free = np.ones(len(pool), np.bool_)
    chosen = np.zeros((len(treated), each), np.int64)
    middle = marks[pool].mean(axis=0)
    for k in np.argsort(-((marks[treated] - middle) ** 2).sum(axis=1)):
        gap = ((marks[pool] - marks[treated[k]]) ** 2).sum(axis=1)
        gap[~free] = np.inf
        best = np.argsort(gap, kind="stable")[:each]
        chosen[k], free[best] = pool[best], False
    return chosen, marks


def _marks(before: Floats) -> Floats:
    half = before.shape[1] // 2
    level = np.sqrt(before.sum(axis=1))
    trend = np.sqrt(before[:, half:].sum(axis=1)) - np.sqrt(before[:, :half].sum(axis=1))
    return np.stack([level, trend], axis=1)


def matched_effect(sets: Sets, before: Floats, after: Floats, *, level: float = 0.95) -> Effect:
    """Give the change against matched sets from totals (places,) before and after.

    The ratio after over the controls' ratio, each against its own before; errors by matched set. Assumes
    that, given level and trend before, treated and controls would have gone on alike.

    Raises:
        Refused: a group without events.
    """
    each = sets.controls.shape[1]
    own = before[sets.treated], after[sets.treated]
    other = before[sets.controls].sum(axis=1), after[sets.controls].sum(axis=1)
    sums = [float(x.sum()) for x in (*own, *other)]
    if min(sums) <= 0:
        raise Refused("a matched group has no events", do="use longer periods or a broader target")
    expected = sums[0] * sums[3] / sums[2]
    centre = log(sums[1] / expected)
    pull = own[1] / sums[1] - own[0] / sums[0] - other[1] / sums[3] + other[0] / sums[2]
    n = len(sets.treated)
    weight = 1 - (own[0] / sums[0] + other[0] / sums[2]) / 2  # a large set pulls the fit towards itself
    error = sqrt(float(((pull / weight) ** 2).sum()))
    half = quantile(n - 1, level) * error
    low, high = exp(centre - half), exp(centre + half)
    return Effect(
        "matched", sums[1], expected, exp(centre), low, high,
        sums[1] - expected, sums[1] - sums[1] / low, sums[1] - sums[1] / high,
        tail(centre / error, n - 1) if error else 1.0, n, n * each, 1, level,
        {"balance": sets.balance, "each": each, "log_error": error},
    )  # fmt: skip
