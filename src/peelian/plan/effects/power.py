"""Power before starting: how often a design would find an effect of a size, by simulating it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.errors import Misuse, Refused
from peelian.plan.effects.effect import Effect, Floats
from peelian.plan.effects.event_study import NEVER, event_study
from peelian.plan.effects.randomised import assign, randomised_effect, strata_by_count
from peelian.plan.effects.wdd import wdd

METHODS: Final = ("event-study", "randomised", "wdd")


@dataclass(frozen=True, eq=False)
class Study:
    """A study as planned: expected count a period of each place (treated first), and its lengths."""

    rates: Floats  # (places,)
    treated: int
    before: int
    after: int
    dispersion: float = 0.0  # negative binomial: variance = mean + dispersion x mean^2, a period


@dataclass(frozen=True)
class Power:
    """Share of worlds in which the effect was called one, with the interval of so many worlds."""

    method: str
    ratio: float
    power: float
    low: float
    high: float
    worlds: int


def power(
    study: Study, ratio: float, *, method: str, worlds: int = 400, seed: int, level: float = 0.95
) -> Power:
    """Give the power to find that events after become `ratio` of what they would be.

    Raises:
        Misuse: an unknown method, or figures that make no study.
    """
    if method not in METHODS:
        raise Misuse(f"no power for method {method}", expected=", ".join(METHODS))
    if ratio <= 0 or min(study.treated, study.before, study.after, worlds) < 1:
        raise Misuse("figures make no study", expected="a ratio above 0, and places, periods and worlds")
    rng = np.random.default_rng(seed)
    found = 0
    for _ in range(worlds):
        try:
            found += _once(study, ratio, method, rng, level).clear
        except Refused:  # a world too poor in events finds nothing
            continue
    low, high = _interval(found, worlds)
    return Power(method, ratio, found / worlds, low, high, worlds)


def smallest_found(
    study: Study, *, method: str, wanted: float = 0.8, worlds: int = 200, seed: int
) -> Power | None:
    """Give the weakest fall (in steps of 5 %) found with the wanted power; None if not even 90 % less is."""
    for fall in range(5, 95, 5):
        made = power(study, 1 - fall / 100, method=method, worlds=worlds, seed=seed)
        if made.power >= wanted:
            return made
    return None


def draw(means: Floats, dispersion: float, rng: np.random.Generator) -> Floats:
    """Draw counts with such means: Poisson, or negative binomial where dispersion is above zero."""
    if dispersion > 0:
        means = means * rng.gamma(1 / dispersion, dispersion, means.shape)
    return rng.poisson(means).astype(np.float64)


def _once(study: Study, ratio: float, method: str, rng: np.random.Generator, level: float) -> Effect:
    places, periods = len(study.rates), study.before + study.after
    treated = np.zeros(places, np.bool_)
    treated[: study.treated] = True
    strata = strata_by_count(study.rates)
    seed = int(rng.integers(2**31))
    if method == "randomised":
        names = tuple(f"{k:06d}" for k in range(places))
        treated = assign(names, strata, share=study.treated / places, seed=seed)
    means = np.tile(study.rates[:, None], (1, periods))
    means[treated, study.before :] *= ratio
    counts = draw(means, study.dispersion, rng)
    before, after = counts[:, : study.before].sum(axis=1), counts[:, study.before :].sum(axis=1)
    if method == "randomised":
        return randomised_effect(before, after, treated, strata, seed=seed, level=level)
    if method == "event-study":
        starts = np.where(treated, study.before, NEVER).astype(np.int64)
        return event_study(counts, starts, horizon=study.after, level=level, brief=True)
    size = float(study.rates[~treated].sum() / study.rates[treated].sum())
    own = float(before[treated].sum()), float(after[treated].sum())
    other = float(before[~treated].sum()), float(after[~treated].sum())
    return wdd(own, other, times=(study.before, study.after), areas=(1.0, size, 1.0, 1.0), level=level)


def _interval(found: int, worlds: int) -> tuple[float, float]:
    """Clopper & Pearson (1934) at 95 %."""
    from scipy.special import betaincinv

    low = 0.0 if found == 0 else float(betaincinv(found, worlds - found + 1, 0.025))
    high = 1.0 if found == worlds else float(betaincinv(found + 1, worlds - found, 0.975))
    return low, high
