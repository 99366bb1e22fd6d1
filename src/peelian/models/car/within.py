"""How cells share the count of the area they lie in: by their own counts, pulled to an even share."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import optimize, special

from peelian.domain.grid import Floats
from peelian.models.car.areas import Areas

_BOUNDS: Final = (1e-4, 1e3)


def share_within(areas: Areas, count: Floats, trust: float) -> Floats:
    """Give each cell's share of its area, (C,): (trust + count) over the same of all the area's cells."""
    given = trust + count
    out: Floats = given / areas.summed(given)[areas.of_cell]
    return out


def fit_trust(areas: Areas, count: Floats) -> float:
    """Choose how many events' worth of even share each cell gets, by the Dirichlet-multinomial likelihood."""
    of_area = areas.summed(count)
    some = of_area > 0
    mine = count[some[areas.of_cell]]
    size, whole = areas.size[some], of_area[some]
    if not len(mine):
        return 1.0

    def loss(log: float) -> float:
        trust = float(np.exp(log))
        cells = special.gammaln(trust + mine) - special.gammaln(trust)
        wide = special.gammaln(trust * size) - special.gammaln(trust * size + whole)
        return -float(cells.sum() + wide.sum())

    low, high = np.log(_BOUNDS)
    found = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 0.05})
    return float(np.exp(found.x))
