"""Mixture scan: bursts of any of many sizes, lengths and strengths, by their mean likelihood ratio."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.series import Series
from peelian.domain.warning import DetectorSpec, Found, Signal
from peelian.warn.mixture.circles import Circles, circles
from peelian.warn.mixture.null import separate, tail
from peelian.warn.mixture.ratio import Form, mixture, windows
from peelian.warn.mixture.ratio import forms as all_forms
from peelian.warn.mixture.usual import usual

Floats = npt.NDArray[np.float64]
SPEC: Final = DetectorSpec(
    "mixture-scan", "Mixture scan of circles and weeks", "1",
    "Neill, Moore and Cooper (2006), A Bayesian spatial scan statistic", 26,
    "more reports within some hundred metres over the last weeks than its share of the area's, at any scale",
)  # fmt: skip
MOST: Final = 40
"""Candidates given, strongest first."""


def detect(series: Series, *, seed: int) -> Found:
    """Judge circles of 200 to 650 m over the last 1 to 8 weeks (1 to 3 months) against the years before.

    A signal's `p` is the chance of so strong a place anywhere in the area in one period when nothing has
    changed (adjusted). `p` (A,) is the bound 1 / ratio by place (Markov), before any look elsewhere.
    """
    nothing = np.full(len(series.places), np.nan)
    if not len(series.places):
        return Found(nothing, unable="there are no places")
    sizes = circles(series.easting, series.northing)
    known = usual(series, sizes[2])
    if known is None:
        return Found(nothing, unable="less than half a year of reports before the last weeks")
    forms = all_forms(known, sizes, series.every)
    counts = np.where(series.observed, series.counts, 0.0)
    scores = mixture(counts, forms, sizes[1])
    last = known.seen[-1]
    null = tail(known, forms, sizes[1], series.easting, series.northing, seed)
    points = np.column_stack([series.easting, series.northing])
    at = separate(np.where(last, scores, -np.inf), points, MOST, above=0.0)
    signals = _signals(series, counts, forms, sizes[1], at, null.a_period(scores[at]))
    return Found(np.where(last, np.minimum(np.exp(-scores), 1.0), np.nan), signals)


def _signals(
    series: Series, counts: Floats, forms: tuple[Form, ...], near: Circles, at: list[int], rates: Floats
) -> tuple[Signal, ...]:
    """Describe each peak by the form of burst that fits best, about its own place or one that lent to it."""
    if not at:
        return ()
    lent = [near.of(place) for place in at]
    every, first = np.concatenate(lent), np.cumsum([0, *(len(some) for some in lent[:-1])])
    best = np.full(len(at), -np.inf)
    chosen: list[tuple[Form, int, float]] = [(forms[0], place, 0.0) for place in at]
    for form, found in windows(counts, forms):
        ratios = form.log_ratios(found).max(axis=0)
        for k in np.flatnonzero(np.maximum.reduceat(ratios[every], first) > best).tolist():
            place = int(lent[k][np.argmax(ratios[lent[k]])])
            best[k], chosen[k] = ratios[place], (form, place, float(found[place]))
    return tuple(
        _signal(series, place, form, found, float(-np.expm1(-rate)))
        for (form, place, found), rate in zip(chosen, rates, strict=True)
    )


def _signal(series: Series, place: int, form: Form, found: float, p: float) -> Signal:
    inside = form.circles.of(place)
    start = series.starts[-form.wide]
    distinct = None if series.distinct is None else float(series.distinct[-form.wide :, inside].sum())
    expected = float(form.mean[place])
    unit = f"{form.wide} {series.every}{'' if form.wide == 1 else 's'}"
    why = f"{found:,.0f} reports within {form.circles.radius_m:.0f} m in {unit}, {expected:.1f} usual"
    return Signal(
        SPEC.id, series.target, series.support, tuple(series.places[k] for k in inside), start, series.end,
        found, expected, p, float(form.circles.easting[place]), float(form.circles.northing[place]),
        form.circles.radius_m, True, distinct, why,
    )  # fmt: skip
