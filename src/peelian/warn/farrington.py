"""Farrington flexible: more reports this week or month than the same place's past explains.

The regression is that of Noufaily et al. (2013) and of the R package `surveillance`. Around it, what sparse
places need to keep their chances honest: season, trend and overdispersion lean on the whole area, and the
chance allows for the doubt of the fitted mean. See docs/models/farrington.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from peelian.domain.series import Floats, Series
from peelian.domain.time import Every
from peelian.domain.warning import DetectorSpec, Found
from peelian.domain.warning_words import day
from peelian.warn.surveillance.borrowed import lean_on_area, shared_overdispersion
from peelian.warn.surveillance.control import NOUFAILY, Control
from peelian.warn.surveillance.fit import Fitted, Leaning, fit
from peelian.warn.surveillance.history import why_not
from peelian.warn.surveillance.reference import Reference, anchors, reference
from peelian.warn.surveillance.signals import signals
from peelian.warn.surveillance.tails import above, at_least, whole

SPEC: Final = DetectorSpec(
    "farrington", "Farrington flexible", "1",
    "Noufaily et al. 2013, An improved algorithm for outbreak detection in multiple surveillance systems", 37,
    "more reports in the last period than in the same season of earlier years, with the place's own trend",
)  # fmt: skip
_OUTLIER: Final = 4.0  # 2.58 takes every tenth busy period of an overdispersed place for an outbreak
CONTROLS: Final[dict[Every, Control]] = {
    "week": replace(NOUFAILY, years=5, outlier=_OUTLIER),
    "month": replace(NOUFAILY, years=5, half_window=1, levels=4, skipped=3, outlier=_OUTLIER),
}
"""Noufaily's settings, except the outlier's threshold; a month's window is three months."""
OWN_SEASON: Final = 50.0
"""Past reports for each level of season from which a place keeps its own season."""
_FEWEST_YEARS: Final = 1.5
"""Years of its own observed past that a place needs."""


@dataclass(frozen=True, eq=False)
class Chances:
    """For each place (A,): `expected` count, `overdispersion` of the prediction, and two chances of so many.

    `p` is of so many or more: never too low on average, too high for small counts. `mid` counts half the
    chance of the very number: right on average. NaN where a place cannot be judged.
    """

    expected: Floats
    overdispersion: Floats
    p: Floats
    mid: Floats


def detect(series: Series, *, seed: int) -> Found:
    """Judge each place's last period by its past; `p` (A,) is of so many reports or more.

    Needs more than three years of observed weeks or months. A place whose last period is missing, or with
    under a year and a half of its own, gets NaN. Nothing is drawn at random: `seed` changes nothing.
    """
    unable = why_not(series, "farrington") or _no_past(series)
    if unable:
        return Found(np.full(len(series.places), np.nan), unable=unable)
    found = chances(series)
    period = f"in the {series.every} of {day(series.starts[-1])}"
    return Found(
        found.p,
        signals(
            SPEC.id, series, found.p, found.expected, 1,
            lambda y, m: f"{y:.0f} reports {period}; {m:.1f} expected from the same season of earlier years",
        ),
    )  # fmt: skip


def chances(series: Series) -> Chances:
    """Fit the past and give each place's expected count and chances."""
    control, past = _past(series)
    seen = series.observed
    leaning = lean_on_area(series.counts, seen, past, control)
    fitted = _fit(series, past, control, leaning)
    n = seen[past.rows].sum(axis=0)
    total = np.where(seen, series.counts, 0.0)[past.rows].sum(axis=0)
    usual = total / np.maximum(n, 1)
    # The doubt of the mean adds to the variance, as in Farrington et al. (1996): tau, not phi.
    shared = shared_overdispersion(fitted, usual)
    overdispersion = shared * (1 + fitted.mean * fitted.log_error**2 / np.maximum(fitted.overdispersion, 1.0))
    # Half a report was added to every past; where reports come in clusters it must be half a cluster.
    mean = fitted.mean * (total + shared / 2) / (total + 0.5)
    y = series.counts[-1]
    a_year = 12 if series.every == "month" else 52
    known = seen[-1] & np.isfinite(fitted.mean) & (n >= _FEWEST_YEARS * a_year)
    p = np.where(known, at_least(y, mean, overdispersion), np.nan)
    beyond = above(whole(y), mean, overdispersion)
    return Chances(np.where(known, mean, np.nan), overdispersion, p, (p + beyond) / 2)


def _fit(series: Series, past: Reference, control: Control, leaning: Leaning) -> Fitted:
    """Fit every place with the area's season, and the busy ones again with levels of their own."""
    one = Reference(past.rows, np.zeros_like(past.level), past.time, past.judged, 1)
    # Of few reports a cluster cannot be told from an outbreak: nothing is taken for an outlier there.
    fitted = fit(series.counts, series.observed, one, replace(control, reweight=False), leaning)
    total = np.where(series.observed, series.counts, 0.0)[past.rows].sum(axis=0)
    busy = np.flatnonzero(total >= OWN_SEASON * past.levels)
    if busy.size:
        own = fit(series.counts[:, busy], series.observed[:, busy], past, control, leaning)
        kept = np.isfinite(own.mean) & np.isfinite(own.log_error)
        for name in Fitted.__dataclass_fields__:
            getattr(fitted, name)[busy[kept]] = getattr(own, name)[kept]
    return fitted


def _past(series: Series) -> tuple[Control, Reference]:
    control = CONTROLS[series.every]
    rows = anchors(series.starts, series.every, len(series.starts) - 1, control.years)
    control = replace(control, years=len(rows) - 1)
    years = np.array([(day - series.starts[-1]).days / 365.25 for day in series.starts])
    return control, reference(rows, control, years)


def _no_past(series: Series) -> str:
    rows = anchors(series.starts, series.every, len(series.starts) - 1, 1)
    return "" if len(rows) > 1 else "no period a year ago to compare with"
