"""Escalation: disorder that, in this area, has been followed by more violence than its place explains.

Fitted together: every place's level, every period's, the target's own and its neighbours' recent excess, and
the driver's. A shared cause moves the driver before and after alike, so the driver *after* is the control.
Reinhart & Greenhouse (2018) show that patterns in space and in time are confounded: one model must hold both.
No effect shown: no signal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from peelian.domain.series import Floats, Series
from peelian.domain.warning import DetectorSpec, Found, Signal
from peelian.warn.escalation_columns import AFTER, BEFORE, PRIOR, WINDOW, columns, usual
from peelian.warn.escalation_drivers import DRIVERS, words
from peelian.warn.escalation_fit import fit

SPEC: Final = DetectorSpec(
    "escalation", "Escalation", "2",
    "Reinhart and Greenhouse (2018), Self-exciting point processes with spatial covariates", 40,
    "disorder above a place's usual, where it has been shown to be followed by more violence",
)  # fmt: skip
ALPHA: Final = 0.01
"""Chance of calling an effect shown when there is none, over all drivers of a target."""
_BELOW: Final = 0.01
_LEAST_RAISE: Final = 1.1
_WHOLE_AREA: Final = "in this area {} has not been shown to lead to {}: no escalation signal"


@dataclass(frozen=True)
class Effect:
    """What one driver's excess does: `before` on the log rate for each log unit of it, with errors.

    `beyond` is before less after, the part a shared cause does not explain; `p` its one-sided chance under
    none, never under that of `before` itself.
    """

    driver: str
    before: float
    before_error: float
    beyond: float
    beyond_error: float
    p: float


def detect(series: Series, *, seed: int) -> Found:
    """Give places whose recent driver reports stand above their usual, if the driver was shown to lead.

    `p` (A,) is the chance of so many driver reports in the last weeks at a place's usual rate (negative
    binomial). A signal's `observed` and `expected` are driver reports. Nothing is drawn at random: `seed`
    changes nothing.
    """
    nothing = np.full(len(series.places), np.nan)
    why = unable(series)
    if why:
        return Found(nothing, unable=why)
    tested = effects(series)
    wanted = words(series.target)
    if not tested:
        return Found(nothing, unable=f"too few reports to tell whether anything leads to {wanted}")
    shown = [e for e in tested if e.p * len(tested) < ALPHA]
    if not shown:
        drivers = " or ".join(words(e.driver) for e in tested)
        return Found(nothing, unable=_WHOLE_AREA.format(drivers, wanted))
    best = min(shown, key=lambda e: e.p)
    return _found(series, best)


def unable(series: Series) -> str:
    """Say why nothing can be said, in words; empty when it can be tried."""
    if series.target not in DRIVERS:
        return f"escalation looks for what leads to violence or robbery, not to {words(series.target)}"
    names = {name for name, _ in series.drivers}
    if not names & set(DRIVERS[series.target]):
        return "no reports of disorder are held beside this target"
    if int(series.observed.all(axis=1).sum()) < SPEC.needs_periods:
        return f"fewer than {SPEC.needs_periods} {series.every}s are held in full"
    return (
        "" if series.observed[-WINDOW[series.every] :].all() else "the last weeks were not published in full"
    )


def effects(series: Series) -> list[Effect]:
    """Fit each driver's effect on the target, background and shared causes beside it."""
    out = []
    window = WINDOW[series.every]
    for name, counts in series.drivers:
        if name not in DRIVERS.get(series.target, ()):
            continue
        made = columns(series, np.where(series.observed, counts, 0.0), window)
        rows = slice(made.first, made.first + made.x.shape[1])
        fitted = fit(np.where(series.observed, series.counts, 0.0)[rows], made.x, made.used)
        if fitted is not None:
            out.append(
                _effect(name, fitted.test(_unit(made.x, BEFORE)), fitted.test(_unit(made.x, BEFORE, AFTER)))
            )
    return out


def _unit(x: Floats, plus: int, minus: int | None = None) -> Floats:
    out = np.zeros(len(x))
    out[plus] = 1.0
    if minus is not None:
        out[minus] = -1.0
    return out


def _effect(name: str, before: tuple[float, float], beyond: tuple[float, float]) -> Effect:
    from scipy import stats  # late: scipy costs a second

    p = max(float(stats.norm.sf(value / max(error, 1e-12))) for value, error in (before, beyond))
    return Effect(name, *before, *beyond, p)


def _found(series: Series, effect: Effect) -> Found:
    window = WINDOW[series.every]
    driver = np.where(series.observed, dict(series.drivers)[effect.driver], 0.0)
    expected, observed = usual(driver, driver[:-window])[-window:].sum(axis=0), driver[-window:].sum(axis=0)
    p = _chance(driver, observed, expected, window)
    raise_ = ((observed + PRIOR) / (expected + PRIOR)) ** effect.before
    chosen = np.flatnonzero((p < _BELOW) & (raise_ >= _LEAST_RAISE) & (observed > expected))
    signals = tuple(
        Signal(
            SPEC.id, series.target, series.support, (series.places[a],), series.starts[-window], series.end,
            float(observed[a]), float(expected[a]), float(p[a]), float(series.easting[a]),
            float(series.northing[a]), 0.0, why=_why(series, effect, observed[a], expected[a], raise_[a]),
        )
        for a in chosen.tolist()
    )  # fmt: skip
    return Found(p, signals)


def _chance(driver: Floats, observed: Floats, expected: Floats, window: int) -> Floats:
    """Give the negative binomial tail, its dispersion by moments from earlier windows of the same length."""
    from scipy import stats  # late: scipy costs a second

    past = driver[:-window]
    past = past[len(past) % window :]
    means = usual(past).reshape(-1, window, past.shape[1]).sum(axis=1)
    sums = past.reshape(-1, window, past.shape[1]).sum(axis=1)
    spread = float(((sums - means) ** 2 - means).sum() / max(float((means**2).sum()), 1e-12))
    size = 1.0 / max(spread, 1e-6)
    mean = np.maximum(expected, 1e-9)
    return np.asarray(stats.nbinom.sf(np.floor(observed) - 1, size, size / (size + mean)), np.float64)


def _why(series: Series, effect: Effect, observed: float, expected: float, raised: float) -> str:
    start = series.starts[-WINDOW[series.every]]
    return (
        f"{observed:,.0f} reports of {words(effect.driver)} since {start.day} {start:%B %Y} where "
        f"{expected:,.1f} are usual; in this area so many have been followed by {raised:.1f} times the usual "
        f"{words(series.target)} in the weeks after"
    )
