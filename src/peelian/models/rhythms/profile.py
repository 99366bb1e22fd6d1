"""One hour-of-week profile from counts: smoothed over neighbouring hours, shrunk to day times hour."""

from __future__ import annotations

from typing import Final

import numpy as np

from peelian.domain.grid import Floats
from peelian.domain.rhythm import HOURS

_KERNEL: Final = (0.25, 0.5, 0.25)
_PULL: Final = 336.0
"""Events' worth of pull towards "every day keeps the same hours": two an hour of the week."""


def smoothed(counts: Floats) -> Floats:
    """Spread counts (..., 168) over the hour before and after; the week is a circle."""
    before, here, after = _KERNEL
    out: Floats = before * np.roll(counts, 1, -1) + here * counts + after * np.roll(counts, -1, -1)
    return out


def area_profile(counts: Floats) -> Floats:
    """Give the profile of all events, (168,), adding up to 1.

    Counts are pulled to the product of the day's and the hour's own shares, so that few events still show
    a day and a night; with none at all every hour weighs alike.
    """
    week = smoothed(counts).reshape(7, 24)
    days, hours = week.sum(axis=1) + 24.0, week.sum(axis=0) + 7.0
    plain = np.outer(days, hours).ravel() / (days.sum() * hours.sum())
    out: Floats = (week.ravel() + _PULL * plain) / (week.sum() + _PULL)
    return out


def kind_profiles(counts: Floats, area: Floats, pull: float) -> Floats:
    """Give profiles (K, 168) of kinds' counts (K, 168), each pulled to the area's by `pull` events' worth."""
    week = smoothed(counts)
    out: Floats = (week + pull * area) / (week.sum(axis=1, keepdims=True) + pull)
    return out


def flat() -> Floats:
    """Give the profile in which every hour weighs alike."""
    return np.full(HOURS, 1.0 / HOURS)
