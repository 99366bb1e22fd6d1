"""EARS C1, C2 and C3 for very short histories: this week against the seven before it.

Hutwagner et al. (2003). The statistics are the published ones; the chance is not their normal table, which
is far off for small counts: it is that of the count given all counts of the window. See docs/models/ears.md.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from peelian.domain.series import Floats, Series
from peelian.domain.warning import DetectorSpec, Found
from peelian.domain.warning_words import day
from peelian.warn.surveillance.history import EARS_BASE, EARS_GAP, why_not
from peelian.warn.surveillance.moving import level
from peelian.warn.surveillance.signals import signals
from peelian.warn.surveillance.tails import whole

SPEC: Final = DetectorSpec(
    "ears", "EARS C2", "1",
    "Hutwagner et al. 2003, The bioterrorism preparedness and response Early Aberration Reporting System", 10,
    "more reports in the last period than in the seven periods that end two before it",
)  # fmt: skip
Which = Literal["C1", "C2", "C3"]


def detect(series: Series, *, seed: int) -> Found:
    """Judge each place's last period against the seven that end two before it (the window of C2).

    `p` (A,) is the chance of so many of all the window's reports in the last period, given their sum and how
    the rest of the area moved: binomial, or beta-binomial where counts are overdispersed. NaN where a period
    of the window is missing. Nothing is drawn at random: `seed` changes nothing.
    """
    unable = why_not(series, "ears")
    if unable:
        return Found(np.full(len(series.places), np.nan), unable=unable)
    window = slice(len(series.starts) - 1 - EARS_GAP - EARS_BASE, len(series.starts) - 1 - EARS_GAP)
    usual = level(series, window)
    seen = series.observed[window].all(axis=0) & series.observed[-1]
    p = np.where(seen, _conditional(whole(series.counts[-1]), usual.total, usual.exposure, usual.moved[-1],
                                    usual.overdispersion), np.nan)  # fmt: skip
    expected = usual.total / np.maximum(usual.exposure, 1e-9) * usual.moved[-1]
    period = f"in the {series.every} of {day(series.starts[-1])}"
    return Found(
        p,
        signals(
            SPEC.id, series, p, expected, 1,
            lambda y, m: f"{y:.0f} reports {period}; {m:.1f} expected from seven {series.every}s before",
        ),
    )  # fmt: skip


def upper(counts: Floats, which: Which, *, alpha: float, base: int = 7, least_sd: float = 0.0) -> Floats:
    """Give the published upper bound of every row of `counts` (P, A); NaN where history is too short.

    C1: mean and standard deviation of the `base` rows just before; C2: of those that end two before; C3: C2's
    with what the two rows before already lay above it by more than one deviation.
    """
    from scipy import stats  # late: scipy costs a second

    z, gap = float(stats.norm.isf(alpha)), 0 if which == "C1" else EARS_GAP
    mean, sd = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    for i in range(base + gap, len(counts)):
        window = counts[i - gap - base : i - gap]
        mean[i], sd[i] = window.mean(axis=0), np.maximum(window.std(axis=0, ddof=1), least_sd)
    if which != "C3":
        return mean + z * sd
    bound = np.full(counts.shape, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        above = np.maximum((counts - mean) / sd - 1, 0.0)
    bound[2:] = np.maximum(counts[2:] + sd[2:] * (z - above[:-2] - above[1:-1]), 0.0)
    return bound


def _conditional(y: Floats, total: Floats, exposure: Floats, moved: Floats, overdispersion: Floats) -> Floats:
    """Give the chance of `y` or more of `y + total`, when each falls in the last period by its share."""
    from scipy import stats  # late: scipy costs a second

    everything = np.round(y + total)
    share = np.clip(moved / np.maximum(moved + exposure, 1e-9), 1e-9, 1 - 1e-9)
    wide = overdispersion > 1 + 1e-9
    size = everything / np.where(wide, overdispersion - 1, 1.0)
    a, b = np.maximum(size * share, 1e-9), np.maximum(size * (1 - share), 1e-9)
    chance = np.where(
        wide, stats.betabinom.sf(y - 1, everything, a, b), stats.binom.sf(y - 1, everything, share)
    )
    p: Floats = np.where(y <= 0, 1.0, np.clip(chance, 0.0, 1.0))
    return p
