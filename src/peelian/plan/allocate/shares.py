"""Shares by area brought about in rounds: least shares first while there is time left, then by exchange.

A share is of all visits, so one visit too few in an area with a least share of 4 % would cost 25 others.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from peelian.plan.allocate.insertion import Round
from peelian.plan.allocate.spare_time import SpareTime

Bools = npt.NDArray[np.bool_]
Exchange = tuple[float, int, int, int, int]
"""Gain in worth (or loss), which round of the group, the stop that goes, the position, the place."""
_STEPS = 400


def reach_least(state: SpareTime, total: int) -> None:
    """Add visits in areas and zones that would have too few of `total`, where a round has time left."""
    low = state.bounds.low(total)
    for (k, s), rounds in state.rounds.items():
        while (short := state.counts < low - 1e-9).any():
            places = state.likely(k, s, _any(short, state))
            found = [_cheapest(state, one, places, s) for one in rounds] if len(places) else []
            if not (fits := [one for one in found if one is not None]):
                break
            _, one, at, place = max(fits, key=lambda fit: fit[0])
            state.add(one, at, place, s)


def _cheapest(
    state: SpareTime, one: Round, places: npt.NDArray[np.int64], s: int
) -> tuple[float, Round, int, int] | None:
    cost, where = one.more(places)
    minutes = cost + one.dwell + 0.1
    each = np.where(minutes <= one.spare(), state.harm[places, s] / np.maximum(minutes, 1e-9), -1.0)
    best = int(each.argmax())
    return None if each[best] < 0 else (float(each[best]), one, int(where[best]), int(places[best]))


def mend(state: SpareTime) -> None:
    """Exchange stops, least loss first, until no area has too few or too many, or no exchange helps."""
    if state.rules.contiguous or state.rules.revisit_slots is not None:
        return
    told: dict[tuple[int, int], Exchange | None] = {}
    for _ in range(_STEPS):
        wanted, spared = _wrong(state)
        if wanted is None or spared is None:
            return
        for key in state.rounds.keys() - told.keys():
            told[key] = _best(state, key, wanted, spared)
        open_to = [key for key, one in told.items() if one is not None]
        if not open_to:
            return
        key = max(open_to, key=lambda one: told[one][0])  # type: ignore[index]
        now = _best(state, key, wanted, spared)
        if now is None or now[0] < told[key][0] - 1e-9:  # type: ignore[index]
            told[key] = now  # told before other exchanges were made
            continue
        _, which, gone, at, place = now
        state.exchange(state.rounds[key][which], gone, at, place, key[1])
        told.pop(key)


def _wrong(state: SpareTime) -> tuple[Bools | None, Bools | None]:
    """(N,) places that a visit should go to, and ones that it should come from; None where all is right."""
    low, high = state.bounds.low(state.total), state.bounds.high(state.total)
    short, over = state.counts < low - 1e-9, state.counts > high + 1e-9
    if not short.any() and not over.any():
        return None, None
    fits, spare = state.counts + 1 <= high + 1e-9, state.counts - 1 >= low - 1e-9
    wanted = _any(short, state) if short.any() else ~_any(~fits, state)
    return wanted, _any(over, state) if over.any() else ~_any(~spare, state)


def _any(told: Bools, state: SpareTime) -> Bools:
    """(N,) places whose area or zone is told."""
    return np.asarray(told[state.of].any(axis=1), bool)


def _best(state: SpareTime, key: tuple[int, int], wanted: Bools, spared: Bools) -> Exchange | None:
    k, s = key
    places = state.likely(k, s, wanted)
    found: Exchange | None = None
    for which, one in enumerate(state.rounds[key]):
        if not one.stops or not len(places):
            continue
        stops = np.array(one.stops)
        go = spared[stops] & (state.there[stops, s] == 1)
        cost, where = one.instead(places)
        gain = state.harm[places, s][:, None] - np.where(go, state.harm[stops, s], np.inf)
        gain[cost > one.spare()] = -np.inf
        i, out = np.unravel_index(int(gain.argmax()), gain.shape)
        if np.isfinite(gain[i, out]) and (found is None or gain[i, out] > found[0]):
            found = float(gain[i, out]), which, int(out), int(where[i, out]), int(places[i])
    return found
