"""Zones that a plan shares its visits out over: small areas joined with their neighbours.

Of a thousand neighbourhoods each is due a fraction of a visit, and a rule to the nearest visit would say
nothing of half the town. So areas are parted in two by place, along the longer side and near half of the
harm, and each part again, while both parts hold a tenth of the harm or more. Areas are never split.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from peelian.domain.plan import Candidates, Floats, Ints

LEAST_OF_A_ZONE: Final = 0.1
"""A zone holds at least this share of the harm expected: from 5 to 10 zones where areas are small."""


def zoned(candidates: Candidates) -> Candidates:
    """Give the candidates with their zones, named by number and by the place with most harm in each."""
    if len(candidates.areas) < 2:
        return candidates
    of = parted(*_areas(candidates))
    at = of[candidates.area]
    total = candidates.harm.sum(axis=1)
    busiest = [int(np.where(at == z, total, -1.0).argmax()) for z in range(of.max() + 1)]
    names = tuple(f"zone {z + 1}, around {candidates.names[k]}" for z, k in enumerate(busiest))
    return replace(candidates, zones=names, zone_of=tuple(of.tolist()))


def parted(harm: Floats, east: Floats, north: Floats) -> Ints:
    """(A,) the zone of each area, from 0, by the areas' harm and middles."""
    out = np.zeros(len(harm), np.int64)
    whole = float(harm.sum())
    waiting, count = [np.arange(len(harm))], 0
    while waiting:
        mine = waiting.pop()
        parts = _halves(mine, harm, (east, north), LEAST_OF_A_ZONE * whole) if whole > 0 else None
        if parts is None:
            out[mine] = count
            count += 1
        else:
            waiting += parts[::-1]
    return out


def _halves(mine: Ints, harm: Floats, middles: tuple[Floats, Floats], least: float) -> list[Ints] | None:
    """Two parts with `least` harm or more each, cut across the longer side if it can be; None if not."""
    for middle in sorted(middles, key=lambda one: -float(np.ptp(one[mine]))):
        order = mine[np.argsort(middle[mine], kind="stable")]
        before = np.cumsum(harm[order])[:-1]
        smaller = np.minimum(before, harm[mine].sum() - before)
        if len(smaller) and smaller.max() >= least - 1e-12:
            cut = int(smaller.argmax()) + 1
            return [order[:cut], order[cut:]]
    return None


def _areas(candidates: Candidates) -> tuple[Floats, Floats, Floats]:
    """Harm of each area, and its middle weighted by harm."""
    many, area = len(candidates.areas), candidates.area
    weight = candidates.harm.sum(axis=1)
    harm = np.bincount(area, weight, many).astype(float)
    weight = weight + 1e-9  # an area without harm has a middle too
    share = np.maximum(np.bincount(area, weight, many), 1e-12)
    east = np.bincount(area, weight * candidates.easting, many) / share
    return harm, east, np.bincount(area, weight * candidates.northing, many) / share
