"""Similar past warnings, how they ended, and what the weeks after them showed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import log
from typing import Final

import numpy as np

from peelian.domain.series import Series
from peelian.domain.time import YEAR_PERIODS
from peelian.domain.warning import EarlyWarning, Similar
from peelian.pipeline.context import Context
from peelian.store.warning_records import HeldWarning, list_warnings

MOST: Final = 3
_SEARCHED: Final = 500
_EPISODE: Final = timedelta(days=56)
"""A warning of the same places within eight weeks is the same episode, not a past one."""
AFTER: Final = {"month": 3, "week": 8, "day": 56}
"""Periods after a past warning that are looked at."""


def past_warnings(ctx: Context, area: str, target: str) -> tuple[HeldWarning, ...]:
    """Read the area's warnings held of a target."""
    return list_warnings(ctx.ws, area=area, target=target, last=_SEARCHED).rows


def with_similar(
    warning: EarlyWarning, past: tuple[HeldWarning, ...], series: tuple[Series, ...]
) -> EarlyWarning:
    """Give the warning with up to three past ones of its kind: the same place first, then the nearest size.

    What came after is counted in the series of the past one's support, as known now.
    """
    fitting = [one for one in past if one.kind == warning.kind and _before(one.card, warning)]
    fitting.sort(key=lambda one: _unlike(one.card, warning))
    return replace(warning, similar=tuple(_similar(one, series) for one in fitting[:MOST]))


def _before(old: EarlyWarning, new: EarlyWarning) -> bool:
    """Say whether one is past: another warning, of earlier periods, and of these places not lately.

    Where both note the periods they looked at, those count: a later day on the same data is no later warning.
    """
    if old.id == new.id:
        return False
    if old.until is None or new.until is None:
        was, now = old.as_of, new.as_of
    else:
        was, now = old.until, new.until
    same = bool(set(old.places) & set(new.places))
    return was < now and (not same or now - was > _EPISODE)


def _unlike(old: EarlyWarning, new: EarlyWarning) -> tuple[bool, float, str]:
    elsewhere = not set(old.places) & set(new.places)
    size = abs(log((old.observed + 1) / (new.observed + 1)))
    strength = abs(log(max(min(old.strength, 1e6), 0.1) / max(min(new.strength, 1e6), 0.1)))
    return elsewhere, size + strength, old.id


def _similar(held: HeldWarning, series: tuple[Series, ...]) -> Similar:
    card = held.card
    ended = held.outcome or f"not closed yet ({held.state})"
    mine = next((one for one in series if one.support == card.support), None)
    after = "what came after is not known" if mine is None else after_words(card, mine)
    return Similar(held.id, card.as_of, ", ".join(card.names[:2]), card.strength, ended, after)


def after_words(card: EarlyWarning, series: Series) -> str:
    """Say what the periods after a warning showed in its places, beside what was usual before it began.

    Usual is the mean of the year before its start. Periods that were not published are left out and said.
    """
    starts = np.array(series.starts, "datetime64[D]")
    places = np.flatnonzero(np.isin(series.places, card.places))
    later = np.flatnonzero(starts >= np.datetime64(card.as_of))[: AFTER[series.every]]
    before = np.flatnonzero(starts < np.datetime64(card.start))[-YEAR_PERIODS[series.every] :]
    later = later[series.observed[later][:, places].all(axis=1)]
    before = before[series.observed[before][:, places].all(axis=1)]
    if not len(places) or not len(later) or not len(before):
        return "what came after is not known yet"
    found = float(series.counts[np.ix_(later, places)].sum())
    usual = float(series.counts[np.ix_(before, places)].sum()) * len(later) / len(before)
    unit = f"{len(later)} {series.every}{'' if len(later) == 1 else 's'}"
    return f"in the {unit} after it {found:,.0f} reports, where {usual:,.1f} were usual"
