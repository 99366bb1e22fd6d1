"""Randomised designs: drawn within strata from a seed that is kept, tested by what the draw itself allows."""

from __future__ import annotations

from itertools import combinations
from math import comb, prod, sqrt

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Misuse, Refused
from peelian.plan.effects.effect import Effect, Floats, Whole, ratios
from peelian.plan.effects.event_study import quantile

Bools = npt.NDArray[np.bool_]
_ALL = 20_000
_DRAWS = 1999


def strata_by_count(counts: Floats, size: int = 6) -> Whole:
    """Put places (n,) of like count together, `size` to a stratum; the last takes the rest."""
    order = np.argsort(-counts, kind="stable")
    out = np.empty(len(counts), np.int64)
    last = max(1, len(counts) // size) - 1
    out[order] = np.minimum(np.arange(len(counts)) // size, last)
    return out


def assign(places: tuple[str, ...], strata: Whole, *, share: float = 0.5, seed: int) -> Bools:
    """Draw the treated: the same places, strata, share and seed always give the same.

    The order of `places` does not matter: they are sorted first.

    Raises:
        Misuse: places named twice, or a share that is not between 0 and 1.
        Refused: a stratum that would have none treated or none held out.
    """
    if len(set(places)) != len(places) or len(places) != len(strata) or not 0 < share < 1:
        raise Misuse("the draw is not well asked", expected="each place once, a stratum each, 0 < share < 1")
    rng = np.random.default_rng(seed)
    treated = np.zeros(len(places), np.bool_)
    order = np.array(sorted(range(len(places)), key=lambda k: places[k]))
    for stratum in np.unique(strata):
        rows = order[strata[order] == stratum]
        some = round(share * len(rows))
        if not 0 < some < len(rows):
            raise Refused(
                f"a stratum of {len(rows)} places cannot have both treated and held-out places",
                do="make strata larger, or the share nearer to a half",
            )
        treated[rng.permutation(rows)[:some]] = True
    return treated


def randomised_effect(
    before: Floats, after: Floats, treated: Bools, strata: Whole, *, seed: int, level: float = 0.95
) -> Effect:
    """Give the change by the draw: chance by re-drawing it (all draws if few), interval by Neyman (1923).

    `before`, `after` are totals a place. After is corrected by before with one slope found within
    strata: within their arms for the estimate, blind to who was treated for the chance.

    Raises:
        Refused: fewer than 6 treated or held-out places.
    """
    if min(treated.sum(), (~treated).sum()) < 6:
        raise Refused(
            f"{int(treated.sum())} treated and {int((~treated).sum())} held-out places are too few",
            expected="at least 6 of each", do="randomise more places before starting",
        )  # fmt: skip
    blind = after - _slope(before, after, strata) * before  # the re-drawn chance must not know the draw
    arms = 2 * strata + treated
    y = after - _slope(before, after, arms) * before
    per_place = _difference(y, treated, strata)
    n = int(treated.sum())
    error, freedom = _error(y, treated, strata)
    error = sqrt(error**2 + _slope_variance(before, y, arms, treated, strata))
    change = per_place * n
    half = quantile(freedom, level) * error * n
    p, draws, exact = _chance(blind, treated, strata, _difference(blind, treated, strata), seed)
    seen = float(after[treated].sum())
    expected = seen - change
    return Effect(
        "randomised", seen, expected, *ratios(seen, change, half), change, change - half, change + half, p,
        n, int((~treated).sum()), 1, level, {"draws": draws, "exact": exact},
    )  # fmt: skip


def _slope(before: Floats, after: Floats, strata: Whole) -> float:
    x, y = before.astype(float).copy(), after.astype(float).copy()
    for stratum in np.unique(strata):
        rows = strata == stratum
        x[rows] -= x[rows].mean()
        y[rows] -= y[rows].mean()
    return float((x * y).sum() / (x * x).sum()) if (x * x).sum() > 0 else 0.0


def _slope_variance(before: Floats, y: Floats, arms: Whole, treated: Bools, strata: Whole) -> float:
    """Give what the slope's own doubt adds: its variance times the arms' squared difference before."""
    x, left = before.astype(float).copy(), y.copy()
    for arm in np.unique(arms):
        rows = arms == arm
        x[rows] -= x[rows].mean()
        left[rows] -= left[rows].mean()
    spare = max(1, len(y) - len(np.unique(arms)) - 1)
    if not (x * x).sum() > 0:
        return 0.0
    spread = float((left**2).sum()) / spare / float((x * x).sum())
    return spread * _difference(before.astype(float), treated, strata) ** 2


def _weights(treated: Bools, strata: Whole) -> Floats:
    """Give a weight for each place so that the weighted sum is the mean of differences, by treated."""
    out = np.zeros(len(treated))
    for stratum in np.unique(strata):
        rows = strata == stratum
        t, c = rows & treated, rows & ~treated
        share = t.sum() / treated.sum()
        out[t], out[c] = share / t.sum(), -share / c.sum()
    return out


def _difference(y: Floats, treated: Bools, strata: Whole) -> float:
    return float((_weights(treated, strata) * y).sum())


def _error(y: Floats, treated: Bools, strata: Whole) -> tuple[float, int]:
    """Give Neyman's error; an arm with one place in a stratum takes the variance of all its strata."""
    total, freedom = 0.0, 0
    for arm in (treated, ~treated):
        left, groups, part = y.copy(), 0, 0.0
        for stratum in np.unique(strata):
            rows = (strata == stratum) & arm
            left[rows] -= y[rows].mean()
            groups += 1
        spare = max(1, int(arm.sum()) - groups)
        pooled = float((left[arm] ** 2).sum()) / spare
        for stratum in np.unique(strata):
            rows = (strata == stratum) & arm
            share = ((strata == stratum) & treated).sum() / treated.sum()
            own = float((left[rows] ** 2).sum()) / (rows.sum() - 1) if rows.sum() > 1 else pooled
            part += float(share**2 * own / rows.sum())
        total, freedom = total + part, freedom + spare
    return sqrt(total), freedom - 1


def _chance(y: Floats, treated: Bools, strata: Whole, seen: float, seed: int) -> tuple[float, int, bool]:
    groups = [np.flatnonzero(strata == s) for s in np.unique(strata)]
    sizes = [int(treated[g].sum()) for g in groups]
    every = prod(comb(len(g), k) for g, k in zip(groups, sizes, strict=True))
    base, close = _weights(treated, strata), 1e-9 * (1 + abs(seen))
    if every <= _ALL:
        sums = np.zeros(1)
        for g, k in zip(groups, sizes, strict=True):
            sums = np.add.outer(sums, _all_draws(y[g], k, k / int(treated.sum()))).ravel()
        return float(np.mean(np.abs(sums) >= abs(seen) - close)), every, True
    rng = np.random.default_rng(seed)
    total = np.zeros(_DRAWS)
    for g in groups:  # shuffling a stratum's weights is a draw of its treated
        shuffled = rng.permuted(np.tile(base[g], (_DRAWS, 1)), axis=1)
        total += shuffled @ y[g]
    return (1 + int((np.abs(total) >= abs(seen) - close).sum())) / (1 + _DRAWS), _DRAWS, False


def _all_draws(y: Floats, some: int, share: float) -> Floats:
    """Give the weighted difference of means of a stratum for every way to choose `some` of it."""
    picks = np.array(list(combinations(range(len(y)), some)))
    own = y[picks].sum(axis=1)
    return np.asarray(share * (own / some - (y.sum() - own) / (len(y) - some)), np.float64)
