"""The land: an invented island, its people and its deprivation, on the cells of the national grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import Cells, Floats
from peelian.simulate.scenario import Geography

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Land:
    """Cells of the island, sorted by id. Coordinates in metres, EPSG:27700.

    Shapes: `cells`, `people`, `deprivation` (z score), `town` (index of the nearest town, -1 rural) all (C,);
    `boundary` (B, 2) the coast; `box` the lattice's (first column, first row, columns, rows) around it and
    `where` the flat index of each cell in that box.
    """

    cells: Cells
    people: Floats
    deprivation: Floats
    town: Ints
    towns: Floats
    radius: Floats
    boundary: Floats
    box: tuple[int, int, int, int]
    where: Ints

    def index_of(self, x: Floats, y: Floats) -> Ints:
        """Give each point's cell as an index into `cells`, -1 off the land."""
        ids = GRID.cell_of(x, y)
        found = np.minimum(np.searchsorted(self.cells, ids), len(self.cells) - 1)
        out: Ints = np.where(self.cells[found] == ids, found, -1)
        return out


def smooth_field(rng: np.random.Generator, shape: tuple[int, int], cells: float) -> Floats:
    """Give a stationary Gaussian field of mean 0 and sd 1, with a Gaussian kernel of `cells` cells."""
    noise = ndimage.gaussian_filter(rng.standard_normal(shape), cells, mode="wrap")
    out: Floats = (noise - noise.mean()) / noise.std()
    return out


def _coast(rng: np.random.Generator, centre: tuple[float, float], axes: tuple[float, float]) -> Floats:
    angle = np.linspace(0, 2 * np.pi, 241)[:-1]
    radius = np.ones_like(angle)
    for k in range(2, 9):
        radius += 0.16 / k * np.cos(k * angle + rng.uniform(0, 2 * np.pi))
    radius /= radius.max()
    points = np.column_stack([axes[0] * radius * np.cos(angle), axes[1] * radius * np.sin(angle)])
    out: Floats = np.round(points + np.asarray(centre), 1)
    return np.vstack([out, out[:1]])


def _inside(x: Floats, y: Floats, coast: Floats) -> npt.NDArray[np.bool_]:
    out: npt.NDArray[np.bool_] = shapely.contains_xy(shapely.Polygon(coast), x, y)
    return out


def build_land(geography: Geography, rng: np.random.Generator) -> Land:
    """Lay out coast, towns, people (crowded in towns, thin outside) and a smooth deprivation field."""
    coast = _coast(rng, geography.centre, geography.half_axes)
    low, high = coast.min(axis=0), coast.max(axis=0)
    first = np.floor(low / GRID.size).astype(int)
    count = np.floor(high / GRID.size).astype(int) - first + 1
    columns, rows = int(count[0]), int(count[1])
    column, row = np.meshgrid(np.arange(columns), np.arange(rows))
    x = (first[0] + column + 0.5) * GRID.size
    y = (first[1] + row + 0.5) * GRID.size
    shape = (rows, columns)
    land = _inside(x.ravel(), y.ravel(), coast)
    towns = np.array([town.at for town in geography.towns]) + np.asarray(geography.centre)
    crowd = np.array([town.people for town in geography.towns], float)
    radius = np.sqrt(crowd / (np.pi * geography.people_per_km2)) * 1000
    rough = np.exp(0.45 * smooth_field(rng, shape, 1.2)).ravel()
    people = np.zeros(rows * columns)
    near = np.full(rows * columns, np.inf)
    town = np.full(rows * columns, -1)
    for k in range(len(towns)):
        distance = np.hypot(x - towns[k, 0], y - towns[k, 1]).ravel() / radius[k]
        weight = rough * land / (1 + distance**8)
        people += crowd[k] * weight / weight.sum()
        town[(distance < near) & (distance < 1.25)] = k
        near = np.minimum(near, distance)
    rural = rough**2 * land
    people += geography.rural_people * rural / rural.sum()
    width = geography.deprivation_km * 1000 / GRID.size
    deprived = smooth_field(rng, shape, width).ravel() + 0.8 * np.exp(-((near / 0.8) ** 2))
    where = np.flatnonzero(land)
    cells = (first[1] + where // columns) * GRID.columns + first[0] + where % columns
    deprived = deprived[where]
    mean = np.average(deprived, weights=people[where])
    sd = np.sqrt(np.average((deprived - mean) ** 2, weights=people[where]))
    return Land(
        cells.astype(np.int64), people[where], (deprived - mean) / sd, town[where], towns, radius, coast,
        (int(first[0]), int(first[1]), columns, rows), where,
    )  # fmt: skip


def build_lsoas(land: Land, wanted: int) -> Ints:
    """Cut the land into `wanted` areas of about equal population by halving; give each cell's area index."""
    x, y = GRID.centre(land.cells)
    out = np.zeros(len(land.cells), np.int64)
    stack: list[tuple[Ints, int]] = [(np.arange(len(land.cells)), wanted)]
    made = 0
    while stack:
        members, parts = stack.pop()
        if parts <= 1 or len(members) <= 1:
            out[members] = made
            made += 1
            continue
        spread_x, spread_y = np.ptp(x[members]), np.ptp(y[members])
        along = x if spread_x >= spread_y else y
        order = members[np.lexsort((members, along[members]))]
        left = parts // 2
        share = np.cumsum(land.people[order])
        cut = int(np.searchsorted(share, share[-1] * left / parts)) + 1
        cut = min(max(cut, 1), len(order) - 1)
        stack.append((order[cut:], parts - left))
        stack.append((order[:cut], left))
    return out
