"""The truth: what the rate really was by cell, type and period, and which event triggered which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import ndtr

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.grid import Floats
from peelian.domain.time import Every, floor_period
from peelian.simulate.land import Ints
from peelian.simulate.observe import report_probability
from peelian.simulate.published import first_instant
from peelian.simulate.streets import CLASSES
from peelian.simulate.world import World

_TAIL = 8.0  # time constants after which a trigger is spent


@dataclass(frozen=True, eq=False)
class Truth:
    """True rates. Shapes: `starts` P period starts; arrays (K, P, C) over components, periods, land cells.

    `background` expected background events; `triggered` the conditional expectation given every earlier
    event (the compensator of the triggering part); `recorded` their sum times the chance of a published
    record: zero where a district is silent.
    """

    starts: tuple[date, ...]
    components: tuple[str, ...]
    cells: Ints
    background: Floats
    triggered: Floats
    recorded: Floats


def _periods(world: World, every: Every) -> tuple[tuple[date, ...], Ints]:
    """Give the period starts and the period of each hour."""
    day_start = [floor_period(day, every) for day in world.clock.days]
    starts = tuple(sorted(set(day_start)))
    index = {day: k for k, day in enumerate(starts)}
    return starts, np.repeat(np.array([index[day] for day in day_start]), 24)


def background(world: World, every: Every) -> Floats:
    """Give expected background events, (K, P, C): rate x drift x the weights of the period's hours."""
    starts, period = _periods(world, every)
    intensity, streets, month = world.intensity, world.streets, world.clock.month
    kinds, cells = len(intensity.rate), len(world.land.cells)
    out = np.zeros((kinds, len(starts), cells))
    piece, first = np.unique(month * len(starts) + period, return_index=True)
    bounds = np.append(first, len(month))
    members = [np.flatnonzero(streets.kind == c) for c in range(len(CLASSES))]
    for k in range(kinds):
        for c, inside in enumerate(members):
            if not len(inside):
                continue
            here, back = np.unique(streets.cell[inside], return_inverse=True)
            weight = np.add.reduceat(intensity.weights[k, c], bounds[:-1])
            for m in range(world.clock.months):
                mean = np.bincount(back, intensity.rate[k, inside] * intensity.drift[m, inside], len(here))
                for j in np.flatnonzero(piece // len(starts) == m):
                    out[k, piece[j] % len(starts), here] += mean * weight[j]
    for plant in intensity.plants:
        hours = np.arange(plant.start, plant.end)
        mean = np.bincount(
            period[hours], plant.hourly * intensity.weights[plant.k, plant.place_class, hours], len(starts)
        )
        for street in plant.streets:
            out[plant.k, :, streets.cell[street]] += mean / len(plant.streets)
    return out


def _spread(world: World, events: Ints, sigma: float) -> tuple[Ints, Floats]:
    """Give, for each event, the cells its triggered events may fall in and the mass in each."""
    reach = 1 if sigma < 80 else 2
    x, y = world.events.x[events], world.events.y[events]
    column, row = np.floor(x / GRID.size), np.floor(y / GRID.size)
    offsets = np.arange(-reach, reach + 2)
    edge_x = ndtr(((column[:, None] + offsets) * GRID.size - x[:, None]) / sigma)
    edge_y = ndtr(((row[:, None] + offsets) * GRID.size - y[:, None]) / sigma)
    mass = np.diff(edge_x)[:, None, :] * np.diff(edge_y)[:, :, None]
    mass /= mass.sum(axis=(1, 2), keepdims=True)
    steps = np.arange(-reach, reach + 1)
    ids = (row[:, None] + steps)[:, :, None] * GRID.columns + (column[:, None] + steps)[:, None, :]
    found = np.minimum(np.searchsorted(world.land.cells, ids), len(world.land.cells) - 1)
    cell = np.where(world.land.cells[found] == ids, found, world.events.cell[events][:, None, None])
    return cell.reshape(len(events), -1).astype(np.int64), mass.reshape(len(events), -1)


def triggered(world: World, every: Every, *, foreseeable: bool = False) -> Floats:
    """Give the expected triggered events, (K, P, C), given all events that happened before each moment.

    With `foreseeable`, given only those that happened before each period.
    """
    starts, period = _periods(world, every)
    edges = np.searchsorted(period, np.arange(len(starts) + 1)).astype(float)
    parts = list(world.scenario.components.values())
    cells = len(world.land.cells)
    out = np.zeros((len(parts), len(starts), cells))
    for parent_type, child in zip(*np.nonzero(world.intensity.branching), strict=True):
        events = np.flatnonzero(world.events.k == parent_type)
        hour, tau = world.events.hour[events], parts[child].tau * 24
        cell, mass = _spread(world, events, parts[child].sigma)
        for p in range(len(starts)):
            last = edges[p] if foreseeable else edges[p + 1]
            low, high = np.searchsorted(hour, (edges[p] - _TAIL * tau, last))
            part = slice(int(low), int(high))
            lag_a = np.maximum(edges[p] - hour[part], 0.0)
            share = np.exp(-lag_a / tau) - np.exp(-(edges[p + 1] - hour[part]) / tau)
            weight = mass[part] * (world.intensity.branching[parent_type, child] * share)[:, None]
            out[child, p] += np.bincount(cell[part].ravel(), weight.ravel(), cells)
    return out


def build_truth(world: World, every: Every = "month", *, foreseeable: bool = False) -> Truth:
    """Give the true rates by component, period and land cell.

    With `foreseeable` only what happened before a period triggers in it: what the best forecast could know.
    """
    starts, period = _periods(world, every)
    base, extra = background(world, every), triggered(world, every, foreseeable=foreseeable)
    recorded = np.empty_like(base)
    month_of = world.clock.month[np.searchsorted(period, np.arange(len(starts)))]
    cell = np.arange(len(world.land.cells))
    for k in range(len(base)):
        for p, month in enumerate(month_of):
            chance = report_probability(
                world.scenario, world.intensity, np.full_like(cell, month), np.full_like(cell, k), cell
            )
            recorded[k, p] = (base[k, p] + extra[k, p]) * chance * ~world.silent
    return Truth(starts, tuple(world.scenario.components), world.land.cells, base, extra, recorded)


def recorded_counts(world: World, every: Every = "month") -> Ints:
    """Give the published records by true cell, (K, P, C), to score against `Truth.recorded`."""
    starts, period = _periods(world, every)
    shape = (len(world.scenario.components), len(starts), len(world.land.cells))
    keep = world.published
    events = world.events
    when = period[events.hour[keep].astype(np.int64)]
    flat = np.ravel_multi_index((events.k[keep].astype(np.int64), when, events.cell[keep]), shape)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)


