"""Whether doubt is right by larger place and period: randomised PIT, coverage, bias, by third of the rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.evaluate.calibration import PIT_BINS, cdf, slope
from peelian.evaluate.level_rounds import LevelRounds

Floats = npt.NDArray[np.float64]
LOW, HIGH = 0.05, 0.95
RIGHT: Final = (0.87, 0.93)
"""Share of the PIT between 0.05 and 0.95 that counts as right; 0.90 is exact."""
THIRDS: Final = ("lowest third", "middle third", "highest third")


@dataclass(frozen=True)
class DoubtGroup:
    """Places and windows of one level: how many, what was expected and observed, and whether doubt is right.

    `pit` is the share of the randomised PIT between 0.05 and 0.95; `covered` the raw share of counts within
    the 90 % interval, which must exceed 0.90 where counts are small, because counts are whole numbers.
    """

    name: str
    places: int
    expected: float
    observed: float
    pit: float
    covered: float

    @property
    def bias(self) -> float:
        """Expected over observed, less one; NaN where nothing happened."""
        return self.expected / self.observed - 1.0 if self.observed > 0 else float("nan")


@dataclass(frozen=True)
class LevelDoubt:
    """One level: all its places, then thirds of the rate; the PIT's heights (1 = level) and the slope."""

    level: str
    own: bool
    slope: float
    heights: tuple[float, ...]
    every: DoubtGroup
    thirds: tuple[DoubtGroup, ...]


def randomised_pit(counts: Floats, mean: Floats, dispersion: Floats, seed: int) -> Floats:
    """Give a draw of the PIT of each count, uniform where forecasts are calibrated.

    Uniform between the probability of fewer and of as many (Czado, Gneiting and Held, 2009). The same seed
    gives the same numbers.
    """
    whole = np.rint(counts)
    low, high = cdf(whole - 1.0, mean, dispersion), cdf(whole, mean, dispersion)
    u = np.random.default_rng([seed, 17]).random(len(counts))
    out: Floats = low + u * (high - low)
    return out


def covered(counts: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Say (1 or 0) whether each count lies between the 5 % and the 95 % quantile, both included."""
    whole = np.rint(counts)
    inside = (cdf(whole, mean, dispersion) >= LOW) & (cdf(whole - 1.0, mean, dispersion) < HIGH)
    return inside.astype(float)


def level_doubt(rounds: LevelRounds, model: str, seed: int) -> LevelDoubt | None:
    """Judge one model at one level; None where no place was wholly observed."""
    mean, dispersion = rounds.mean[model], rounds.dispersion[model]
    where = rounds.complete & (mean > 0) & np.isfinite(dispersion)
    if not where.any():
        return None
    counts, m, a = rounds.counts[where], mean[where], dispersion[where]
    pit = randomised_pit(counts, m, a, seed)
    inside, within = (pit >= LOW) & (pit <= HIGH), covered(counts, m, a)

    def group(name: str, part: npt.NDArray[np.int64]) -> DoubtGroup:
        return DoubtGroup(
            name, len(part), float(m[part].sum()), float(counts[part].sum()), float(inside[part].mean()),
            float(within[part].mean()),
        )  # fmt: skip

    order = np.argsort(m, kind="stable")
    parts = [part for part in np.array_split(order, 3) if len(part)] if len(order) >= 3 else []
    heights = np.histogram(np.clip(pit, 0.0, 1.0), bins=PIT_BINS, range=(0.0, 1.0))[0] / len(pit) * PIT_BINS
    return LevelDoubt(
        rounds.parents.level, rounds.own[model], slope(counts, m), tuple(float(h) for h in heights),
        group("all", order), tuple(group(n, p) for n, p in zip(THIRDS, parts, strict=False)),
    )  # fmt: skip


def doubt_words(one: LevelDoubt) -> str:
    """Say in one sentence whether doubt at a level is right."""
    p = one.every.pit
    low, high = RIGHT
    if p < low:
        said = "too sure: counts fell outside more often than it says"
    elif p > high:
        said = "too unsure: counts fell inside more often than it says"
    else:
        said = "as sure as it should be"
    how = "" if one.own else "; doubt taken from the cells as if they varied alone"
    return f"{100 * p:.0f} % between 5 and 95 % (90 % is right): {said}{how}"
