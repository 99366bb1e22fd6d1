"""Circles over squares: about each square's centre, and about its corner."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
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
        # Turning the places round costs more than the sum of one row: they are held turned round.
        return np.asarray(self._rows @ values if values.ndim == 1 else values @ self.member, np.float64)

    @cached_property
    def _rows(self) -> sparse.csr_array:
        return sparse.csr_array(self.member.T)

    @cached_property
    def _columns(self) -> sparse.csc_array:
        return sparse.csc_array(self.member)

    def of(self, place: int) -> npt.NDArray[np.int64]:
        """Give the places of one circle, in order."""
        some = self._columns
        inside = some.indices[some.indptr[place] : some.indptr[place + 1]]
        return np.sort(np.asarray(inside, np.int64))


def circles(easting: Floats, northing: Floats) -> tuple[Circles, ...]:
    """Give the circles of all sizes; a circle always holds its own place."""
    return _circles(np.ascontiguousarray(easting).tobytes(), np.ascontiguousarray(northing).tobytes())


@lru_cache(maxsize=4)
def _circles(easting: bytes, northing: bytes) -> tuple[Circles, ...]:
    """Keep the last few: week after week the places are the same."""
    points = np.column_stack([np.frombuffer(one, np.float64) for one in (easting, northing)])
    half = _half_side(points)
    centred = [_of(points, points, radius) for radius in RADII_M]
    return (*centred, *(_of(points, points + half, radius) for radius in CORNER_RADII_M))


def _half_side(points: Floats) -> float:
    if len(points) < 2:
        return 0.0
    away = np.asarray(cKDTree(points).query(points, k=2)[0])
    return float(np.median(away[:, 1])) / 2


def _of(points: Floats, middles: Floats, radius: float) -> Circles:
    near: Any = cKDTree(points).sparse_distance_matrix(cKDTree(middles), radius, output_type="ndarray")
    own = np.arange(len(points))
    pairs = (np.r_[near["i"], own], np.r_[near["j"], own])
    member = sparse.csr_array((np.ones(len(pairs[0])), pairs), shape=(len(points),) * 2)
    member.sum_duplicates()
    member.data[:] = 1.0  # its own place may be there twice
    return Circles(radius, middles[:, 0], middles[:, 1], member)
