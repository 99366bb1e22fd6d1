"""What the learner learns from: places at past origins, all where something happened, some where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Cells, Floats
from peelian.domain.panel import Panel
from peelian.models.feature_pass import rows_of_maps
from peelian.models.lattice import Singles
from peelian.models.maps import Map, held_before

_QUIET_ROWS: Final = 150_000
"""How many rows where nothing happened are kept; their weight makes up for the rest."""
_QUIET_PLACES: Final = 8_000
"""How many places without any event of any type are drawn from; likewise."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Rows of (origin, place): `origin` indexes `origins`; `count` what happened; `weight` rows stood for.

    `maps` (rows, K + 1) holds each map's share times C, and last the even spread, all ones. `held` is the
    target's total known at each row's origin.
    """

    origins: tuple[int, ...]
    origin: npt.NDArray[np.int64]
    count: Floats
    weight: Floats
    maps: Singles
    held: Floats
    cells: int

    def where(self, chosen: npt.NDArray[np.bool_]) -> Examples:
        """Keep some rows."""
        return Examples(
            self.origins, self.origin[chosen], self.count[chosen], self.weight[chosen],
            self.maps[chosen], self.held[chosen], self.cells,
        )  # fmt: skip

    def per_origin(self, values: Floats) -> Floats:
        """Sum values over each origin's rows and give each row its origin's sum."""
        sums = np.bincount(self.origin, values, len(self.origins)).astype(np.float64)
        out: Floats = sums[self.origin]
        return out


def draw(
    panel: Panel, maps: Sequence[Map], origins: Sequence[int], *, behind: int, window: int, seed: int
) -> Examples:
    """Draw the examples: counts of `window` periods from each origin, maps as known `behind` periods before.

    The same seed draws the same rows.
    """
    rng = np.random.default_rng(seed)
    places, stands = _places(panel, rng)
    keep = min(1.0, _QUIET_ROWS / max(1, len(origins) * len(places)))
    at, place, count, weight = [], [], [], []
    for k, t in enumerate(origins):
        happened = panel.target_counts[t : t + window, places].sum(axis=0, dtype=np.float64)
        chosen = np.flatnonzero((happened > 0) | (rng.random(len(places)) < keep))
        at.append(np.full(len(chosen), k))
        place.append(places[chosen])
        count.append(happened[chosen])
        weight.append(np.where(happened[chosen] > 0, 1.0, stands[chosen] / keep))
    row, cell = np.concatenate(at), np.concatenate(place)
    cuts = [t - behind for t in origins]
    table = rows_of_maps(panel, maps, cuts, lead_of(behind, window), row, cell)
    return Examples(
        tuple(origins), row, np.concatenate(count), np.concatenate(weight),
        np.concatenate([table, np.ones((len(row), 1), np.float32)], axis=1),
        held_before(panel, cuts)[row], len(panel.cells),
    )  # fmt: skip


def lead_of(behind: int, window: int) -> int:
    """Give how many periods after the cut the middle of the window lies."""
    return behind + (window - 1) // 2


def _places(panel: Panel, rng: np.random.Generator) -> tuple[Cells, Floats]:
    """Give the places drawn from (sorted), all that ever had an event and some that had none; and how many
    each stands for.
    """
    lively = np.asarray(panel.counts.any(axis=(0, 1)), np.bool_)
    quiet = np.flatnonzero(~lively)
    drawn = rng.choice(quiet, min(len(quiet), _QUIET_PLACES), replace=False)
    places = np.sort(np.concatenate([np.flatnonzero(lively), drawn]))
    out: Floats = np.where(lively[places], 1.0, len(quiet) / max(len(drawn), 1))
    return places, out
