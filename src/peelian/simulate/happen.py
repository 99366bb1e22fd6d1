"""What happens: background events drawn from the true intensity, and the events they trigger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from peelian.domain.grid import Floats
from peelian.simulate.clock import Clock
from peelian.simulate.intensity import Intensity
from peelian.simulate.land import Ints, Land
from peelian.simulate.scenario import Scenario
from peelian.simulate.streets import CLASSES, Streets

_JITTER = 25.0


@dataclass(frozen=True, eq=False)
class Happened:
    """Every true event, in time order. Shapes (N,).

    `k` component, `hour` hours of local time from the run's first midnight, `x`, `y` metres, `street` the
    nearest street, `cell` index into the land's cells, `parent` index of the event that triggered it or -1.
    """

    k: npt.NDArray[np.int16]
    hour: Floats
    x: Floats
    y: Floats
    street: Ints
    cell: Ints
    parent: Ints

    def __len__(self) -> int:
        return len(self.k)


def _times(cumulative: Floats, low: Ints, high: Ints, rng: np.random.Generator) -> Floats:
    """Draw an hour in [low, high) for each event, in proportion to the weights behind `cumulative`."""
    before, after = cumulative[low], cumulative[high]
    target = before + rng.random(len(low)) * (after - before)
    hour = np.searchsorted(cumulative, target, side="right") - 1
    return np.asarray(np.minimum(hour, high - 1) + rng.random(len(low)), np.float64)


def _background(
    intensity: Intensity, streets: Streets, clock: Clock, rng: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    """Draw (component, street, hour) of background events: a Poisson process, month by month."""
    edges = np.searchsorted(clock.month, np.arange(clock.months + 1))
    ks, places, hours = [], [], []
    members = [np.flatnonzero(streets.kind == c) for c in range(len(CLASSES))]
    for k in range(len(intensity.rate)):
        for c, inside in enumerate(members):
            cumulative = np.concatenate([[0.0], np.cumsum(intensity.weights[k, c])])
            weight = np.diff(cumulative[edges])
            mean = intensity.rate[k, inside] * intensity.drift[:, inside] * weight[:, None]
            count = rng.poisson(mean)
            month, place = np.nonzero(count)
            repeat = count[month, place]
            month, place = np.repeat(month, repeat), np.repeat(place, repeat)
            hours.append(_times(cumulative, edges[month], edges[month + 1], rng))
            places.append(inside[place])
            ks.append(np.full(len(place), k))
    for plant in intensity.plants:
        cumulative = np.concatenate([[0.0], np.cumsum(intensity.weights[plant.k, plant.place_class])])
        n = int(rng.poisson(plant.hourly * (cumulative[plant.end] - cumulative[plant.start])))
        hours.append(_times(cumulative, np.full(n, plant.start), np.full(n, plant.end), rng))
        places.append(rng.choice(plant.streets, size=n))
        ks.append(np.full(n, plant.k))
    return np.concatenate(ks), np.concatenate(places), np.concatenate(hours)


def _children(
    scenario: Scenario,
    branching: Floats,
    k: Ints,
    hour: Floats,
    xy: Floats,
    hours: int,
    rng: np.random.Generator,
) -> tuple[Ints, Ints, Floats, Floats]:
    """Draw one generation: (index of parent, component, hour, point) of the events triggered in the run.

    Lags are exponential and steps Gaussian (methods section 4; Mohler et al. 2011 use the same forms).
    """
    parts = list(scenario.components.values())
    found = []
    for child, parent_type in zip(*np.nonzero(branching.T), strict=True):
        parents = np.flatnonzero(k == parent_type)
        number = rng.poisson(branching[parent_type, child], len(parents))
        parent = np.repeat(parents, number)
        lag = rng.exponential(parts[child].tau * 24, len(parent))
        step = rng.normal(0.0, parts[child].sigma, (len(parent), 2))
        keep = hour[parent] + lag < hours
        found.append(
            (
                parent[keep],
                np.full(int(keep.sum()), child),
                (hour[parent] + lag)[keep],
                (xy[parent] + step)[keep],
            )
        )
    if not found:
        return np.empty(0, int), np.empty(0, int), np.empty(0), np.empty((0, 2))
    parent, kind, when, where = (np.concatenate(part) for part in zip(*found, strict=True))
    return parent, kind, when, where


def happen(
    scenario: Scenario,
    land: Land,
    streets: Streets,
    clock: Clock,
    intensity: Intensity,
    rng: np.random.Generator,
) -> Happened:
    """Draw all true events: background, then generation after generation of triggered ones.

    A triggered event that would fall in the sea happens where its parent did. In a uniform world an event
    keeps to its street's cell, or cells with streets by their edges would lend to the next and not be alike.
    """
    k, street, hour = _background(intensity, streets, clock, rng)
    xy = np.column_stack([streets.x[street], streets.y[street]]) + rng.uniform(-_JITTER, _JITTER, (len(k), 2))
    cell = land.index_of(xy[:, 0], xy[:, 1])
    away = cell != streets.cell[street] if scenario.uniform else cell < 0
    xy[away] = np.column_stack([streets.x, streets.y])[street[away]]
    xy = _one_metre(xy)
    tree = cKDTree(np.column_stack([streets.x, streets.y]))
    all_k, all_street, all_hour, all_xy = [k], [street], [hour], [xy]
    all_parent = [np.full(len(k), -1)]
    offset = 0
    while len(k):
        parent, kind, when, where = _children(scenario, intensity.branching, k, hour, xy, clock.hours, rng)
        where = _one_metre(where)
        at_sea = land.index_of(where[:, 0], where[:, 1]) < 0
        where[at_sea] = xy[parent[at_sea]]
        nearest = np.asarray(tree.query(where)[1], np.int64) if len(where) else np.empty(0, np.int64)
        all_parent.append(parent + offset)
        offset += len(k)
        k, hour, xy = kind, when, where
        all_k.append(k)
        all_street.append(nearest)
        all_hour.append(hour)
        all_xy.append(xy)
    return _in_order(land, all_k, all_street, all_hour, all_xy, all_parent)


def _one_metre(xy: Floats) -> Floats:
    return np.asarray(np.floor(xy) + 0.5, np.float64)


def _in_order(land: Land, k: list, street: list, hour: list, xy: list, parent: list) -> Happened:  # type: ignore[type-arg]
    ks, when, points = np.concatenate(k), np.concatenate(hour), np.concatenate(xy)
    order = np.argsort(when, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    parents = np.concatenate(parent)[order]
    parents = np.where(parents >= 0, rank[np.maximum(parents, 0)], -1)
    x, y = points[order, 0], points[order, 1]
    return Happened(
        ks[order].astype(np.int16), when[order], x, y, np.concatenate(street)[order].astype(np.int64),
        land.index_of(x, y), parents,
    )  # fmt: skip
