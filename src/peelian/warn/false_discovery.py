"""How often so strong a signal is false: expected false ones in the whole area and period, by all detectors.

Chances of one place by several detectors become one by the Cauchy combination (Liu & Xie 2020), which holds
in the far tail however the detectors depend on one another. Over places and detectors expected numbers add
up, whatever depends on what (weighted Bonferroni): at most `x` false signals are expected with a rate of `x`
or less. The false-discovery rate of a week is never above that number, as V/R is at most V.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.series import Floats, Series
from peelian.domain.warning import Found, Signal

ESCALATION: Final = "escalation"
ADJUSTED: Final = frozenset({"scan", "mixture-scan", "near-repeat"})
"""Detectors whose chances allow for all places and windows already."""
SHARES: Final[Mapping[str, float]] = {
    "mixture-scan": 2.0, "scan": 0.05, "near-repeat": 0.05, "escalation": 1.0,
}  # fmt: skip
"""Each detector's part of the budget, before it is shared out anew among those that can judge.

Most goes to the one that finds most planted bursts at the same rate: benchmarks/early_warnings.py.
"""
OTHER_SHARE: Final = 0.1
_HIGHEST: Final = 0.99  # a discrete chance of 1 would outweigh any evidence; the tail does not feel this


@dataclass(frozen=True, eq=False)
class Rated:
    """A signal, its series, its chance `p` with all detectors of its place together, and its rate.

    `rate` is the expected number of equally strong or stronger false signals in the whole area and period,
    over the `part` of the budget that its `channel` has: a scan by itself, or all detectors of one place.
    `level` is that number by the detectors' own chances alone, before it is shared out.
    """

    signal: Signal
    series: Series
    p: float
    rate: float
    channel: str = ""
    part: float = 1.0
    level: float = np.nan


def cauchy(p: Floats, weights: Floats) -> Floats:
    """Combine chances (D, A) of D detectors into one (A,); NaN is left out, NaN where none is known.

    >>> float(cauchy(np.array([[0.01], [0.01]]), np.ones(2)).round(6)[0])
    0.01
    """
    known = np.isfinite(p)
    held = np.clip(np.where(known, p, 0.5), 1e-300, _HIGHEST)
    weight = np.where(known, weights[:, None], 0.0)
    total = weight.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        # cot(pi p), since tan loses small chances to rounding.
        statistic = (weight / np.tan(np.pi * held)).sum(axis=0) / total
        far = 1.0 / (np.pi * statistic)
        out = np.where(statistic > 1e6, far, 0.5 - np.arctan(statistic) / np.pi)
    return np.asarray(np.where(total > 0, out, np.nan), np.float64)


def rated(looked: Mapping[str, tuple[Series, Found]], shares: Mapping[str, float] = SHARES) -> list[Rated]:
    """Give every signal its rate, strongest first (ties by its own chance, then by place).

    A detector that is unable gets no share: the others have all of the budget.
    """
    able = {name: both for name, both in looked.items() if not both[1].unable}
    total = sum(shares.get(name, OTHER_SHARE) for name in able)
    part = {name: shares.get(name, OTHER_SHARE) / total for name in able}
    out = [
        Rated(s, series, s.p, _alone(s, series) / part[name], name, part[name], _alone(s, series))
        for name, (series, found) in able.items()
        for s in found.signals
        if s.adjusted or name in ADJUSTED
    ]
    families: dict[str, list[str]] = {}
    for name, (series, _) in able.items():
        if name not in ADJUSTED:
            families.setdefault(channel_of(name, series), []).append(name)
    for channel, names in families.items():
        out += _by_place([able[n] for n in names], [part[n] for n in names], channel)
    return sorted(out, key=lambda r: (r.rate, r.signal.p, r.signal.detector, r.signal.places))


def channel_of(name: str, series: Series) -> str:
    """Give what a detector's findings are counted with: its own, or those of all detectors of one place.

    An escalation counts something else: its chance says nothing of a rise in the same place.
    """
    return name if name in ADJUSTED or name == ESCALATION else f"each {series.support}"


def expected_number(p: float) -> float:
    """Give the expected number of signals of which at least one comes with chance `p` (Poisson)."""
    return float(-np.log1p(-min(max(p, 0.0), 1 - 1e-12)))


def _alone(signal: Signal, series: Series) -> float:
    return expected_number(signal.p) if signal.adjusted else signal.p * len(series.places)


def _by_place(found: Sequence[tuple[Series, Found]], part: Sequence[float], channel: str) -> list[Rated]:
    together = cauchy(np.stack([f.p for _, f in found]), np.asarray(part, np.float64))
    places, share = int(np.isfinite(together).sum()), sum(part)
    out = []
    for series, one in found:
        index = {code: k for k, code in enumerate(series.places)} if one.signals else {}
        for signal in (s for s in one.signals if not s.adjusted):
            known = [p for p in (together[index[c]] for c in signal.places) if np.isfinite(p)]
            p = float(min(known)) if known else signal.p
            level = places * p if known else np.inf
            out.append(Rated(signal, series, p, level / share, channel, share, level))
    return out
