"""Circles over squares: about each square's centre, and about its corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]
RADII_M: Final = (200.0, 300.0, 400.0, 520.0, 650.0)
CORNER_RADII_M: Final = (200.0, 300.0, 420.0, 560.0)
"""Half a square away, so that a burst between squares has a circle of its own."""


@dataclass(frozen=True, eq=False)
class Circles:
    """A circle for each of A places: `member` (A, A), column k the places of circle k; centres in metres."""

    radius_m: float
    easting: Floats
    northing: Floats
    member: sparse.csr_array

    def sums(self, values: Floats) -> Floats:
        """Add up values (A,) or (N, A) over each circle."""
        return np.asarray(values @ self.member, np.float64)


def circles(easting: Floats, northing: Floats) -> tuple[Circles, ...]:
    """Give the circles of all sizes; a circle always holds its own place."""
    points = np.column_stack([easting, northing])
    half = _half_side(points)
    centred = [_of(points, points, radius) for radius in RADII_M]
    return (*centred, *(_of(points, points + half, radius) for radius in CORNER_RADII_M))


def _half_side(points: Floats) -> float:
    if len(points) < 2:
        return 0.0
    away = np.asarray(cKDTree(points).query(points, k=2)[0])
    return float(np.median(away[:, 1])) / 2


def _of(points: Floats, middles: Floats, radius: float) -> Circles:
    near: Any = cKDTree(points).query_ball_point(middles, radius)
    many = len(points)
    size = np.array([len(one) for one in near])
    place = np.concatenate([np.asarray(one, np.int64) for one in near])
    own = np.arange(many)
    pairs = np.unique(np.column_stack([np.r_[place, own], np.r_[np.repeat(own, size), own]]), axis=0)
    member = sparse.csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(many, many))
    return Circles(radius, middles[:, 0], middles[:, 1], member)
