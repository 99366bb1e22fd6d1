"""What lies around a place: closeness to the nearest site of a kind, and how many stand near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import ndimage
from scipy.spatial import KDTree

from peelian.domain.grid import Cells, Floats, Grid
from peelian.domain.panel import Sites
from peelian.models.mask_image import spacing_of

EXTENTS: Final = (1.0, 2.0, 4.0, 8.0)
"""Extents tried, in steps of the mask (1 is the nearest other cell)."""


@dataclass(frozen=True)
class Factor:
    """One way in which sites of a kind may matter, as far as `extent` cells."""

    kind: str
    how: Literal["distance", "density"]
    extent: float


@dataclass(frozen=True, eq=False)
class Terrain:
    """Candidate factors and their values (C, F) over a mask, each with mean 0 and standard deviation 1."""

    factors: tuple[Factor, ...]
    values: Floats

    @classmethod
    def of(cls, grid: Grid, cells: Cells, sites: Sites) -> Terrain:
        """Read every kind at every extent; one that is the same everywhere is left out.

        Closeness is exp(-distance / extent) to the nearest site; density is a Gaussian sum of sites around
        the place. Each site counts once: a capacity is not comparable between kinds.
        """
        east, north = grid.centre(cells)
        steps = spacing_of(grid, cells)
        factors, columns = [], []
        for k, name in enumerate(sites.kinds):
            mine = sites.kind == k
            if not mine.any():
                continue
            places = np.column_stack([sites.easting[mine], sites.northing[mine]])
            away = KDTree(places).query(np.column_stack([east, north]))[0] / grid.size
            for extent in (steps * times for times in EXTENTS):
                factors += [Factor(name, "distance", extent), Factor(name, "density", extent)]
                columns += [np.exp(-away / extent), _density(grid, cells, places, extent)]
        values = np.column_stack(columns) if columns else np.zeros((len(cells), 0))
        spread = values.std(axis=0)
        some = spread > 1e-9
        values = (values[:, some] - values[:, some].mean(axis=0)) / spread[some]
        return cls(tuple(f for f, keep in zip(factors, some, strict=True) if keep), values)


def _density(grid: Grid, cells: Cells, places: Floats, extent: float) -> Floats:
    """Sum a Gaussian of `extent` cells over the sites, each put into its cell; sites off the mask count."""
    column, row = grid.column_row(cells)
    margin = int(np.ceil(4 * extent))
    left, low = column.min() - margin, row.min() - margin
    shape = int(row.max() - low + margin + 1), int(column.max() - left + margin + 1)
    across = np.floor((places[:, 0] - grid.origin_easting) / grid.size).astype(np.int64) - left
    up = np.floor((places[:, 1] - grid.origin_northing) / grid.size).astype(np.int64) - low
    inside = (across >= 0) & (across < shape[1]) & (up >= 0) & (up < shape[0])
    flat = np.bincount(up[inside] * shape[1] + across[inside], minlength=shape[0] * shape[1])
    smooth = ndimage.gaussian_filter(flat.reshape(shape).astype(np.float64), extent, mode="constant")
    out: Floats = smooth[row - low, column - left]
    return out
