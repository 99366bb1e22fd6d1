"""The true background intensity: how often each type happens on each street, and how that drifts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from peelian.domain.grid import Floats
from peelian.simulate.clock import Clock, hour_weights
from peelian.simulate.land import Land, smooth_field
from peelian.simulate.scenario import Component, Scenario
from peelian.simulate.streets import Streets

HOURS_A_MONTH = 365.25 * 24 / 12


@dataclass(frozen=True, eq=False)
class Plant:
    """A planted surprise: extra true events of component `k` on `streets` from hour `start` to `end`."""

    name: str
    kind: str
    k: int
    streets: np.ndarray
    place_class: int
    start: int
    end: int
    hourly: float


@dataclass(frozen=True, eq=False)
class Intensity:
    """Expected background events an hour = rate x drift x weight of the hour.

    Shapes: `rate` (K, S) true background events an hour; `drift` (M, S) by month, mean 1; `weights`
    (K, classes, H), mean 1 over the run; `branching` (K, K) mean children of type j per event of type k;
    `report` (K, C) probability that an event in a cell is reported (before any jump in practice).
    """

    rate: Floats
    drift: Floats
    weights: Floats
    branching: Floats
    report: Floats
    plants: tuple[Plant, ...]


def reporting(scenario: Scenario, land: Land) -> Floats:
    """Give the probability of reporting by component and cell: lower where deprivation is higher."""
    base = np.array([part.report for part in scenario.components.values()])
    slope = 0.0 if scenario.uniform else scenario.observation.report_slope
    logit = np.log(base / (1 - base))[:, None] + slope * land.deprivation[None, :]
    return np.asarray(1 / (1 + np.exp(-logit)), np.float64)


def branching_matrix(scenario: Scenario) -> Floats:
    """Give mean children by (parent type, child type); all zero when the scenario has no near repeat."""
    names = list(scenario.components)
    out = np.zeros((len(names), len(names)))
    if scenario.near_repeat and not scenario.uniform:
        for k, part in enumerate(scenario.components.values()):
            out[k, k] = part.branching
            for other, ratio in part.excites.items():
                out[k, names.index(other)] += ratio
    return out


def _field(rng: np.random.Generator, land: Land, width_km: float) -> Floats:
    _, _, columns, rows = land.box
    smooth = smooth_field(rng, (rows, columns), width_km * 4).ravel()[land.where]
    return np.asarray(smooth, np.float64)


def _shares(part: Component, streets: Streets, risk: Floats, rng: np.random.Generator) -> Floats:
    log = part.exposure * np.log(streets.people + 0.5) + risk[streets.cell]
    for name, beta in part.x.items():
        log = log + beta * streets.covariates[name]
    log = log + rng.normal(0.0, part.place_sd, len(log))
    share = np.exp(log - log.max())
    return np.asarray(share / share.sum(), np.float64)


def _drift(scenario: Scenario, streets: int, rng: np.random.Generator) -> Floats:
    sd, rho = scenario.fields.drift_sd, scenario.fields.drift_month
    out = np.empty((scenario.months, streets))
    state = rng.normal(0.0, sd, streets)
    for month in range(scenario.months):
        out[month] = state
        state = rho * state + rng.normal(0.0, sd * np.sqrt(1 - rho**2), streets)
    return np.asarray(np.exp(out - sd**2 / 2), np.float64)


def build_intensity(
    scenario: Scenario, land: Land, streets: Streets, clock: Clock, rng: np.random.Generator
) -> Intensity:
    """Draw the fields and scale each type so that the expected reported total is the scenario's."""
    parts = list(scenario.components.values())
    report = reporting(scenario, land)
    branching = branching_matrix(scenario)
    shared = scenario.fields.shared_sd * _field(rng, land, scenario.fields.width_km)
    share = np.empty((len(parts), len(streets.x)))
    for k, part in enumerate(parts):
        own = scenario.fields.own_sd * _field(rng, land, scenario.fields.width_km)
        share[k] = _shares(part, streets, shared + own, rng)
    if scenario.uniform:
        share[:] = 1.0 / (len(land.cells) * np.bincount(streets.cell)[streets.cell])
    mean_report = (share * report[:, streets.cell]).sum(axis=1)
    total = np.array([part.monthly for part in parts]) * scenario.scale / mean_report / HOURS_A_MONTH
    background = np.maximum(total - branching.T @ total, 0.0)
    weights = hour_weights(scenario, clock)
    if scenario.uniform:
        weights[:] = np.where(weights[:1, :1] > 0, 1.0, 0.0)
        drift = np.ones((scenario.months, len(streets.x)))
    else:
        drift = _drift(scenario, len(streets.x), rng)
    weights /= weights.mean(axis=2, keepdims=True)
    plants = () if scenario.uniform else _plants(scenario, land, streets, clock, mean_report)
    return Intensity(share * background[:, None], drift, weights, branching, report, plants)


def _plants(
    scenario: Scenario, land: Land, streets: Streets, clock: Clock, mean_report: Floats
) -> tuple[Plant, ...]:
    names = list(scenario.components)
    out = []
    for planted in scenario.planted:
        at = land.towns[planted.town] + np.asarray(planted.offset)
        distance = np.hypot(streets.x - at[0], streets.y - at[1])
        near = np.flatnonzero(distance <= planted.radius)
        near = near if len(near) else np.argsort(distance, kind="stable")[:1]
        last = len(clock.days)
        start = planted.from_ if planted.from_ >= 0 else max(last + planted.from_, 0)
        end = planted.to if planted.to > 0 else last + planted.to
        place_class = 0 if planted.kind == "opening" else 4
        for name in planted.components:
            k = names.index(name)
            hourly = planted.monthly[name] / mean_report[k] / HOURS_A_MONTH
            out.append(
                Plant(planted.name, planted.kind, k, near, place_class, 24 * start, 24 * end, float(hourly))
            )
    return tuple(out)
