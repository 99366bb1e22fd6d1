"""What draws people: town centres, stations, schools, pubs, parks and the stadium."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import Floats
from peelian.simulate.land import Land
from peelian.simulate.names import pub_names
from peelian.simulate.scenario import Geography

REACH: dict[str, float] = {
    "centre": 380.0, "station": 130.0, "school": 160.0, "pub": 90.0, "park": 220.0, "stadium": 350.0,
}  # fmt: skip
"""How far each kind is felt, metres [assumption]: influence falls as a Gaussian of this width."""


@dataclass(frozen=True, eq=False)
class Facilities:
    """Points by kind, (K, 2) metres EPSG:27700, with a name each."""

    at: dict[str, Floats]
    names: dict[str, list[str]]


def _crowded(land: Land, n: int, rng: np.random.Generator, power: float = 1.0) -> Floats:
    weight = land.people**power
    picked = rng.choice(len(land.cells), size=n, p=weight / weight.sum())
    x, y = GRID.corner(land.cells[picked])
    out: Floats = np.column_stack([x, y]) + rng.uniform(20, 230, (n, 2))
    return out


def build_facilities(geography: Geography, land: Land, rng: np.random.Generator) -> Facilities:
    """Place facilities: numbers per head are assumptions, written in docs/simulator.md."""
    total = float(land.people.sum())
    towns = geography.towns
    big = [k for k, town in enumerate(towns) if town.people >= 100_000]
    districts = _crowded(land, max(1, round(total / 60_000)), rng)
    pubs_in_centre = [
        land.towns[k] + rng.normal(0, 330, (max(3, round(town.people / 9_000)), 2))
        for k, town in enumerate(towns)
    ]
    pubs = np.vstack([*pubs_in_centre, _crowded(land, max(2, round(total / 5_000)), rng, 0.8)])
    stations = np.vstack(
        [land.towns + rng.uniform(-350, 350, land.towns.shape)]
        + [land.towns[[k]] + rng.uniform(-0.7, 0.7, (2, 2)) * land.radius[k] for k in big]
    )
    at = {
        "centre": np.vstack([land.towns, districts]),
        "station": stations,
        "school": _crowded(land, max(3, round(total / 7_500)), rng, 0.9),
        "pub": pubs,
        "park": _crowded(land, max(2, round(total / 15_000)), rng, 0.6),
        "stadium": np.vstack(
            [land.towns[k] + 0.45 * land.radius[k] for k, town in enumerate(towns) if town.stadium]
            or [np.empty((0, 2))]
        ),
    }
    order = [town.name for town in towns]
    names = {
        kind: [f"{kind.capitalize()} {i + 1}" for i in range(len(points))] for kind, points in at.items()
    }
    names["centre"] = [f"{name} centre" for name in order] + [
        f"District centre {i + 1}" for i in range(len(districts))
    ]
    names["station"] = [f"{name} station" for name in order] + [
        f"Halt {i + 1}" for i in range(len(stations) - len(order))
    ]
    names["pub"] = pub_names(len(pubs), rng)
    return Facilities(at, names)


def influence(points: Floats, facilities: Facilities, kind: str) -> Floats:
    """Give each point's nearness to a kind, 0 to 1, from the nearest of it."""
    places = facilities.at[kind]
    if not len(places):
        return np.zeros(len(points))
    distance, _ = cKDTree(places).query(points)
    out: Floats = np.exp(-0.5 * (distance / REACH[kind]) ** 2)
    return out
