"""Poisson event study with staggered starts: each cohort against places not yet treated, never the treated.

Poisson with a fixed effect for each place and each period has a closed answer where the treated periods are
left free: expected = own total before x (controls' count then / controls' total before). Cohorts are compared
with never- or not-yet-treated places alone (Callaway & Sant'Anna 2021; Sun & Abraham 2021), so effects that
grow or fade do not leak into each other, as they do in one regression on all.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

import numpy as np

from peelian.domain.errors import Refused
from peelian.plan.effects.effect import Effect, Floats, Whole

NEVER = -1
_LEADS = 4


@dataclass(frozen=True)
class Compared:
    """A cohort's period against its controls: rows of places, the period, the periods it is based on."""

    places: Whole
    controls: Whole
    period: int
    base: int  # periods 0 .. base - 1
    since: int  # periods since the start; negative before it


def event_study(
    counts: Floats, starts: Whole, *, horizon: int = 12, level: float = 0.95, brief: bool = False
) -> Effect:
    """Give the change of treated places over the first `horizon` periods after their own start.

    `counts` is (places, periods); `starts` holds each place's first treated period, `NEVER` for none. Errors
    are robust to any dependence within a place. `more` has `by_period` (periods since the start: ratio,
    interval) and `before`: the same test on the periods just before the start, where there should be nothing;
    `brief` leaves both out.
    Assumes that without it the treated would have moved in proportion to the controls.

    Raises:
        Refused: fewer than 4 treated or 8 control places, no period before or after, or only zeros.
    """
    _check(counts, starts)
    pairs = _pairs(starts, counts.shape[1], horizon)
    if not pairs:
        raise Refused("no treated period has untreated places beside it", do="keep some places untreated")
    total = _summed(counts, pairs)
    freedom = max(1, int((starts != NEVER).sum()) - 1)
    more: dict[str, Any] = {}
    if not brief:
        more = {
            "by_period": _by_period(counts, pairs, freedom, level),
            "before": _before(counts, starts, level),
        }
    return _effect("event-study", total, freedom, level, counts, starts, pairs, more)


def _check(counts: Floats, starts: Whole) -> None:
    treated, never = int((starts != NEVER).sum()), int((starts == NEVER).sum())
    if treated < 4 or never < 8:
        raise Refused(
            f"{treated} treated and {never} untreated places are too few for an event study",
            expected="at least 4 treated and 8 never treated",
            do="use the weighted displacement difference (--method wdd), and say that it is one area",
        )
    if np.any(starts[starts != NEVER] < 1) or np.any(starts >= counts.shape[1]):
        raise Refused("a start has no period before it or none after it", do="choose a longer history")


def _pairs(starts: Whole, periods: int, horizon: int) -> list[Compared]:
    out = []
    for cohort in np.unique(starts[starts != NEVER]):
        places = np.flatnonzero(starts == cohort)
        for t in range(int(cohort), min(periods, int(cohort) + horizon)):
            controls = np.flatnonzero((starts == NEVER) | (starts > t))
            out.append(Compared(places, controls, t, int(cohort), t - int(cohort)))
    return out


@dataclass(frozen=True, eq=False)
class Summed:
    """Seen and expected over compared cells, and each place's share in log(seen / expected)."""

    seen: float
    expected: float
    pull: Floats

    @property
    def error(self) -> float:
        """Standard error of log(seen / expected), robust within places."""
        return sqrt(float((self.pull**2).sum()))