def truth_frame(world: World, truth: Truth, every: Every) -> pl.DataFrame:
    """Give the truth as rows: period_start, cell, component, group, three rates, and published records."""
    kinds, periods, cells = truth.background.shape
    names = pl.Series(list(truth.components), dtype=pl.Enum(list(truth.components)))
    groups = pl.Series([part.group for part in world.scenario.components.values()])
    k = pl.Series(np.repeat(np.arange(kinds), periods * cells))
    return pl.DataFrame(
        {
            "period_start": pl.Series(truth.starts).gather(
                np.tile(np.repeat(np.arange(periods), cells), kinds)
            ),
            "cell": np.tile(truth.cells, kinds * periods),
            "component": names.gather(k),
            "group": groups.cast(pl.Enum(groups.unique().sort())).gather(k),
            "background": truth.background.ravel().astype(np.float32),
            "triggered": truth.triggered.ravel().astype(np.float32),
            "recorded": truth.recorded.ravel().astype(np.float32),
            "records": recorded_counts(world, every).ravel().astype(np.int32),
        }
    )


def events_frame(world: World) -> pl.DataFrame:
    """Give every true event: component, time, place, parent (null for background), reported, published."""
    events = world.events
    names = list(world.scenario.components)
    minutes = pl.Series(np.floor(events.hour * 60).astype(np.int64) * 60_000).cast(pl.Duration("ms"))
    parent = pl.Series(events.parent)
    return pl.DataFrame(
        {
            "event": np.arange(len(events)),
            "component": pl.Series(names, dtype=pl.Enum(names)).gather(events.k.astype(np.int64)),
            "local_time": minutes + first_instant(world),
            "easting": events.x, "northing": events.y,
            "cell": world.land.cells[events.cell],
            "parent": pl.select(pl.when(parent >= 0).then(parent)).to_series(),
            "knife": world.observed.knife,
            "reported": world.observed.reported, "published": world.published,
        }
    )  # fmt: skip


def write_truth(world: World, out: Path, every: Every) -> tuple[Path, Path]:
    """Write `truth.parquet` (rates) and `truth_events.parquet` (every event, with its parent)."""
    rates, events = out / "truth.parquet", out / "truth_events.parquet"
    truth_frame(world, build_truth(world, every), every).write_parquet(rates)
    events_frame(world).write_parquet(events)
    return rates, events
