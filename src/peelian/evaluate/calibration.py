"""Whether what was expected came about: bias, slope, reliability, and the PIT of the counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from peelian.domain import negative_binomial as nb

Floats = npt.NDArray[np.float64]
PIT_BINS = 10
GROUPS = 10
_HARDLY = 0.05  # spread of log means below which a slope would only measure noise


@dataclass(frozen=True)
class Group:
    """Places and windows of like forecast: how many, and the mean expected and observed."""

    places: int
    expected: float
    observed: float
    low: float
    high: float
    p_any: float
    any_observed: float


@dataclass(frozen=True)
class Calibration:
    """Bias (0 = none), slope (1 = none), Brier score of one or more, PIT heights (1 = flat), reliability."""

    bias: float
    slope: float
    brier: float
    pit: tuple[float, ...]
    groups: tuple[Group, ...]


def calibrate(counts: Floats, mean: Floats, dispersion: Floats) -> Calibration:
    """Judge calibration over N forecasts (flat arrays of equal length)."""
    chance = nb.p_any(mean, dispersion)
    brier = float(np.mean((chance - (counts >= 0.5)) ** 2))
    bias = float(mean.sum() / counts.sum() - 1.0) if counts.sum() > 0 else float("nan")
    heights = tuple(float(h) for h in pit_histogram(counts, mean, dispersion))
    return Calibration(bias, slope(counts, mean), brier, heights, reliability(counts, mean, dispersion))


def slope(counts: Floats, mean: Floats) -> float:
    """Give the slope b of a Poisson regression of counts on a + b log(mean): 1 where spread is right.

    Below 1 the forecast is too sure of its differences between places, above 1 too timid (Cox, 1958).
    NaN where means hardly differ or nothing happened.
    """
    x = np.log(np.maximum(mean, 1e-12))
    if counts.sum() <= 0 or not mean.sum() > 0:
        return float("nan")
    centre = float(np.average(x, weights=mean))
    x = x - centre
    if float(np.average(x * x, weights=mean)) < _HARDLY**2:
        return float("nan")
    a, b = float(np.log(max(counts.mean(), 1e-12) / max(mean.mean(), 1e-12))) + centre, 1.0
    for _ in range(50):
        rate = np.exp(np.clip(a + b * x, -50, 30))
        off, one, two = counts - rate, float((rate * x).sum()), float((rate * x * x).sum())
        total = float(rate.sum())
        det = total * two - one * one
        if det <= 0:
            return float("nan")
        g0, g1 = float(off.sum()), float((off * x).sum())
        step_a = np.clip((two * g0 - one * g1) / det, -2, 2)
        step_b = np.clip((total * g1 - one * g0) / det, -1, 1)
        a, b = a + float(step_a), b + float(step_b)
        if abs(step_a) + abs(step_b) < 1e-9:
            break
    return b


def reliability(counts: Floats, mean: Floats, dispersion: Floats, groups: int = GROUPS) -> tuple[Group, ...]:
    """Group forecasts from lowest to highest so that each group holds a tenth of what was expected.

    Tenths of places would put nearly every event in the last one; tenths of expected events show the busy
    places where decisions are made. `low` and `high` bound the observed mean, 95 %, by its own variance.
    """
    order = np.argsort(mean, kind="stable")
    held = np.cumsum(mean[order])
    if not held[-1] > 0:
        return ()
    edges = np.searchsorted(held, np.linspace(0, held[-1], groups + 1)[1:-1], side="left") + 1
    chance = nb.p_any(mean, dispersion)
    out = []
    for part in np.split(order, np.unique(edges)):
        if len(part):
            seen = counts[part]
            wide = 1.96 * float(np.std(seen)) / np.sqrt(len(part))
            middle = float(seen.mean())
            out.append(
                Group(
                    len(part), float(mean[part].mean()), middle, max(middle - wide, 0.0), middle + wide,
                    float(chance[part].mean()), float((seen >= 0.5).mean()),
                )
            )  # fmt: skip
    return tuple(out)


def cdf(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Give the probability of `count` or fewer, 0 below zero."""
    k, m = np.asarray(count, float), np.maximum(np.asarray(mean, float), 1e-12)
    a = np.asarray(dispersion, float)
    r = 1.0 / np.maximum(a, 1e-6)
    safe = np.maximum(k, 0.0)
    negative_binomial = special.betainc(r, safe + 1.0, r / (r + m))
    poisson = special.gammaincc(safe + 1.0, m)
    out: Floats = np.where(k < 0, 0.0, np.where(a <= 1e-6, poisson, negative_binomial))
    return out


def pit_histogram(counts: Floats, mean: Floats, dispersion: Floats, bins: int = PIT_BINS) -> Floats:
    """Give the heights of the PIT histogram for counts, flat at 1 where forecasts are calibrated.

    The randomised PIT spreads each count evenly over the probability it had; this is its expectation, so
    no random number is used (Czado, Gneiting and Held, 2009). Each place weighs as much as was expected of
    it: unweighted, the thousands of places where nothing happens would make any forecast look level.
    Fractional counts are rounded.
    """
    whole = np.rint(counts)
    high, low = cdf(whole, mean, dispersion), cdf(whole - 1.0, mean, dispersion)
    width = np.maximum(high - low, 1e-300)
    weight = np.maximum(mean, 1e-12)
    edges = np.linspace(0.0, 1.0, bins + 1)
    below = np.array([np.average(np.clip((e - low) / width, 0.0, 1.0), weights=weight) for e in edges])
    out: Floats = np.diff(below) * bins
    return out