def _summed(counts: Floats, pairs: list[Compared]) -> Summed:
    """Sum seen and expected; the influence of each place follows from the derivative of the log ratio."""
    places = len(counts)
    seen, expected = 0.0, 0.0
    up, down = np.zeros(places), np.zeros(places)
    for one in pairs:
        own = counts[one.places, : one.base].sum(axis=1)
        other = counts[one.controls, : one.base].sum(axis=1)
        now = counts[one.controls, one.period]
        if own.sum() == 0 or other.sum() == 0 or now.sum() == 0:
            raise Refused(
                "a group of places has no events before, or none in a period",
                do="use longer periods, more places or a broader target",
            )
        mean = own.sum() * now.sum() / other.sum()
        seen += float(counts[one.places, one.period].sum())
        expected += float(mean)
        up[one.places] += counts[one.places, one.period]
        down[one.places] += mean * own / own.sum()
        down[one.controls] += mean * (now / now.sum() - other / other.sum())
    if seen == 0:
        raise Refused(
            "no event in the treated places after the start", do="use longer periods or --method wdd"
        )
    pull = up / seen - down / expected
    return Summed(seen, expected, pull * _small(places, pairs))


def _small(places: int, pairs: list[Compared]) -> Floats:
    """Correct for few places: n / (n - 1) within each cohort and within the controls."""
    factor = np.ones(places)
    groups = {tuple(one.places.tolist()) for one in pairs}
    inside = np.zeros(places, np.bool_)
    for group in groups:
        rows = np.array(group)
        inside[rows] = True
        factor[rows] = sqrt(len(rows) / max(1, len(rows) - 1))
    rest = int((~inside).sum())
    factor[~inside] = sqrt(rest / max(1, rest - 1))
    return factor


def _by_period(counts: Floats, pairs: list[Compared], freedom: int, level: float) -> list[dict[str, Any]]:
    out = []
    for since in sorted({one.since for one in pairs}):
        mine = [one for one in pairs if one.since == since]
        if sum(float(counts[one.places, one.period].sum()) for one in mine) == 0:
            out.append({"since": since, "ratio": 0.0, "low": None, "high": None})
            continue
        part = _summed(counts, mine)
        half = quantile(freedom, level) * part.error
        centre = log(part.seen / part.expected)
        out.append(
            {"since": since, "ratio": exp(centre), "low": exp(centre - half), "high": exp(centre + half)}
        )
    return out


def _before(counts: Floats, starts: Whole, level: float) -> dict[str, Any] | None:
    """Test the last periods before each start as if they were treated; None where too few lie before."""
    pairs = []
    for cohort in np.unique(starts[starts != NEVER]):
        base = int(cohort) - _LEADS
        if base < _LEADS:
            continue
        places = np.flatnonzero(starts == cohort)
        controls = np.flatnonzero((starts == NEVER) | (starts >= cohort + _LEADS))
        pairs += [Compared(places, controls, t, base, t - int(cohort)) for t in range(base, int(cohort))]
    if not pairs:
        return None
    try:
        part = _summed(counts, pairs)
    except Refused:
        return None
    freedom = max(1, int((starts != NEVER).sum()) - 1)
    z = log(part.seen / part.expected) / part.error if part.error else 0.0
    return {"ratio": part.seen / part.expected, "p": tail(z, freedom), "clear": tail(z, freedom) < 1 - level}


def _effect(
    method: str, total: Summed, freedom: int, level: float, counts: Floats, starts: Whole,
    pairs: list[Compared], more: dict[str, Any],
) -> Effect:  # fmt: skip
    centre, half = log(total.seen / total.expected), quantile(freedom, level) * total.error
    low, high = exp(centre - half), exp(centre + half)
    # The change is read off the ratio's interval: expected is seen / ratio, and `seen` is what it is.
    return Effect(
        method, total.seen, total.expected, exp(centre), low, high,
        total.seen - total.expected, total.seen - total.seen / low, total.seen - total.seen / high,
        tail(centre / total.error, freedom) if total.error else 1.0,
        int((starts != NEVER).sum()), int((starts == NEVER).sum()), len({one.period for one in pairs}), level,
        more | {"log_error": total.error},
    )  # fmt: skip


def quantile(freedom: int, level: float) -> float:
    """Give the two-sided quantile of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2))


def tail(z: float, freedom: int) -> float:
    """Give the two-sided chance of Student's t."""
    from scipy.special import stdtr

    return 2 * float(stdtr(freedom, -abs(z)))
