"""Repeat and near-repeat reports: how many have another close by in place and time; how many by chance."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Misuse
from peelian.domain.grid import Cells, Floats

NEAR_M: Final = 200.0
NEAR_DAYS: Final = 14
SAME_M: Final = 1.0
"""Two reports so close are at one point: a repeat, not a near repeat."""
REPLICAS: Final = 199
FEWEST: Final = 50
MOST_PAIRS: Final = 3_000_000


@dataclass(frozen=True)
class Knox:
    """What was found, and what shuffled days give.

    `pairs` of reports within the distance and the days, `pairs_told` their mean over the shuffles, `p` how
    rarely a shuffle has as many. `share` of reports with another so near, `share_told` by chance;
    `same_share`, `same_told` the same at one point only.
    """

    reports: int
    days: int
    pairs: int
    pairs_told: float
    p: float
    share: float
    share_told: float
    same_share: float
    same_told: float

    @property
    def ratio(self) -> float:
        """Give pairs over pairs by chance; NaN where chance gives none."""
        return self.pairs / self.pairs_told if self.pairs_told > 0 else float("nan")

    def to_json(self) -> dict[str, Any]:
        """Give it as plain data."""
        return asdict(self)


def knox(
    easting: Floats, northing: Floats, day: Cells, *, seed: int, metres: float = NEAR_M,
    days: int = NEAR_DAYS, replicas: int = REPLICAS,
) -> Knox | None:  # fmt: skip
    """Test space-time clustering of N reports: metres (N,) each, whole days (N,); None for fewer than 50.

    Knox (1964), The detection of space-time interactions, by Monte Carlo: days are shuffled among the
    points, so that places keep their rates and the season its shape, and only what ties place to time goes.

    Raises:
        Misuse: the arrays differ in length.
    """
    if not len(easting) == len(northing) == len(day):
        raise Misuse("the reports' columns differ in length")
    n = len(day)
    if n < FEWEST:
        return None
    first, second, same = _near(easting, northing, metres)
    rng = np.random.default_rng([seed, 1964])
    found = _told(first, second, same, day, days)
    drawn = np.array([_told(first, second, same, rng.permutation(day), days) for _ in range(replicas)])
    p = (1 + int((drawn[:, 0] >= found[0]).sum())) / (replicas + 1)
    mean = drawn.mean(axis=0)
    span = int(day.max() - day.min()) + 1
    return Knox(
        n, span, int(found[0]), float(mean[0]), p, found[1] / n, float(mean[1]) / n, found[2] / n,
        float(mean[2]) / n,
    )  # fmt: skip


def fitting(easting: Floats, northing: Floats, day: Cells, metres: float = NEAR_M) -> npt.NDArray[np.bool_]:
    """Say which reports (N,) to test so that pairs stay under `MOST_PAIRS`: the newest. `day` 0 is newest."""
    from scipy.spatial import cKDTree  # late: scipy costs a second

    at = np.column_stack([easting, northing])
    most = int(day.max(initial=0)) + 1
    while most > 28:
        mine = day < most
        tree = cKDTree(at[mine])
        if tree.count_neighbors(tree, metres) / 2 <= MOST_PAIRS:
            break
        most = int(most * 0.7)
    return np.asarray(day < most)


def _near(easting: Floats, northing: Floats, metres: float) -> tuple[Cells, Cells, npt.NDArray[np.bool_]]:
    from scipy.spatial import cKDTree  # late: scipy costs a second

    at = np.column_stack([easting, northing])
    pairs = cKDTree(at).query_pairs(metres, output_type="ndarray")
    first, second = pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64)
    return first, second, np.hypot(*(at[first] - at[second]).T) <= SAME_M


def _told(
    first: Cells, second: Cells, same: npt.NDArray[np.bool_], day: Cells, days: int
) -> tuple[int, int, int]:
    """Count the pairs close in time, the reports in one, and the reports in one at the same point."""
    close = np.abs(day[first] - day[second]) <= days
    marked = np.zeros((2, len(day)), np.bool_)
    marked[0, first[close]] = marked[0, second[close]] = True
    both = close & same
    marked[1, first[both]] = marked[1, second[both]] = True
    return int(close.sum()), int(marked[0].sum()), int(marked[1].sum())
