"""The tail set by the force's own past: how often each detector would have cried here.

A detector's chances come from a model of what is usual. Where places drift and reports come in near repeats
the model is too calm and its chances too small. So every detector is run on past periods of the same area,
each cut as it was, and a finding is no rarer than the past showed findings that strong to be. True rises of
the past count as false here: the error is towards fewer warnings.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, log
from typing import Final

from peelian.domain.series import Series
from peelian.domain.time import Every
from peelian.domain.warning import Check, Found
from peelian.warn.false_discovery import Rated, channel_of, rated
from peelian.warn.merge import groups, half_spacing

PERIODS: Final[dict[Every, int]] = {"week": 26, "month": 8, "day": 28}
"""Past periods that are looked at, as far as history allows."""
APART: Final[dict[Every, int]] = {"week": 2, "month": 1, "day": 1}
"""Of so many periods one is looked at. A finding goes on for some weeks, so the next week tells little new:
every second week of a whole year tells more than every week of half a year, at the same cost."""
GAP: Final[dict[Every, int]] = {"week": 8, "month": 1, "day": 56}
"""Periods before the judged one that are left out, so that a rise that began lately is not its own past."""
FEWEST: Final = 3
"""Past periods below which nothing is learned from them."""
_TOP: Final = 20
_TRUST: Final = 3.0
"""Findings' worth of belief that the tail falls as the detector says."""
_HIGHEST: Final = 2.0
"""Findings of which more than this are expected a period are nobody's tail."""


@dataclass(frozen=True)
class Past:
    """What one channel found in `periods` past periods: the `levels` of all separate findings, ascending.

    A level is the expected number of findings at least as strong in the whole area and one period, by the
    detector's own chances.
    """

    periods: int
    levels: tuple[float, ...]

    def seen(self, level: float) -> int:
        """Give how many findings of the past were at least as strong."""
        return bisect_right(self.levels, level)

    def expected(self, level: float) -> float:
        """Give the expected number a period at a level: what the past showed, never under the level itself.

        Where the past reaches it is (k + 1) / (K + 1) with k such findings in K periods. Beyond its
        strongest few a power law goes on from them (Hill 1975), with an exponent of at most 1: 1 is what the
        detector itself says.

        >>> Past(9, (0.01, 0.02, 0.5)).expected(0.5), Past(9, ()).expected(0.3)
        (0.5, 0.3)
        """
        if self.periods < FEWEST or not self.levels:
            return level
        top = self.levels[:_TOP]
        if level >= top[-1]:
            return max(level, (self.seen(level) + 1) / (self.periods + 1))
        far = sum(log(top[-1] / one) for one in top[:-1])
        slope = min(1.0, (len(top) - 1 + _TRUST) / (far + _TRUST))
        beyond = (len(top) + 1) / (self.periods + 1) * float((level / top[-1]) ** slope)
        return max(level, beyond)


def cut(series: Series, periods: int) -> Series:
    """Give the series as it was after its first `periods` periods, without the later ones.

    Later reports of those periods cannot be told from first ones here and stay in. Single points reach back
    one year only, so they are left out: a detector that needs them learns nothing from the past.
    """
    end = series.starts[periods] if periods < len(series.starts) else series.end
    return replace(
        series, starts=series.starts[:periods], end=end, counts=series.counts[:periods],
        observed=series.observed[:periods],
        distinct=None if series.distinct is None else series.distinct[:periods], expected=None, points=None,
        drivers=tuple((name, counts[:periods]) for name, counts in series.drivers),
    )  # fmt: skip


def past_ends(periods: int, every: Every, least: int) -> tuple[int, ...]:
    """Give the lengths to which a series of `periods` is cut, newest first; none under `least`.

    They are multiples of `APART`, so that most are the same ones a week later and need no new look.

    >>> past_ends(16, "month", 6)
    (14, 13, 12, 11, 10, 9, 8, 7)
    >>> past_ends(30, "week", 13), past_ends(31, "week", 13)
    ((20, 18, 16, 14), (22, 20, 18, 16, 14))
    """
    apart = APART[every]
    newest = (periods - 1 - GAP[every]) // apart * apart
    return tuple(newest - apart * k for k in range(PERIODS[every]) if newest - apart * k >= least)


def levels_of(looked: Mapping[str, tuple[Series, Found]]) -> dict[str, list[float]]:
    """Give the levels of one period's separate findings, by channel; a channel that was unable is missing."""
    out: dict[str, list[float]] = {
        channel_of(name, series): [] for name, (series, found) in looked.items() if not found.unable
    }
    reach = {series.support: half_spacing(series) for series, _ in looked.values()}
    found = rated(looked)
    for channel in out:
        mine = [one for one in found if one.channel == channel]
        out[channel] = [group.first.level for group in groups(mine, inf, reach)]
    return out


def gathered(found: Iterable[Mapping[str, Sequence[float]]]) -> dict[str, Past]:
    """Put past periods together, each given as the levels found by channel (an empty list: nothing found).

    A channel is missing from a period that it could not judge.
    """
    periods: dict[str, int] = {}
    levels: dict[str, list[float]] = {}
    for one in found:
        for channel, some in one.items():
            periods[channel] = periods.get(channel, 0) + 1
            levels.setdefault(channel, []).extend(max(x, 1e-300) for x in some if x <= _HIGHEST)
    return {name: Past(many, tuple(sorted(levels[name]))) for name, many in periods.items()}


def against(found: Sequence[Rated], past: Mapping[str, Past]) -> list[Rated]:
    """Give the findings with rates no lower than the past allows, strongest first."""
    out = []
    for one in found:
        known = past.get(one.channel)
        if known is not None and one.level < inf:
            one = replace(one, rate=known.expected(one.level) / one.part)
        out.append(one)
    return sorted(out, key=lambda r: (r.rate, r.signal.p, r.signal.detector, r.signal.places))


def check_of(one: Rated, past: Past | None) -> Check:
    """Say what the past showed of findings as strong; passed where there was a past to look at."""
    every = one.series.every
    if past is None or past.periods < FEWEST:
        return Check("own past", False, f"fewer than {FEWEST} past {every}s to learn false warnings from")
    seen = past.seen(one.level)
    words = f"{seen} finding{'' if seen == 1 else 's'} as strong in {past.periods} past {every}s of this area"
    return Check("own past", True, f"{words}; whatever they were, they are counted as false")
