"""Streets: the places where events happen. Each is a point with a name, a class and covariates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import Floats
from peelian.simulate.facilities import REACH, Facilities, influence
from peelian.simulate.land import Ints, Land
from peelian.simulate.names import street_names
from peelian.simulate.scenario import Geography

CLASSES = ("centre", "station", "school", "stadium", "other")
"""Place classes: they decide the hours of the week. `other` is everywhere else."""


@dataclass(frozen=True, eq=False)
class Streets:
    """Streets sorted by cell. Shapes (S,): `x`, `y` metres, `cell` index into the land's cells, `people`,
    `kind` index into CLASSES; `covariates` by name, each (S,)."""

    x: Floats
    y: Floats
    cell: Ints
    people: Floats
    names: npt.NDArray[np.object_]
    kind: Ints
    covariates: dict[str, Floats]


def build_streets(
    geography: Geography, land: Land, facilities: Facilities, rng: np.random.Generator
) -> Streets:
    """Give every cell of people its streets, more where more live, and at least one in each cell."""
    expected = land.people / geography.people_per_street
    count = np.clip(1 + rng.poisson(np.maximum(expected - 1, 0)), 1, 60)
    cell = np.repeat(np.arange(len(land.cells)), count)
    corner_x, corner_y = GRID.corner(land.cells[cell])
    x = np.round(corner_x + rng.uniform(4, 246, len(cell)), 1)
    y = np.round(corner_y + rng.uniform(4, 246, len(cell)), 1)
    share = rng.gamma(3.0, 1.0, len(cell))
    people = land.people[cell] * share / np.bincount(cell, share)[cell]
    points = np.column_stack([x, y])
    covariates = {kind: influence(points, facilities, kind) for kind in REACH}
    covariates["deprivation"] = land.deprivation[cell]
    kind = np.full(len(cell), CLASSES.index("other"))
    for name in ("stadium", "school", "station", "centre"):
        kind[covariates[name] > 0.5] = CLASSES.index(name)
    named = np.where(covariates["centre"] > 0.4, 1, np.where(land.town[cell] >= 0, 0, 2))
    names = np.array(street_names(named, rng), object)
    return Streets(x, y, cell, people, names, kind, covariates)
