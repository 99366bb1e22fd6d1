"""Learn the rhythm: how many kinds of place the hours of past events tell apart, and each kind's week."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from peelian.domain.grid import Floats
from peelian.domain.rhythm import HOURS, HourCounts, Rhythm
from peelian.models.rhythms.mixture import Mixture, fit_mixture
from peelian.models.rhythms.naming import busiest
from peelian.models.rhythms.profile import area_profile

MOST_KINDS: Final = 6
_HELD_OUT: Final = 0.2
_SURE: Final = 2.5
"""Standard errors by which one more kind must better the hours of later events."""


_LEAST: Final = 0.001
"""Nats an event that one more kind must gain: a kind nobody could tell from its neighbour helps no reader."""


def learn(hours: HourCounts, cells: int, *, seed: int, day_begins: float = 0.0) -> Rhythm:
    """Learn profiles and membership of `cells` cells; as many kinds as events held out (the last fifth) bear.

    One kind is the area's own profile. Another is taken only when it gains in the log score of the later
    events' hours by more than 2.5 standard errors (clustered by cell).
    """
    kinds, gain = _choose(hours, cells, seed)
    counts = _matrix(hours, np.ones(len(hours.cell), bool), cells)
    area = _area(counts)
    made = fit_mixture(counts, area, kinds, seed)
    order = np.argsort(-made.shares, kind="stable")
    belongs = made.belongs(counts)[:, order]
    profiles = made.profiles[order]
    names = busiest(profiles)
    return Rhythm(
        hours.zone, profiles, belongs, area, made.shares[order], names, hours.events, hours.informed, gain,
        day_begins,
    )  # fmt: skip


def _choose(hours: HourCounts, cells: int, seed: int) -> tuple[int, float]:
    cut = np.quantile(hours.when, 1 - _HELD_OUT) if len(hours.when) else 0.0
    early = hours.when <= cut
    past, later = _matrix(hours, early, cells), _matrix(hours, ~early, cells)
    events = float(later.sum())
    if events == 0 or past.sum() == 0:
        return 1, 0.0
    area = _area(past)
    best, kept = 1, _held_out(fit_mixture(past, area, 1, seed), past, later)
    first = kept
    for kinds in range(2, MOST_KINDS + 1):
        scored = _held_out(fit_mixture(past, area, kinds, seed), past, later)
        better = scored - kept
        worth = max(_SURE * np.sqrt(np.square(better).sum()), _LEAST * events)
        if better.sum() > worth:
            best, kept = kinds, scored
    return best, float((kept - first).sum() / events)


def _held_out(made: Mixture, past: sparse.csr_matrix, later: sparse.csr_matrix) -> Floats:
    """Give each cell's log probability of its later events' hours, from its past alone, (C,)."""
    seen = np.unique(later.nonzero()[0])
    expected = made.belongs(past[seen]) @ made.profiles
    out = np.zeros(later.shape[0])
    out[seen] = np.asarray(later[seen].multiply(np.log(expected)).sum(axis=1)).ravel()
    return out


def _area(counts: sparse.csr_matrix) -> Floats:
    return area_profile(np.asarray(counts.sum(axis=0), np.float64).ravel())


def _matrix(hours: HourCounts, chosen: npt.NDArray[np.bool_], cells: int) -> sparse.csr_matrix:
    at = (hours.cell[chosen], hours.hour[chosen])
    return sparse.csr_matrix((hours.weight[chosen], at), shape=(cells, HOURS))
