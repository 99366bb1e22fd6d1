"""Power of early warnings: found, how soon, and how often for nothing; beside the oracle at the same rate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from peelian.domain.series import Series
from peelian.domain.warning import EarlyWarning, Found
from peelian.evaluate.warnings_alarms import (
    COMBINED,
    Alarm,
    alarms_of,
    alarms_of_warnings,
    by_detector,
    delay,
    false_alarms,
    limit_for,
    separate,
)
from peelian.evaluate.warnings_oracle import oracle_delay
from peelian.evaluate.warnings_plant import BAND_WORDS, band_of
from peelian.evaluate.warnings_world import Burst, WeeklyWorld

ORACLE: Final = "oracle"
A_WEEK: Final = 12 / 52
"""One false warning a force and month, in warnings a week."""
SOON: Final = 2
"""Weeks within which a burst counts as found soon."""

Judged = tuple[Mapping[str, tuple[Series, Found]], Mapping[str, Sequence[EarlyWarning]]]
Judge = Callable[[Series, Series], Judged]
"""Gives what each detector found in the larger places and squares, and the warnings of each combination.

Combinations are named `COMBINED`, or by a name that begins so.
"""


@dataclass(frozen=True, eq=False)
class Watch:
    """A world's bursts, all alarms of some weeks, whatever their score, and the oracle's delays.

    `weeks` are those whose false warnings count: a few before them only tell what goes on already.
    """

    bursts: tuple[Burst, ...]
    weeks: tuple[int, ...]
    alarms: Mapping[str, list[Alarm]]
    oracle: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class Power:
    """What one detector found of the bursts of one band.

    `share` of `bursts` found, `soon` the share found within two weeks, `delay` the middle delay of those
    found in weeks (None: none was), `of_oracle` the share of the oracle's power.
    """

    who: str
    band: str
    bursts: int
    share: float
    soon: float
    delay: float | None
    of_oracle: float | None


@dataclass(frozen=True)
class FalseRate:
    """False warnings of one detector in null worlds: `found` in `weeks`, and the limit on its score."""

    who: str
    found: int
    weeks: int
    limit: float

    @property
    def a_month(self) -> float:
        """Give false warnings a force and month."""
        return self.found / self.weeks * 52 / 12


def watch(
    world: WeeklyWorld, first: int, last: int, judge: Judge, oracle: bool = False, lead: int = 0
) -> Watch:
    """Judge a world at the end of each week from `first` to `last` - 1 (indices), as a force would.

    The first `lead` of them are not counted: a monitor that has just begun finds what a running one knows.
    """
    alarms: list[Alarm] = []
    weeks = tuple(range(first + 1, last + 1))
    for week in weeks:
        found, warnings = judge(world.larger(week), world.cells(week))
        for who, (series, one) in found.items():
            alarms += alarms_of(who, week, series, one)
        for who, some in warnings.items():
            alarms += alarms_of_warnings(week, some, who)
    best: tuple[int | None, ...] = ()
    if oracle:
        best = tuple(oracle_delay(world, b, A_WEEK, world.seed) for b in world.bursts)
    return Watch(world.bursts, weeks[lead:], by_detector(alarms), best)


def only(watch: Watch, who: Collection[str]) -> Watch:
    """Give the watch with the alarms of some alone."""
    return replace(watch, alarms={name: some for name, some in watch.alarms.items() if name in who})


def limits(nulls: Sequence[Watch], a_week: float = A_WEEK) -> dict[str, float]:
    """Set each detector's limit so that all give `a_week` false warnings a week in the null worlds.

    Those of combinations are not set here: they must keep to the rate by their own numbers.
    """
    every = {who for one in nulls for who in one.alarms} | {COMBINED}
    names = sorted(who for who in every if not who.startswith(COMBINED))
    weeks, since = len(nulls[0].weeks), nulls[0].weeks[0]
    out = {who: limit_for([one.alarms.get(who, []) for one in nulls], weeks, a_week, since) for who in names}
    return out | dict.fromkeys(sorted(every - set(names)), A_WEEK)


def false_rates(nulls: Sequence[Watch], limit: Mapping[str, float]) -> list[FalseRate]:
    """Count the false warnings of each in the null worlds."""
    weeks = sum(len(one.weeks) for one in nulls)
    return [
        FalseRate(
            who, sum(len(separate(one.alarms.get(who, []), at, one.weeks[0])) for one in nulls), weeks, at
        )
        for who, at in limit.items()
    ]


def false_beside_bursts(watches: Sequence[Watch], limit: Mapping[str, float]) -> list[FalseRate]:
    """Count the false warnings of each in worlds that have bursts too: those that meet none."""
    weeks = sum(len(one.weeks) for one in watches)
    return [
        FalseRate(
            who, sum(len(false_alarms(w.alarms.get(who, []), w.bursts, at)) for w in watches), weeks, at
        )
        for who, at in limit.items()
    ]


def powers(watches: Sequence[Watch], limit: Mapping[str, float]) -> list[Power]:
    """Give power by detector and band, the oracle first."""
    pairs = [(w, k, b) for w in watches for k, b in enumerate(w.bursts)]
    found: dict[str, list[tuple[Burst, int | None]]] = {
        ORACLE: [(b, w.oracle[k] if w.oracle else None) for w, k, b in pairs]
    }
    for who, at in limit.items():
        found[who] = [(b, delay(w.alarms.get(who, []), b, at)) for w, _, b in pairs]
    out: list[Power] = []
    for who, delays in found.items():
        for k, words in enumerate(BAND_WORDS):
            mine = [d for b, d in delays if band_of(b.expected) == k]
            if mine:
                best = next((p.share for p in out if p.who == ORACLE and p.band == words), None)
                out.append(_power(who, words, mine, best))
    return out


def _power(who: str, band: str, delays: Sequence[int | None], best: float | None) -> Power:
    some = sorted(d for d in delays if d is not None)
    share = len(some) / len(delays)
    soon = sum(d <= SOON for d in some) / len(delays)
    middle = float(some[len(some) // 2]) if some else None
    return Power(who, band, len(delays), share, soon, middle, share / best if best else None)


def power_json(powers: Sequence[Power], nulls: Sequence[FalseRate], beside: Sequence[FalseRate]) -> Any:
    """Give the table for machines."""
    other = {one.who: one for one in beside}
    return {
        "power": [asdict(one) for one in powers],
        "false": [
            asdict(one) | {"a_month": one.a_month, "a_month_beside_bursts": other[one.who].a_month}
            for one in nulls
        ],
    }
