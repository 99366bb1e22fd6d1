"""The scan's inner loop: sums over nested neighbours, the best negative binomial ratio by place."""

from __future__ import annotations

import math

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@numba.njit(cache=True)
def best(
    windows: Floats, starts: npt.NDArray[np.int64], neighbours: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64], mean: Floats, dispersion: Floats,
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:  # fmt: skip
    """Give each place's best log ratio (A,), and its circle and window.

    `windows` (A, T) counts of the last 1..T periods; place k's neighbours, nearest first, begin at
    `starts[k]`; circle r holds the first `ends[k, r]`; `mean`, `dispersion` (A, R, T).
    """
    many, wide = windows.shape
    score = np.zeros(many)
    circle, window = np.zeros(many, np.int64), np.zeros(many, np.int64)
    held = np.zeros(wide)
    for k in range(many):
        held[:] = 0.0
        done = 0
        for r in range(ends.shape[1]):
            if r > 0 and ends[k, r] == done:
                continue
            while done < ends[k, r]:
                a = neighbours[starts[k] + done]
                for t in range(wide):
                    held[t] += windows[a, t]
                done += 1
            for t in range(wide):
                c, e = held[t], mean[k, r, t]
                if c > e and e > 0:
                    d = dispersion[k, r, t]
                    one = c * math.log(c / e) - (c + 1 / d) * math.log((1 + d * c) / (1 + d * e))
                    if one > score[k]:
                        score[k], circle[k], window[k] = one, r, t
    return score, circle, window
