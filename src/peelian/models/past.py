"""What a panel's own past offers a model: lengths of periods, which were seen, pseudo-origins to learn on."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Refused
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS, Every, period_starts, step

Flags = npt.NDArray[np.bool_]
_NOMINAL_DAYS: Final[dict[Every, float]] = {"month": 365.25 / 12, "week": 7.0, "day": 1.0}


def seen_periods(panel: Panel, kind: int = 0) -> Flags:
    """Say which of the P periods hold counts of a type for every cell; the others are missing."""
    observed = panel.observed[kind]
    if observed.strides[1] == 0:  # a broadcast view: one column says it all
        observed = observed[:, :1]
    out: Flags = observed.all(axis=1)
    return out


def gap_of(panel: Panel) -> int:
    """Give how many periods before the origin are missing (withheld by lag, or not yet published)."""
    seen = seen_periods(panel)
    return int(len(seen) - 1 - np.flatnonzero(seen)[-1]) if seen.any() else len(seen)


def lengths(every: Every, starts: list[date]) -> Floats:
    """Give each period's length in nominal periods (a month is 30.4375 days), (P,)."""
    days = [(step(day, every, 1) - day).days for day in starts]
    return np.array(days, float) / _NOMINAL_DAYS[every]


def phase(every: Every, starts: list[date]) -> Floats:
    """Give the time of year of each period's middle, from 0 to 2 pi, (P,)."""
    middle = [day.timetuple().tm_yday + (step(day, every, 1) - day).days / 2 for day in starts]
    return 2 * np.pi * np.array(middle, float) / 365.25


def future(panel: Panel, periods: int) -> list[date]:
    """List the first days of `periods` periods from the origin on."""
    return period_starts(panel.origin, periods, panel.every)


def pseudo_origins(
    panel: Panel, *, first: int, span: int, gap: int, most: int, within: int | None = None
) -> list[int]:
    """Choose up to `most` past origins (indices), evenly spaced back from the latest usable one.

    From each, `span` periods lie ahead, all of them seen; `first` periods or more end `gap` before it, or
    fewer when the history leaves no other choice. Only the last `within` periods are looked at, where some of
    them are usable: places change, and old origins knew less.

    Raises:
        Refused: when the history is too short or too broken to learn such a span from.
    """
    seen = seen_periods(panel)
    whole = np.convolve(seen, np.ones(span, int), "valid") == span  # index t: t .. t+span-1 all seen
    begun = np.concatenate([[False], np.cumsum(seen) > 0])
    usable = [t for t in range(gap + 1, len(whole)) if whole[t] and begun[t - gap]]
    usable = [t for t in usable if t >= first + gap] or usable
    if not usable:
        raise Refused(
            f"the {len(seen)} {panel.every}s before the origin {panel.origin} hold no {span} published "
            f"{panel.every}s in a row with history before them",
            expected=f"{gap + 1 + span} {panel.every}s or more, published without a hole",
            do="choose a shorter --window or --horizon, or a later --origin",
        )
    usable = [t for t in usable if within is None or t >= len(seen) - within] or usable
    if len(usable) <= most:
        return usable
    picked = np.unique(np.linspace(len(usable) - 1, 0, most).round().astype(int))
    return [usable[k] for k in picked]


def check_history(panel: Panel, model: str) -> None:
    """Refuse a panel whose seen history is shorter than a year.

    Raises:
        Refused: saying how much there is and from when a forecast is possible.
    """
    seen = np.flatnonzero(seen_periods(panel))
    need = YEAR_PERIODS[panel.every]
    held = int(len(panel.starts) - seen[0]) if len(seen) else 0
    if held < need:
        raise Refused(
            f"{model} needs a year of history before the origin {panel.origin}, and {held} of {need} "
            f"{panel.every}s are held",
            expected=f"{need} {panel.every}s of published data before the origin",
            do="ingest earlier data, or choose a later --origin",
        )
    if len(seen) < need // 2:
        raise Refused(
            f"only {len(seen)} of the {held} {panel.every}s before the origin {panel.origin} were published",
            expected=f"at least {need // 2}",
            do="see what is missing with: peelian coverage",
        )
