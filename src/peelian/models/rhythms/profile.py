"""One hour-of-week profile from counts: smoothed over neighbouring hours, shrunk to day times hour."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import special

from peelian.domain.grid import Floats
from peelian.domain.rhythm import HOURS

_KERNEL: Final = (0.25, 0.5, 0.25)
_TRUST: Final = (100.0, 300.0, 1_000.0, 3_000.0, 10_000.0, 30_000.0, 1e9)
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
    near = (week.ravel() + _PULL * plain) / (week.sum() + _PULL)
    return _sharpened(counts, near)


def kind_profiles(counts: Floats, area: Floats, pull: float) -> Floats:
    """Give profiles (K, 168) of kinds' counts (K, 168), each pulled to the area's by `pull` events' worth."""
    week = smoothed(counts)
    near = (week + pull * area) / (week.sum(axis=1, keepdims=True) + pull)
    return _sharpened(counts, near)


def _sharpened(counts: Floats, near: Floats) -> Floats:
    """Let the hours' own counts speak where they differ from their neighbours' by more than chance.

    The trust in `near` (events' worth) is the one under which each hour's count is likeliest given the hours
    beside it, as a Dirichlet-multinomial (empirical Bayes): a peak that keeps to its hour is not blurred,
    noise is.
    """
    n, told = np.atleast_2d(counts), np.atleast_2d(near)
    beside = (np.roll(n, 1, -1) + np.roll(n, -1, -1)) / 2 + 0.25
    beside = beside / beside.sum(axis=-1, keepdims=True)
    likely = np.stack([_likely(n, trust, beside) for trust in _TRUST])
    trust = np.array(_TRUST)[likely.argmax(axis=0)][:, None]
    out: Floats = ((n + trust * told) / (n.sum(axis=-1, keepdims=True) + trust)).reshape(np.shape(counts))
    return out


def _likely(n: Floats, trust: float, expected: Floats) -> Floats:
    prior = trust * expected
    total = special.gammaln(trust) - special.gammaln(n.sum(axis=-1) + trust)
    out: Floats = total + (special.gammaln(n + prior) - special.gammaln(prior)).sum(axis=-1)
    return out


def flat() -> Floats:
    """Give the profile in which every hour weighs alike."""
    return np.full(HOURS, 1.0 / HOURS)
