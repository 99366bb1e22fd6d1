"""What is known in advance of each period: time of year, weekdays, and the calendar's named days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.domain.time import Every, step
from peelian.models.past import lengths, phase

_HARMONICS: Final = (1, 2)
_WEEKDAY_SD: Final = 0.2
_NAMED_SD: Final = 0.15
"""How far a weekday, or a day of a name, is thought to lie from others before any is seen (log rate)."""


@dataclass(frozen=True, eq=False)
class KnownAhead:
    """Columns of consecutive periods: `length` (P,) in nominal periods, `waves` (P, W), `days` (P, K).

    `waves` are sines and cosines of the year. `days` are shares of a period's days: each weekday (not in
    weeks, which have one of each) less an even share, then each named day of the calendar. `scale` (K,) is
    the prior's standard deviation of each.
    """

    length: Floats
    waves: Floats
    days: Floats
    scale: Floats
    names: tuple[str, ...]


def known_ahead(every: Every, starts: list[date], calendar: Mapping[str, tuple[date, ...]]) -> KnownAhead:
    """Give the columns of the periods that begin at `starts`; each row depends on its period alone."""
    angle = phase(every, starts)
    waves = np.stack([f(k * angle) for k in _HARMONICS for f in (np.sin, np.cos)], axis=1)
    columns, names, scale = [], [], []
    if every != "week":
        shares = _weekdays(every, starts)
        columns += list((shares - 1 / 7).T)
        names += [f"weekday {k}" for k in range(7)]
        scale += [_WEEKDAY_SD] * 7
    for name in sorted(calendar):
        columns.append(_named(every, starts, frozenset(calendar[name])))
        names.append(name)
        scale.append(_NAMED_SD)
    days = np.stack(columns, axis=1) if columns else np.zeros((len(starts), 0))
    return KnownAhead(lengths(every, starts), waves, days, np.array(scale), tuple(names))


def _weekdays(every: Every, starts: list[date]) -> Floats:
    """Give the share of each period's days that are a Monday, Tuesday, and so on, (P, 7)."""
    counts = np.zeros((len(starts), 7))
    for row, day in zip(counts, starts, strict=True):
        total = (step(day, every, 1) - day).days
        whole, rest = divmod(total, 7)
        row += whole
        row[[(day.weekday() + k) % 7 for k in range(rest)]] += 1
        row /= total
    return counts


def _named(every: Every, starts: list[date], named: frozenset[date]) -> Floats:
    """Give the share of each period's days that bear a name, (P,)."""
    out = np.zeros(len(starts))
    for k, day in enumerate(starts):
        total = (step(day, every, 1) - day).days
        out[k] = sum(day + timedelta(d) in named for d in range(total)) / total
    return out
