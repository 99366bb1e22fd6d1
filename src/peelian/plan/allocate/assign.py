"""Which pool makes which visit: within a slot and tier, the least travel from the bases."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from peelian.domain.plan import Floats, Ints


def assign(way: Floats, reach: npt.NDArray[np.bool_], room: Ints) -> Ints:
    """The pool of each of V visits, from `way` (V, K) minutes, `reach` (V, K) and `room` (K,) visits.

    The program's flow promises that there is one; each visit takes a place of its own in a pool.
    """
    from scipy.optimize import linear_sum_assignment

    pools = np.repeat(np.arange(len(room)), np.minimum(room, len(way)))
    cost = np.where(reach, way, 1e7)[:, pools]
    visit, column = linear_sum_assignment(cost)
    out = np.empty(len(way), dtype=np.int64)
    out[visit] = pools[column]
    return out
